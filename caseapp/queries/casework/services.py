"""Reading service records and consultations."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, ServiceRecord
from caseapp.queries.casework.visits import LIVE_STATUSES
from caseapp.queries.paging import LIMIT, page


def one(record_id: UUID) -> ServiceRecord:
    """A record; NotFound outside the scope."""
    found: ServiceRecord | None = db.session.scalar(select(ServiceRecord).where(ServiceRecord.id == record_id))
    if found is None:
        raise NotFound()
    return found


def latest(kind: str | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page[ServiceRecord]:
    """Records not hanging on a visit, newest first."""
    query = select(ServiceRecord).where(ServiceRecord.kind != "visit")
    if kind:
        query = query.where(ServiceRecord.kind == kind)
    order = [ServiceRecord.happened_on, ServiceRecord.id]
    return page(db.session, query, order, cursor, limit, descending=True)


def case(case_id: UUID) -> Case:
    """The case a record is for; NotFound outside the scope."""
    found: Case | None = db.session.scalar(select(Case).where(Case.id == case_id))
    if found is None:
        raise NotFound()
    return found


def open_cases_of(user_id: UUID, most: int = 100) -> list[Case]:
    """The worker's own open cases, for the form."""
    query = (
        select(Case)
        .where(Case.worker_id == user_id, Case.status.in_(LIVE_STATUSES))
        .options(selectinload(Case.client), selectinload(Case.household))
        .order_by(Case.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))
