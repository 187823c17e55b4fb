"""Filters that the reader kept under the grant in force, oldest first."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.trust import SavedFilter


def of_list(actor: Actor, listing: str, domain: str | None = None) -> list[SavedFilter]:
    """Those of one list; of a domain's cases its own."""
    query = select(SavedFilter).where(*_mine(actor), SavedFilter.listing == listing)
    query = query.where(SavedFilter.domain == domain if domain else SavedFilter.domain.is_(None))
    return list(db.session.scalars(query.order_by(SavedFilter.made_at, SavedFilter.id)))


def count(actor: Actor) -> int:
    """How many there are on all lists."""
    return db.session.scalar(select(func.count(SavedFilter.id)).where(*_mine(actor))) or 0


def one(filter_id: UUID) -> SavedFilter:
    """One of the reader's own; NotFound for another's, or one kept under another grant."""
    found = db.session.get(SavedFilter, filter_id)
    if found is None:
        raise NotFound()
    return found


def _mine(actor: Actor) -> tuple[Any, ...]:
    return (SavedFilter.user_id == actor.user_id, SavedFilter.grant_id == actor.grant_id)  # as the row rules say: for the index
