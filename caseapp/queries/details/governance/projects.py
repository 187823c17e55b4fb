"""The project sheet of a community case, what was delivered for it, and how far that is from the target."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, ServiceRecord
from caseapp.models.casework.case import LIVE
from caseapp.models.details.governance import GovernanceDelivery, GovernancePartner, GovernanceProject
from caseapp.queries.paging import LIMIT, page


@dataclass(frozen=True)
class Reached:
    """What was delivered for a case: how many times, attendances (人次), volunteers (人次) and their hours."""

    times: int = 0
    attendances: int = 0
    minutes: int = 0
    volunteers: int = 0
    volunteer_hours: int = 0


def of_case(case: Case) -> GovernanceProject | None:
    """The project of a community case; None where there is none yet, and for a person or household."""
    if case.subject_kind != "community":
        return None
    return db.session.scalar(select(GovernanceProject).where(GovernanceProject.case_id == case.id))


def reached(case: Case) -> Reached:
    """Counts of the records of a case that were not voided."""
    query = (
        select(
            func.count(ServiceRecord.id),
            func.sum(ServiceRecord.head_count),
            func.sum(ServiceRecord.minutes),
            func.sum(GovernanceDelivery.volunteers),
            func.sum(GovernanceDelivery.volunteer_hours),
        )
        .select_from(ServiceRecord)
        .outerjoin(GovernanceDelivery, GovernanceDelivery.record_id == ServiceRecord.id)
        .where(ServiceRecord.case_id == case.id, ServiceRecord.voided_at.is_(None))
    )
    return Reached(*(int(number or 0) for number in db.session.execute(query).one()))


def deliveries(case: Case, cursor: str | None = None, limit: int = LIMIT) -> Page[Any]:
    """Rows (record, what else is known of it) of a case, the latest first; voided ones stand among them."""
    query: Any = (
        select(ServiceRecord, GovernanceDelivery)
        .outerjoin(GovernanceDelivery, GovernanceDelivery.record_id == ServiceRecord.id)
        .where(ServiceRecord.case_id == case.id)
    )
    order = [ServiceRecord.happened_on, ServiceRecord.id]
    return page(
        db.session, query, order, cursor, limit, descending=True, scalars=False, key=lambda row: (row[0].happened_on, row[0].id)
    )


def partner_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of partners by id as text: former ones too, since papers name them."""
    wanted = sorted({UUID(key) for key in ids})
    if not wanted:
        return {}
    rows = db.session.scalars(select(GovernancePartner).where(GovernancePartner.id.in_(wanted)))
    return {str(row.id): row.name for row in rows}


def community_cases(most: int = 100) -> list[Case]:
    """Cases about a community that are worked on, the latest first, for a form."""
    query = select(Case).where(Case.community_code.is_not(None), Case.status.in_(LIVE)).order_by(Case.id.desc())
    return list(db.session.scalars(query.limit(most)))
