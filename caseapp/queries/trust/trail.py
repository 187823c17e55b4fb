"""Reading the trail: entries by filter, and who saw one file. Persons appear by file number only, never by name."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, func, literal, or_, select

from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.organisation import User
from caseapp.models.trust import AuditEntry, AuditSeen
from caseapp.queries import paging
from caseapp.schemas.trust.trail import TrailFilter


@dataclass(frozen=True)
class Numbered:
    """A file by its number: what kind it is and where it lies."""

    file_id: UUID
    number: str
    kind: str  # client, case, household
    station_path: str


NUMBERED: tuple[tuple[str, Any, Any], ...] = (
    ("client", c.Client, c.Client.file_no),
    ("case", c.Case, c.Case.case_no),
    ("household", c.Household, c.Household.household_no),
)


def numbered(actor: Actor, *, number: str | None = None, ids: list[UUID] | None = None) -> list[Numbered]:
    """Files under the actor's places by number or by id; column reads in a system session, no person is loaded."""
    found = []
    reason = "file numbers for the trail"
    with lifted(reason), system_session(reason) as session:
        for kind, model, column in NUMBERED:
            query = select(model.id, column, model.station_path)
            query = query.where(column == number) if number is not None else query.where(model.id.in_(ids or []))
            found += [Numbered(row[0], row[1], kind, row[2]) for row in session.execute(query)]
    return [file for file in found if actor.covers(file.station_path)]


def entries(actor: Actor, wanted: TrailFilter, cursor: str | None = None, limit: int = 50) -> Page[AuditEntry]:
    """Entries under the actor's places, newest first."""
    require(actor, Permission.AUDIT_READ)
    order = (AuditEntry.at, AuditEntry.id)
    return paging.page(db.session, selected(actor, wanted), order, cursor, limit, descending=True)


def selected(actor: Actor, wanted: TrailFilter) -> Select[Any]:
    """The statement for the entries of a filter, without an order."""
    query: Select[Any] = select(AuditEntry)
    if wanted.kind:
        query = query.where(AuditEntry.kind == wanted.kind)
    if wanted.username:
        user_id = db.session.scalar(select(User.id).where(User.username == wanted.username.lower()))
        query = query.where(AuditEntry.user_id == user_id) if user_id else query.where(false())
    if wanted.from_on:
        query = query.where(AuditEntry.at >= clock.midnight(wanted.from_on))
    if wanted.to_on:
        query = query.where(AuditEntry.at < clock.midnight(wanted.to_on + timedelta(days=1)))
    if wanted.file_no:
        files = numbered(actor, number=wanted.file_no)
        query = query.where(or_(false(), *(_holds(file.file_id) for file in files)))
    return query


def one(actor: Actor, entry_id: UUID) -> AuditEntry:
    """One entry under the actor's places."""
    require(actor, Permission.AUDIT_READ)
    found = db.session.scalar(select(AuditEntry).where(AuditEntry.id == entry_id))
    if found is None:
        raise NotFound()
    return found


def _holds(file_id: UUID) -> Any:
    """The expression for an entry whose packed list holds a file.

    The index of who saw it on which day leads to few users and days, so that the packed lists of others stay unread.
    """
    seen = select(AuditSeen.user_id).where(AuditSeen.file_id == file_id)
    days = select(func.min(AuditSeen.seen_on), func.max(AuditSeen.seen_on)).where(AuditSeen.file_id == file_id)
    first, last = db.session.execute(days).one()
    if first is None:
        return false()
    return and_(
        AuditEntry.user_id.in_(seen),
        AuditEntry.at >= clock.midnight(first),
        AuditEntry.at < clock.midnight(last + timedelta(days=1)),
        _position(AuditEntry.people, file_id.bytes) > 0,
    )


def _position(column: Any, wanted: bytes) -> Any:
    """Where bytes stand in a bytes column, from 1; 0 for nowhere. A hit across two ids would take 2^-128 of luck."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.position(literal(wanted).op("IN")(column))
    return func.instr(column, wanted)


def who_saw(actor: Actor, file_id: UUID, cursor: str | None = None, limit: int = 50) -> tuple[Numbered, Page[Any]]:
    """A file and who saw it on which day, newest first: rows (seen, name, user name). For head and auditor; NotFound elsewhere."""
    files = numbered(actor, ids=[file_id])
    if not files:
        raise NotFound()
    query: Any = select(AuditSeen, User.name.label("name"), User.username.label("username")).join(
        User, User.id == AuditSeen.user_id
    )
    order = (AuditSeen.seen_on, AuditSeen.last_at, AuditSeen.user_id)
    query = query.where(AuditSeen.file_id == file_id)
    found = paging.page(
        db.session,
        query,
        order,
        cursor,
        limit,
        descending=True,
        scalars=False,
        key=lambda row: [row[0].seen_on, row[0].last_at, row[0].user_id],
    )
    return files[0], found


def opened_lately(file_id: UUID, days: int = 30) -> Select[int]:
    """The query for how often a file was opened in the last days, over all users the reader may see; none for who may not.

    Not carried out here, so that a file page asks it within a statement of its own.
    """
    since = clock.today() - timedelta(days=days)
    return select(func.sum(AuditSeen.opened)).where(AuditSeen.file_id == file_id, AuditSeen.seen_on >= since)


def names(rows: list[AuditEntry]) -> dict[Any, str]:
    """User names of who acted in these entries, and of those in whose place (by the id as an entry keeps it)."""
    absent = {key for row in rows for key in row.in_place_of or []}
    ids = {row.user_id for row in rows if row.user_id} | {UUID(key) for key in absent}
    found = (
        {row.id: row.username for row in db.session.execute(select(User.id, User.username).where(User.id.in_(ids)))}
        if ids
        else {}
    )
    return {**found, **{key: found.get(UUID(key), "") for key in absent}}
