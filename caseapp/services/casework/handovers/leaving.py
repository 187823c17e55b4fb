"""Everything that is open in somebody's name goes to somebody else, by the head; nothing stays behind.

What is open where is said by the parts of `queries/casework/held.py` and of the domains; how a part passes on is said here. What
nobody can carry on ends: absences, what waits to be taken over, files opened to this person, notes that were never finished.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.scope import under
from caseapp.access.system import joined
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import CaseMember, HandoverItem, Referral, Task
from caseapp.models.organisation import Cover, Grant, GrantPlace, Organisation, User
from caseapp.models.trust import Draft, FileAccess
from caseapp.queries.casework import cases, held
from caseapp.queries.casework.held import Part
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.handover import HandOver, Leave
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import team
from caseapp.services.casework.handovers import offer
from caseapp.services.casework.handovers import rows as lines
from caseapp.services.casework.referrals import sides
from caseapp.services.trust import audit
from caseapp.services.versions import expect


@dataclass(frozen=True)
class Open:
    """What is open in somebody's name: rows by part, how many there are, and what will end."""

    parts: list[tuple[Part, int, list[Any]]]
    count: int
    ends: dict[str, int]
    works_here: bool


@dataclass(frozen=True)
class Moved:
    """What was moved, and what ended."""

    handover_id: UUID | None
    count: int
    ends: dict[str, int]


def parts() -> tuple[Part, ...]:
    """Every part there is: the shared ones, and those of the domains."""
    return (*held.PARTS, *(part for domain in domains.all() for part in domain.held))


def counts(actor: Actor, *, gone: bool = False) -> dict[UUID, int]:
    """How much is open in whose name at the station; `gone`: only of who works here no more."""
    every = parts()
    found = held.counts(every, actor, gone=gone)
    return {user: number for user, counted in found.items() if (number := held.shown(every, counted))}


def look(user: User, actor: Actor) -> Open:
    """What is open in somebody's name. Needs case:assign."""
    policy.require(actor, Permission.CASE_ASSIGN)
    every = parts()
    counted = held.counts(every, actor, user.id).get(user.id, {})
    found = [
        (part, counted[part.code], held.rows(part, user.id, actor, held.SHOWN))
        for part in every
        if part.along is None and counted.get(part.code)
    ]
    works_here = held.works(user.id, actor)
    return Open(found, held.shown(every, counted), _ending(user.id, actor, works_here), works_here)


def pass_everything(command: Leave, user: User, actor: Actor) -> Moved:
    """Moves all that is open in somebody's name to one receiver, or each part to its own; what nobody carries on ends.

    Needs case:assign. Refuses receivers who do not work here, the person themself, a page drawn before more came up, and
    nothing to do. Leaves one handover with all files, of which the head may take back the order; and never an open thing in the
    name that was left.
    """
    policy.require(actor, Permission.CASE_ASSIGN)
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())  # two heads at once: one after the other
    now = look(user, actor)
    if not now.count and not any(now.ends.values()):
        raise Conflict(_l("Nothing is open in this name any more."), code="wrong_state")
    expect(now.count, command.version)
    to = _receivers(command, user, actor, now)
    handover = None
    if to:
        handover = lines.frame("leaving", _station(actor), user.id, _single(to), command.reason, actor)
    for part in parts():
        receiver = to.get(part.along or part.code)
        if receiver is not None:
            _move(part, user.id, receiver, handover, command, actor)
    _end(user.id, actor, now.works_here)
    left = held.counts(parts(), actor, user.id).get(user.id)
    if left:
        raise Conflict(_l("Something came up meanwhile. Look at the list again."), code="wrong_state")
    audit.record(db.session, "handover.leaving", _station(actor))
    db.session.flush()
    has_files = any(part.code in ("clients", "cases") for part, _count, _rows in now.parts)
    if handover is not None and not has_files:
        db.session.delete(handover)
        db.session.flush()
    return Moved(handover.id if handover is not None and has_files else None, now.count, now.ends)


def _receivers(command: Leave, user: User, actor: Actor, now: Open) -> dict[str, UUID]:
    """Part → receiver, for what is open."""
    here, found = dict(workers.of(actor)), {}
    for part, _count, _rows in now.parts:
        to, name = command.parts.get(part.code), f"to_{part.code}"
        if to is None:
            to, name = command.to_id, "to_id"
        if to is None:
            raise Invalid(_l("Choose somebody."), "to_id")
        if to == user.id or to not in here:
            raise Invalid(_l("This person does not work at this station."), name)
        found[part.code] = to
    return found


