"""Reading the trail: entries by filter, and who saw one file. Persons appear by file number only, never by name."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, func, select

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
from caseapp.schemas.trust.trail import TrailFilter, unpacked


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
    with system_session("file numbers for the trail") as session:
        for kind, model, column in NUMBERED:
            query = select(model.id, column, model.station_path)
            query = query.where(column == number) if number is not None else query.where(model.id.in_(ids or []))
            found += [Numbered(row[0], row[1], kind, row[2]) for row in session.execute(query)]
    return [file for file in found if actor.covers(file.station_path)]


def entries(actor: Actor, wanted: TrailFilter, cursor: str | None = None, limit: int = 50) -> Page[AuditEntry]:
    """Entries under the actor's places, newest first."""
    require(actor, Permission.AUDIT_READ)
    query: Select[Any] = select(AuditEntry)
    if wanted.kind:
        query = query.where(AuditEntry.kind == wanted.kind)
    if wanted.username:
        user_id = db.session.scalar(select(User.id).where(User.username == wanted.username.lower()))
        query = query.where(AuditEntry.user_id == user_id) if user_id else query.where(false())
    if wanted.from_on:
        query = query.where(AuditEntry.at >= _midnight(wanted.from_on))
    if wanted.to_on:
        query = query.where(AuditEntry.at < _midnight(wanted.to_on + timedelta(days=1)))
    if wanted.file_no:
        files = numbered(actor, number=wanted.file_no)
        query = query.where(AuditEntry.id.in_(_entries_with(files[0].file_id)) if files else false())
    order = (AuditEntry.at, AuditEntry.id)
    return paging.page(db.session, query, order, cursor, limit, descending=True)


def one(actor: Actor, entry_id: UUID) -> AuditEntry:
    """One entry under the actor's places."""
    require(actor, Permission.AUDIT_READ)
    found = db.session.scalar(select(AuditEntry).where(AuditEntry.id == entry_id))
    if found is None:
        raise NotFound()
    return found


def _entries_with(file_id: UUID) -> list[UUID]:
    """Ids of the entries whose packed list holds a file: found through the index of who saw it on which day."""
    seen = db.session.execute(select(AuditSeen.user_id, AuditSeen.seen_on).where(AuditSeen.file_id == file_id)).all()
    found: list[UUID] = []
    for user_id, day in seen[-1000:]:
        query = select(AuditEntry.id, AuditEntry.people).where(
            AuditEntry.user_id == user_id,
            AuditEntry.at >= _midnight(day),
            AuditEntry.at < _midnight(day + timedelta(days=1)),
            AuditEntry.people.is_not(None),
        )
        found += [row.id for row in db.session.execute(query) if file_id in unpacked(row.people)]
    return found


def who_saw(actor: Actor, file_id: UUID) -> tuple[Numbered, list[Any]]:
    """A file and who saw it on which day, newest first: rows (AuditSeen, name). For head and auditor; NotFound elsewhere."""
    files = numbered(actor, ids=[file_id])
    if not files:
        raise NotFound()
    query = (
        select(AuditSeen, User.name)
        .join(User, User.id == AuditSeen.user_id)
        .where(AuditSeen.file_id == file_id)
        .order_by(AuditSeen.seen_on.desc(), AuditSeen.last_at.desc())
        .limit(500)
    )
    return files[0], list(db.session.execute(query).all())


def opened_lately(file_id: UUID, days: int = 30) -> int:
    """How often a file was opened in the last days, over all users the reader may see; 0 for who may not."""
    since = clock.today() - timedelta(days=days)
    query = select(func.sum(AuditSeen.opened)).where(AuditSeen.file_id == file_id, AuditSeen.seen_on >= since)
    return int(db.session.scalar(query) or 0)


def names(rows: list[AuditEntry]) -> dict[UUID, str]:
    """User names of who acted in these entries."""
    ids = {row.user_id for row in rows if row.user_id}
    return dict(db.session.execute(select(User.id, User.username).where(User.id.in_(ids))).all()) if ids else {}  # type: ignore[arg-type]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI).astimezone(UTC)
