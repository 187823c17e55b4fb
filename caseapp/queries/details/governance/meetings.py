"""Meetings of residents: those in scope, the latest first, one of them, and decisions that are to be followed up."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.details.governance import GovernanceMeeting
from caseapp.queries.paging import LIMIT, page


def listed(village: str | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page[GovernanceMeeting]:
    """A page of meetings, voided ones among them."""
    query = select(GovernanceMeeting)
    if village:
        query = query.where(GovernanceMeeting.division_code == village)
    return page(db.session, query, [GovernanceMeeting.happened_on, GovernanceMeeting.id], cursor, limit, descending=True)


def one(meeting_id: UUID) -> GovernanceMeeting:
    """One meeting; NotFound outside the scope."""
    found = db.session.scalar(select(GovernanceMeeting).where(GovernanceMeeting.id == meeting_id))
    if found is None:
        raise NotFound()
    return found


def to_follow(day: date, workers: tuple[UUID, ...] | None, late_of_all: bool, most: int = 100) -> list[GovernanceMeeting]:
    """Decisions to be followed up until a day."""
    row = GovernanceMeeting
    query = select(row).where(row.follow_up_on <= day, row.followed_on.is_(None), row.voided_at.is_(None))
    if workers is not None:
        mine = row.worker_id.in_(workers)
        query = query.where(mine | (row.follow_up_on < clock.today()) if late_of_all else mine)
    return list(db.session.scalars(query.order_by(row.follow_up_on, row.id).limit(most)))
