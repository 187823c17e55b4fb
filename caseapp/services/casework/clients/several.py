"""One act for several persons, all or nothing: who it is for and who is refused and why is said before, by the same judgement.

Who is not in the reader's sight is not spoken of at all: a restricted file or another station's looks like a tick that was not set.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Enrolment, Handover, TargetTag
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import consents
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.client.enrolment import EndEnrolment
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.casework.client.several import AssignSeveral, EndSeveral, Seen, TagSeveral
from caseapp.schemas.casework.handover import HandOver
from caseapp.services.casework.clients import enrolments, tags
from caseapp.services.casework.handovers import offer
from caseapp.services.casework.handovers.rows import OPEN

CHANGED = _l("changed meanwhile")
NOT_ON_FILE = _l("not on file now")


@dataclass(frozen=True)
class Judged:
    """A person, and why the act is refused for them; None where it is not."""

    client: Client
    why: Any = None


def in_sight(ids: Iterable[UUID]) -> list[Client]:
    """Those of the persons whose line the reader sees, by name."""
    query = select(Client).where(Client.id.in_(sorted(set(ids)))).order_by(Client.name_key, Client.id)
    return list(db.session.scalars(query))


def judge_assign(command: AssignSeveral, actor: Actor) -> list[Judged]:
    """Who goes to another worker. Needs case:assign; refuses a worker who is not of the station."""
    policy.require(actor, Permission.CASE_ASSIGN)
    found = in_sight(one.id for one in command.persons)
    for path in {row.station_path for row in found}:
        if not workers.works_at(command.worker_id, path):
            raise Invalid(_l("This person does not work at this station."), "worker_id")

    def why(row: Client) -> Any:
        return _l("is this worker's already") if row.worker_id == command.worker_id else None

    return _judged(found, command.persons, why)


def judge_tag(command: TagSeveral, actor: Actor) -> list[Judged]:
    """Who comes into a target group. Needs client:write; a worker's own persons only, the head anybody's."""
    policy.require(actor, Permission.CLIENT_WRITE)
    found = in_sight(one.id for one in command.persons)
    ids = sorted(row.id for row in found)
    holding = select(TargetTag.client_id).where(
        TargetTag.client_id.in_(ids),
        TargetTag.code == command.code,
        TargetTag.to_on.is_(None),
        TargetTag.case_id.is_(None),
        TargetTag.status != "cancelled",
    )
    have, without = set(db.session.scalars(holding)), set(consents.taken_back(ids))

    def why(row: Client) -> Any:
        if not actor.may(Permission.CASE_ASSIGN) and not actor.is_in_charge(row.worker_id, row.klass):
            return _l("somebody else is responsible")
        if not policy.is_open(actor, row):
            return _l("the file is closed to you: say a purpose first")
        if row.id in have:
            return _l("is in this group already")
        return _l("the consent was taken back") if row.id in without else None

    return _judged(found, command.persons, why)


def judge_end(command: EndSeveral, actor: Actor) -> list[Judged]:
    """Whose stay ends. For the head; refuses who has an open case, and a day before the stay began."""
    policy.require(actor, Permission.CASE_ASSIGN)
    policy.require(actor, Permission.CLIENT_END)
    found = in_sight(one.id for one in command.persons)
    ids = sorted(row.id for row in found)
    working = set(db.session.scalars(select(Case.client_id).where(Case.client_id.in_(ids), Case.status.in_(LIVE))))
    stays = select(Enrolment.client_id, Enrolment.from_on).where(Enrolment.client_id.in_(ids), Enrolment.to_on.is_(None))
    began = {row.client_id: row.from_on for row in db.session.execute(stays)}

    def why(row: Client) -> Any:
        if row.id in working:
            return _l("has an open case")
        if row.id not in began:
            return NOT_ON_FILE
        return _l("came on file after this day") if command.to_on < began[row.id] else None

    return _judged(found, command.persons, why)


def assign(command: AssignSeveral, judged: Sequence[Judged], actor: Actor) -> Handover:
    """Carries out what was judged: an order of the head, which can be taken back within a week."""
    going = _all_right(judged)
    files: list[UUID] = []
    if command.with_cases:
        ids = [row.id for row in going]
        query = select(Case).where(Case.client_id.in_(ids), Case.status.in_(OPEN)).order_by(Case.id)
        workers_of = {row.id: row.worker_id for row in going}
        files = [case.id for case in db.session.scalars(query) if case.worker_id == workers_of[case.client_id]]  # type: ignore[index]
    wanted = HandOver(command.worker_id, command.reason, tuple(row.id for row in going), tuple(files))
    return offer.order(wanted, actor)


def tag(command: TagSeveral, judged: Sequence[Judged], actor: Actor) -> None:
    """Carries out what was judged."""
    for row in _all_right(judged):
        tags.add(AddTag(command.code, command.from_on, command.status, command.basis), row, actor)


def end(command: EndSeveral, judged: Sequence[Judged], actor: Actor) -> None:
    """Carries out what was judged."""
    for row in _all_right(judged):
        enrolments.end(EndEnrolment(command.reason, command.to_on, command.note, row.version), row, actor)


def _judged(found: list[Client], seen: Iterable[Seen], why: Callable[[Client], Any]) -> list[Judged]:
    versions = {one.id: one.version for one in seen}
    return [
        Judged(row, CHANGED if row.version != versions[row.id] else NOT_ON_FILE if row.state != "on_file" else why(row))
        for row in found
    ]


def _all_right(judged: Sequence[Judged]) -> list[Client]:
    """Everybody, where nobody is refused; else the whole act is."""
    if not judged or any(one.why is not None for one in judged):
        raise Conflict(_l("Somebody in this list cannot be taken. Look at the list again."), code="wrong_state")
    return [one.client for one in judged]