def _single(to: Mapping[str, UUID]) -> UUID | None:
    receivers = set(to.values())
    return receivers.pop() if len(receivers) == 1 else None


def _move(part: Part, before: UUID, to: UUID, handover: Any, command: Leave, actor: Actor) -> None:
    found = held.rows(part, before, actor)
    MOVERS.get(part.code, _set)(part, found, to, handover, command, actor)
    db.session.flush()


def _files(_part: Part, found: list[Any], to: UUID, handover: Any, command: Leave, actor: Actor) -> None:
    offer.carry(handover, found, HandOver(to, command.reason), actor)


def _members(_part: Part, found: list[CaseMember], to: UUID, _handover: Any, _command: Leave, actor: Actor) -> None:
    """Who worked along ends; the receiver works along instead, unless on the team already."""
    files = cases.many(row.case_id for row in found)
    for row in found:
        row.to_on, row.updated_at = clock.today(), clock.now()
        db.session.flush()
        case = files.get(row.case_id)
        if case is None:
            continue
        if row.part == "co_worker" and to not in {case.worker_id, *(m.user_id for m in team.current(case.id))}:
            team.join(case, to, "co_worker", actor)
            db.session.flush()
        team.open_to_team(case, actor)


def _promises(_part: Part, found: list[Task], to: UUID, *_more: Any) -> None:
    tasks.give(found, to)


def _referrals(_part: Part, found: list[Referral], to: UUID, *_more: Any) -> None:
    for row in found:
        sides.give_to(row, to)
        row.updated_at = clock.now()


def _set(part: Part, found: list[Any], to: UUID, *_more: Any) -> None:
    for row in found:
        setattr(row, part.column, to)
        if hasattr(row, "updated_at"):
            row.updated_at = clock.now()


MOVERS: Mapping[str, Callable[..., None]] = {
    "clients": _files,
    "cases": _files,
    "members": _members,
    "tasks": _promises,
    "referrals": _referrals,
}


def _ending(user_id: UUID, actor: Actor, works_here: bool) -> dict[str, int]:
    """What nobody carries on: how much of each there is."""
    waits = select(func.count(HandoverItem.id)).where(HandoverItem.state == "waiting", HandoverItem.to_id == user_id)
    absences = select(func.count(Cover.id)).where(*_covers(user_id))
    opened = select(func.count(FileAccess.id)).where(*_accesses(user_id), FileAccess.kind != "assigned")
    found = {
        "handovers": db.session.scalar(waits) or 0,
        "covers": db.session.scalar(absences) or 0,
        "files": db.session.scalar(opened) or 0,
        "drafts": 0,
    }
    if not works_here:  # else the text is still being written
        with joined("notes that will never be finished") as session:
            query = select(func.count(Draft.id)).where(Draft.user_id == user_id, Draft.grant_id.in_(_grants(user_id, actor)))
            found["drafts"] = session.scalar(query) or 0
    return found


def _end(user_id: UUID, actor: Actor, works_here: bool) -> None:
    now, today = clock.now(), clock.today()
    query = select(HandoverItem).where(HandoverItem.state == "waiting", HandoverItem.to_id == user_id)
    for item in db.session.scalars(query):
        item.state, item.answered_at, item.answered_by_id = "fallen", now, actor.user_id
    for cover in db.session.scalars(select(Cover).where(*_covers(user_id))):
        cover.ended_at, cover.ended_by_id = now, actor.user_id
    closing = update(FileAccess).where(*_accesses(user_id)).values(to_on=today - timedelta(days=1))
    db.session.execute(closing, execution_options={"synchronize_session": False})
    if not works_here:
        with joined("notes that will never be finished") as session:
            drop = delete(Draft).where(Draft.user_id == user_id, Draft.grant_id.in_(_grants(user_id, actor)))
            session.execute(drop, execution_options={"synchronize_session": False})
    db.session.flush()


def _covers(user_id: UUID) -> tuple[Any, ...]:
    mine = or_(Cover.absent_id == user_id, Cover.cover_id == user_id)
    return mine, Cover.ended_at.is_(None), Cover.to_on >= clock.today()


def _accesses(user_id: UUID) -> tuple[Any, ...]:
    return FileAccess.user_id == user_id, or_(FileAccess.to_on.is_(None), FileAccess.to_on >= clock.today())


def _grants(user_id: UUID, actor: Actor) -> Any:
    return (
        select(GrantPlace.grant_id)
        .join(Grant, Grant.id == GrantPlace.grant_id)
        .where(Grant.user_id == user_id, under(actor, GrantPlace.path))
    )


def _station(actor: Actor) -> Organisation:
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    return place
