"""The trail read by question: what somebody saw on a day, who searched for something, a part of it whole for a file."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.organisation import User
from caseapp.models.trust import AuditEntry, AuditNumber
from caseapp.queries import paging
from caseapp.queries.trust.trail import Numbered, numbered, selected
from caseapp.schemas.trust.trail import TrailFilter, unpacked

SHOWN = 12  # file numbers told beside one entry; the entry's own page has all of them
AT_ONCE = 5_000  # ids asked for in one statement
SEARCHES = 100


@dataclass(frozen=True)
class SeenDay:
    """A part of somebody's day: the account (None: no such name here), the entries in their order, file numbers by id."""

    user: Any
    entries: Page[AuditEntry]
    numbers: dict[UUID, str]


def day_of(actor: Actor, username: str, on: date, cursor: str | None = None, limit: int = 50) -> SeenDay:
    """What an account read, changed, searched for and took out on a day, in the order in which it happened."""
    require(actor, Permission.AUDIT_READ)
    user = db.session.scalar(select(User).where(User.username == username.lower()))
    if user is None:
        return SeenDay(None, Page([], None), {})
    query = select(AuditEntry).where(
        AuditEntry.user_id == user.id,
        AuditEntry.at >= clock.midnight(on),
        AuditEntry.at < clock.midnight(on + timedelta(days=1)),
    )
    found = paging.page(db.session, query, (AuditEntry.at, AuditEntry.id), cursor, limit)
    ids = {file_id for entry in found.items for file_id in unpacked(entry.people)[:SHOWN]}
    return SeenDay(user, found, {file.file_id: file.number for file in files_of(actor, ids)})


def searches(actor: Actor, digest: str | None) -> list[AuditEntry]:
    """The latest hundred searches for the words that a digest stands for, newest first."""
    require(actor, Permission.AUDIT_READ)
    if digest is None:
        return []
    query = select(AuditEntry).where(AuditEntry.sought == digest).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return list(db.session.scalars(query.limit(SEARCHES)))


def whole(actor: Actor, wanted: TrailFilter, most: int) -> list[AuditEntry]:
    """The newest entries under a filter, at most so many."""
    require(actor, Permission.AUDIT_READ)
    return list(db.session.scalars(selected(actor, wanted).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most)))


def files_of(actor: Actor, ids: set[UUID]) -> list[Numbered]:
    """Files under the actor's places by their ids, however many."""
    asked = sorted(ids)
    return [file for start in range(0, len(asked), AT_ONCE) for file in numbered(actor, ids=asked[start : start + AT_ONCE])]


def sealed_as(entries: list[AuditEntry]) -> dict[UUID, tuple[int, str]]:
    """The number and the digest (hex) under which each entry is sealed; those that wait have none."""
    found: dict[UUID, tuple[int, str]] = {}
    asked = [entry.id for entry in entries]
    with system_session("numbers of the trail") as session:
        for start in range(0, len(asked), AT_ONCE):
            query = select(AuditNumber.entry_id, AuditNumber.number, AuditNumber.digest)
            rows = session.execute(query.where(AuditNumber.entry_id.in_(asked[start : start + AT_ONCE])))
            found |= {row.entry_id: (row.number, bytes(row.digest).hex()) for row in rows}
    return found
