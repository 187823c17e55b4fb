"""What happened to cases since a moment, by others: for who looks in now and then."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp.access.scope import under
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent
from caseapp.models.organisation import Organisation

TOLD = ("opened", "reopen", "reopened", "risk_changed", "close", "closed", "decline", "declined", "referred_out")


def counts(actor: Actor, since: datetime) -> dict[str, int]:
    """How many of each step others took on cases in scope since then."""
    query = select(CaseEvent.step, func.count(CaseEvent.id)).where(*_told(actor, since)).group_by(CaseEvent.step)
    return {row[0]: row[1] for row in db.session.execute(query)}


def latest(actor: Actor, since: datetime, limit: int = 6) -> list[tuple[CaseEvent, Case]]:
    """The last of them with their cases."""
    query = select(CaseEvent, Case).join(Case, Case.id == CaseEvent.case_id).where(*_told(actor, since))
    query = query.options(selectinload(Case.client), selectinload(Case.household))
    rows = db.session.execute(query.order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(limit))
    return [(event, case) for event, case in rows]


def _told(actor: Actor, since: datetime) -> tuple[Any, ...]:
    # station by station, so that an index by station and time leads to these days alone
    places = select(Organisation.path).where(under(actor, Organisation.path))
    others = CaseEvent.by_id.is_(None) | (CaseEvent.by_id != actor.user_id)
    return (CaseEvent.station_path.in_(places), CaseEvent.at >= since, CaseEvent.step.in_(TOLD), others)
