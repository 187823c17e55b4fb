"""Who a visit is of: persons and cases in scope and open to the actor, and which days are possible for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid, NotFound
from caseapp.core.text import _l
from caseapp.models.casework import Case, Client, Enrolment
from caseapp.queries.casework import visits as q
from caseapp.schemas.casework.visit import (
    RecordVisit,
    Seen,
)

STRICT = ("P1", "P2", "minor", "P3")


@dataclass(frozen=True)
class Party:
    """One person of a visit with the rows that belong to it."""

    seen: Seen
    client: Client
    case: Case | None
    field: str | None = None  # where a message about this person goes, when not at the field itself


def parties_of(seen: Sequence[Seen], actor: Actor) -> list[Party]:
    """The persons and cases of a visit, each in scope and open to the actor."""
    ids = [s.client_id for s in seen if s.client_id]
    if len(set(ids)) != len(ids):
        raise Invalid(_l("The same person stands here twice."), "others")
    people, cases = q.clients(ids), q.cases(s.case_id for s in seen if s.case_id)
    found = []
    for one in seen:
        client = people.get(one.client_id) if one.client_id else None
        if client is None:
            raise NotFound()
        policy.require(actor, P.VISIT_WRITE, client)
        found.append(Party(one, client, _case(one, client, cases, actor)))
    return found


def is_about(case: Case, client: Client) -> bool:
    """Whether a case is the person's own or the household's."""
    return case.client_id == client.id or (case.household_id is not None and case.household_id == client.household_id)


def _case(seen: Seen, client: Client, cases: dict[UUID, Case], actor: Actor) -> Case | None:
    if seen.case_id is None:
        return None
    case = cases.get(seen.case_id)
    if case is None or not is_about(case, client):
        raise Invalid(_l("This case is not about this person."), "case_id")
    policy.require(actor, P.VISIT_WRITE, case)
    return case


def check_day(day: date, parties: Sequence[Party]) -> None:
    """Refuses a day that cannot be: ahead, before birth, after death, not on file, case already closed."""
    if day > clock.today():
        raise Invalid(_l("This day is still to come. Record a visit after it took place."), "happened_on")
    stays = q.enrolments(p.client.id for p in parties)
    for party in parties:
        problem = day_problem(day, party, stays.get(party.client.id, []))
        if problem is not None:
            raise Invalid(problem, "happened_on")


def day_problem(day: date, party: Party, stays: Sequence[Enrolment]) -> Any:
    """Why a visit of this person cannot have been on that day, or None."""
    client, case = party.client, party.case
    if client.birth_on and client.birth_on > day:
        return _l("This day lies before the birth of the person.")
    if client.deceased_on and client.deceased_on < day and party.seen.outcome != "deceased":
        return _l("This day lies after the death of the person.")
    if not any(stay.from_on <= day and (stay.to_on is None or day <= stay.to_on) for stay in stays):
        return _l("The person was not on file here on that day.")
    if case is not None and case.status in ("closed", "archived", "declined", "referred_out"):
        ended = case.closed_on
        if ended is None or day > ended:
            return _l("The case was closed by that day. Begin the follow-up, re-open it, or record the visit without a case.")
    return None


def _check_time(command: RecordVisit) -> None:
    if command.began_at and command.happened_on == clock.today() and command.began_at > clock.local(clock.now()).time():
        raise Invalid(_l("This time is still to come."), "began_at")
