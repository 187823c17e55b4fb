"""Requests of residents: the ledger, one of them, how many wait, and how well answers keep what was promised."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy import case as when
from sqlalchemy.orm import selectinload

from caseapp.core import clock, dates
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.details.governance import GovernanceRequest
from caseapp.models.details.governance.request import LIVE
from caseapp.queries.paging import LIMIT, page
from caseapp.schemas.details.governance.request import RequestFilter


@dataclass(frozen=True)
class Standing:
    """How the ledger stands: waiting, late, answered this year, of those in time and satisfied."""

    waiting: int = 0
    late: int = 0
    answered: int = 0
    in_time: int = 0
    satisfied: int = 0
    asked: int = 0  # of the answered, those who were asked whether they are satisfied


def listed(wanted: RequestFilter, cursor: str | None = None, limit: int = LIMIT) -> Page[GovernanceRequest]:
    """A page of requests that fit: what waits by the promised day, what is done the latest first."""
    query = _filtered(wanted).options(selectinload(GovernanceRequest.client))
    if wanted.state in (None, "late", *LIVE):
        return page(db.session, query, [GovernanceRequest.due_on, GovernanceRequest.id], cursor, limit)
    return page(db.session, query, [GovernanceRequest.asked_on, GovernanceRequest.id], cursor, limit, descending=True)


def _filtered(wanted: RequestFilter) -> Select[Any]:
    row, query = GovernanceRequest, select(GovernanceRequest)
    if wanted.state in (None, "late"):
        query = query.where(row.state.in_(LIVE))
        if wanted.state == "late":
            query = query.where(row.due_on < clock.today())
    else:
        query = query.where(row.state == wanted.state)
    if wanted.village:
        query = query.where(row.division_code == wanted.village)
    if wanted.worker:
        query = query.where(row.worker_id == wanted.worker)
    return query


def one(request_id: UUID) -> GovernanceRequest:
    """One request with its person, as far as that is open to the reader; NotFound outside the scope."""
    query = select(GovernanceRequest).where(GovernanceRequest.id == request_id).options(selectinload(GovernanceRequest.client))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def standing() -> Standing:
    """Of every request in scope: one statement."""
    row, today = GovernanceRequest, clock.today()
    start, _end = dates.year_bounds(today.year)
    done = (row.state == "answered") & (row.answered_on >= start)
    counts = [
        row.state.in_(LIVE),
        row.state.in_(LIVE) & (row.due_on < today),
        done,
        done & (row.answered_on <= row.due_on),
        done & row.satisfied.in_(("yes", "partly")),
        done & row.satisfied.in_(("yes", "partly", "no")),
    ]
    found = db.session.execute(select(*(func.sum(when((which, 1), else_=0)) for which in counts)).select_from(row)).one()
    return Standing(*(int(number or 0) for number in found))


def live_until(day: date, workers: tuple[UUID, ...] | None, late_of_all: bool, most: int = 200) -> list[GovernanceRequest]:
    """What is promised until a day, of some workers (None: everybody in scope); `late_of_all`: what others let become late too."""
    row = GovernanceRequest
    query = select(row).where(row.state.in_(LIVE), row.due_on <= day)
    if workers is not None:
        mine = row.worker_id.in_(workers)
        query = query.where(mine | (row.due_on < clock.today()) if late_of_all else mine)
    return list(db.session.scalars(query.order_by(row.due_on, row.id).limit(most)))
