"""What happened to cases since a moment, by others: for who looks in now and then, and for whose cases they are."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from caseapp.access.scope import under
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent, Review
from caseapp.models.organisation import Organisation

DECIDED = ("approved", "returned")
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


def to_cases_of(users: Collection[UUID] | None, actor: Actor, since: datetime, limit: int = 6) -> list[tuple[Any, Case]]:
    """The last steps that others took on cases of these users (of the station's, when none is named), and what was decided on
    what they sent for review, the newest first: two statements."""
    steps = select(CaseEvent, Case).join(Case, Case.id == CaseEvent.case_id)
    steps = steps.where(*_told(actor, since)) if users is None else steps.where(*_others(actor, since), Case.worker_id.in_(users))
    reviews = (
        select(Review, Case).join(Case, Case.id == Review.case_id).where(Review.state.in_(DECIDED), Review.decided_at >= since)
    )
    reviews = reviews.where(Review.decided_by_id != actor.user_id)
    if users is not None:
        reviews = reviews.where(Review.asked_by_id.in_(users))
    whose = (contains_eager(Case.client), contains_eager(Case.household))  # named, so that only their row rules are built
    found: list[tuple[Any, Case]] = []
    for query, when in ((steps, CaseEvent.at), (reviews, Review.decided_at)):
        full = query.outerjoin(Case.client).outerjoin(Case.household).options(*whose)
        found += [(row, case) for row, case in db.session.execute(full.order_by(when.desc()).limit(limit))]
    return sorted(found, key=lambda pair: getattr(pair[0], "decided_at", None) or pair[0].at, reverse=True)[:limit]


def _others(actor: Actor, since: datetime) -> tuple[Any, ...]:
    # station by station, so that an index by station and time leads to these days alone
    places = select(Organisation.path).where(under(actor, Organisation.path))
    others = CaseEvent.by_id.is_(None) | (CaseEvent.by_id != actor.user_id)
    return (CaseEvent.station_path.in_(places), CaseEvent.at >= since, others)


def _told(actor: Actor, since: datetime) -> tuple[Any, ...]:
    return (*_others(actor, since), CaseEvent.step.in_(TOLD))
