"""The team of a case: who is responsible, who works along; kept with the open list of restricted and minors' files."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseMember, Task
from caseapp.schemas.casework.case import AssignCase
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import events
from caseapp.services.casework.clients import access
from caseapp.services.casework.handovers import waiting
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def join(case: Case, user_id: UUID, part: str, actor: Actor) -> CaseMember:
    """Puts a user on the team."""
    member = CaseMember(
        case_id=case.id,
        user_id=user_id,
        part=part,
        from_on=clock.today(),
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    member.belongs_to(case)
    db.session.add(member)
    return member


def assign(command: AssignCase, case: Case, actor: Actor) -> Case:
    """Another worker is responsible, others work along. Needs case:assign; everybody must work at the station. What the former
    worker had promised about the case passes on."""
    policy.require(actor, Permission.CASE_ASSIGN, case)
    expect_version(case, command.version)
    if case.status in ("closed", "archived", "declined"):
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    for user_id in {command.worker_id, *command.co_worker_ids}:
        access.must_work_here(user_id, case.station_path)
    _pass(case, command.worker_id, command.co_worker_ids, actor)
    audit.record(db.session, "case.assigned", case)
    db.session.flush()
    return case


def give(case: Case, to: UUID, actor: Actor) -> list[Task]:
    """Another worker is responsible, who works along stays; returns the promises that went with it.

    The one way in which a case passes on inside a station; whoever calls it has looked at the permission.
    """
    along = [member.user_id for member in current(case.id) if member.part == "co_worker"]
    return _pass(case, to, along, actor)


def _pass(case: Case, to: UUID, along: Iterable[UUID], actor: Actor) -> list[Task]:
    wanted = {to: "worker", **{user: "co_worker" for user in along if user != to}}
    moved: list[Task] = []
    for member in current(case.id):
        if member.part in ("worker", "co_worker") and wanted.get(member.user_id) != member.part:
            member.to_on, member.updated_at = clock.today(), clock.now()
        else:
            wanted.pop(member.user_id, None)
    for user_id, part in wanted.items():
        join(case, user_id, part, actor)
    if case.worker_id != to:
        events.note(case, "assigned", actor, facts={"from": str(case.worker_id), "to": str(to)})
        moved = tasks.pass_on(case, case.worker_id, to)
        case.worker_id = to
        waiting.fall(case)
    db.session.flush()
    open_to_team(case, actor)
    case.updated_at = clock.now()
    db.session.flush()
    return moved


def current(case_id: UUID) -> list[CaseMember]:
    """Who is on the team now."""
    query = select(CaseMember).where(CaseMember.case_id == case_id, CaseMember.to_on.is_(None))
    return list(db.session.scalars(query.order_by(CaseMember.from_on, CaseMember.id)))


def open_to_team(case: Case, actor: Actor) -> None:
    """A restricted or minor's file is open to who works on it, and to nobody who did."""
    access.assign(case, access.team_of(case), actor)


def send_away(case: Case) -> None:
    """Closing ends the team; re-opening gives it back."""
    for member in current(case.id):
        member.to_on, member.ended_by_closing, member.updated_at = clock.today(), True, clock.now()
    waiting.fall(case)
