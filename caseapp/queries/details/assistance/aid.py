"""Applications and benefits of a family; whose re-check is due in a month."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.assistance import AidBenefit, AidRequest
from caseapp.queries.details.assistance.family import Family
from caseapp.queries.paging import page

OPEN_STATES = ("preparing", "handed_in", "more")
SHOWN = 60


def benefits(family: Family) -> list[AidBenefit]:
    """What a family receives and received, what runs first, the latest first."""
    query = select(AidBenefit).where(family.mine(AidBenefit)).order_by(AidBenefit.from_on.desc(), AidBenefit.id.desc())
    rows = list(db.session.scalars(query.limit(SHOWN)))
    return sorted(rows, key=lambda row: row.to_on is not None)


def requests(family: Family) -> list[AidRequest]:
    """The applications of a family, open ones first, then the latest."""
    query = select(AidRequest).where(family.mine(AidRequest)).order_by(AidRequest.id.desc()).limit(SHOWN)
    return sorted(db.session.scalars(query), key=lambda row: row.state not in OPEN_STATES)


def of_case(case: Case) -> list[AidRequest]:
    """The applications helped with in a case."""
    return list(db.session.scalars(select(AidRequest).where(AidRequest.case_id == case.id).order_by(AidRequest.id)))


def has_open_request(case: Case) -> bool:
    """Whether an application of this case still waits for an answer."""
    query = select(AidRequest.id).where(AidRequest.case_id == case.id, AidRequest.state.in_(OPEN_STATES))
    return db.session.scalar(query.limit(1)) is not None


def request(request_id: UUID, case: Case) -> AidRequest:
    """An application of that case with its answers; NotFound otherwise."""
    query = select(AidRequest).where(AidRequest.id == request_id, AidRequest.case_id == case.id)
    query = query.options(selectinload(AidRequest.answers)).execution_options(populate_existing=True)
    found: AidRequest | None = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def benefit(benefit_id: UUID, family: Family) -> AidBenefit:
    """A benefit of that family, in whatever case in scope it was recorded; NotFound otherwise."""
    found: AidBenefit | None = db.session.scalar(select(AidBenefit).where(AidBenefit.id == benefit_id, family.mine(AidBenefit)))
    if found is None:
        raise NotFound()
    return found


def open_recheck(row: AidBenefit) -> AidRequest | None:
    """The application by which a benefit is being re-checked now."""
    query = select(AidRequest).where(
        AidRequest.benefit_id == row.id, AidRequest.purpose == "recheck", AidRequest.state.in_(OPEN_STATES)
    )
    found: AidRequest | None = db.session.scalar(query.limit(1))
    return found


def rechecks(
    until: date, since: date | None = None, worker_id: UUID | None = None, cursor: str | None = None
) -> Page[AidBenefit]:
    """Benefits in scope to be looked at again by a day, what is late first; of all workers, or of the cases of one."""
    query = select(AidBenefit).where(AidBenefit.recheck_on.is_not(None), AidBenefit.recheck_on <= until)
    if since is not None:
        query = query.where(AidBenefit.recheck_on >= since)
    if worker_id is not None:
        query = query.join(Case, Case.id == AidBenefit.case_id).where(Case.worker_id == worker_id)
    return page(db.session, query, [AidBenefit.recheck_on, AidBenefit.id], cursor)
