"""A round: visits to several persons on one way, saved together or not at all."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Forbidden, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Visit
from caseapp.queries.casework import due as due_rules
from caseapp.queries.casework import visits as q
from caseapp.queries.casework.consents import taken_back
from caseapp.schemas.casework.visit import MET, RecordRound, RecordVisit, Seen
from caseapp.services.casework import due, protocols, services
from caseapp.services.casework.visits import Party, day_problem, death_task, is_about, write_visit
from caseapp.services.trust import audit


def record_round(command: RecordRound, actor: Actor) -> tuple[UUID, list[Visit]]:
    """Each person has a visit of their own, all with one round id; minutes are shared out over them.

    Whoever may write visits of every person. Refuses all when one row cannot be: the messages say which rows
    (`persons` → place → field). Leaves service records, tasks after a death, and new due dates.
    """
    if not actor.may(P.VISIT_WRITE):
        raise Forbidden()
    if command.happened_on > clock.today():
        raise Invalid(_l("This day is still to come. Record a visit after it took place."), "happened_on")
    parties = _checked(command, actor)
    round_id = uuid7()
    visits = []
    for party, minutes in zip(parties, services.shared_out(command.minutes, len(parties)), strict=True):
        seen = party.seen
        one = RecordVisit(
            outcome=seen.outcome,
            happened_on=command.happened_on,
            kind=command.kind,
            minutes=minutes or None,
            companions=command.companions,
            note=seen.note,
        )
        alone = replace(party, seen=replace(seen, note=None))
        visit = write_visit(one, [alone], actor, round_id=round_id)
        visits.append(visit)
    db.session.flush()  # records of services point to them
    for party, visit in zip(parties, visits, strict=True):
        if party.seen.outcome in MET:
            services.of_visit(visit, [party], command.services, actor)
        death_task(party, actor)
    due.plan_visit([row for p in parties for row in (p.client, p.case) if row is not None], None)
    protocols.met([p.client.id for p in parties if p.seen.outcome == due_rules.MET], command.happened_on, actor)
    due.refresh_all([p.client for p in parties])
    for visit in visits:
        audit.record(db.session, "visit.recorded", visit)
    audit.record(db.session, "round.recorded")
    db.session.flush()
    return round_id, visits


def _checked(command: RecordRound, actor: Actor) -> list[Party]:
    """The persons of the round; Invalid with a message at every row that cannot be."""
    people = q.clients(s.client_id for s in command.persons if s.client_id)
    gone = taken_back(people)
    cases = q.cases(s.case_id for s in command.persons if s.case_id)
    stays = q.enrolments(people)
    wrong: dict[int, dict[str, list[Any]]] = {}
    parties: list[Party] = []
    met_before: set[UUID] = set()
    for place, seen in enumerate(command.persons):
        problem = _problem(seen, people, cases, met_before, actor)
        if problem is None and seen.client_id in gone:
            problem = "client_id", _l("The consent was taken back. Record another lawful ground first, or end the stay on file.")
        if problem is None and seen.client_id:
            client = people[seen.client_id]
            party = Party(seen, client, cases.get(seen.case_id) if seen.case_id else None)
            problem_of_day = day_problem(command.happened_on, party, stays.get(client.id, []))
            problem = ("outcome", problem_of_day) if problem_of_day else None
            parties.append(party)
            met_before.add(client.id)
        if problem is not None:
            wrong[place] = {problem[0]: [problem[1]]}
    if wrong:
        raise Invalid(fields={"persons": wrong})
    return parties


def _problem(
    seen: Seen, people: dict[UUID, Any], cases: dict[UUID, Case], before: set[UUID], actor: Actor
) -> tuple[str, Any] | None:
    client = people.get(seen.client_id) if seen.client_id else None
    if client is None:
        return "client_id", _l("This person is not on file here.")
    if client.id in before:
        return "client_id", _l("The same person stands here twice.")
    if not policy.may(actor, P.VISIT_WRITE, client):
        return "client_id", _l("The file of this person must be opened first, with a purpose.")
    case = cases.get(seen.case_id) if seen.case_id else None
    if seen.case_id and (case is None or not is_about(case, client) or not policy.may(actor, P.VISIT_WRITE, case)):
        return "case_id", _l("This case is not about this person.")
    return None
