"""The files somebody opened last, for going back to one: whatever is no longer open to them is left out by the row rules."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.access.system import system_session
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.trust import AuditSeen

MOST, LOOKED_AT = 8, 40


def opened(actor: Actor, limit: int = MOST) -> list[Client | Case]:
    """Persons and cases in the order in which the reader last opened them; opening a case opens its person, who is not said twice."""
    times = _times(actor)
    if not times:
        return []
    cases = select(Case).where(Case.id.in_(times)).options(selectinload(Case.client), selectinload(Case.household))
    rows: list[Any] = list(db.session.scalars(cases))
    told = {
        row.client_id for row in rows if row.client_id is not None and times[row.id] >= times.get(row.client_id, times[row.id])
    }
    persons = db.session.scalars(select(Client).where(Client.id.in_(times)))
    rows += [row for row in persons if row.id not in told]
    return sorted(rows, key=lambda row: times[row.id], reverse=True)[:limit]


def _times(actor: Actor) -> dict[UUID, datetime]:
    """When the reader last opened which file: own marks in the trail, which row rules show to heads and auditors only."""
    query = select(AuditSeen.file_id, AuditSeen.last_at).where(AuditSeen.user_id == actor.user_id, AuditSeen.opened > 0)
    found: dict[UUID, datetime] = {}
    with system_session("the reader's own files of late") as session:
        for file_id, last in session.execute(query.order_by(AuditSeen.last_at.desc(), AuditSeen.file_id).limit(LOOKED_AT)):
            found.setdefault(file_id, last)
    return found
