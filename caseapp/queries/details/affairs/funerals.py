"""Talks about funerals: the station's list, one, those of a person."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.details.affairs import FuneralAdvice
from caseapp.queries.paging import LIMIT, page


def listed(cursor: str | None = None, limit: int = LIMIT) -> Page[FuneralAdvice]:
    """A page of the talks in scope, the latest first."""
    order = [FuneralAdvice.happened_on, FuneralAdvice.id]
    return page(db.session, select(FuneralAdvice), order, cursor, limit, descending=True)


def one(advice_id: UUID) -> FuneralAdvice:
    """One talk; NotFound outside the scope."""
    found: FuneralAdvice | None = db.session.scalar(select(FuneralAdvice).where(FuneralAdvice.id == advice_id))
    if found is None:
        raise NotFound()
    return found
