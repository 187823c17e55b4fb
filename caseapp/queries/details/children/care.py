"""Delegated care, parents' contact and safety at home of a children's case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp import reference
from caseapp.core import clock, dates
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.details.children import ChildrenContact, ChildrenDelegation, ChildrenDetail, ChildrenSafetyCheck
from caseapp.queries.organisation import settings

WEEKS = 12
MOST = 60


@dataclass(frozen=True)
class Week:
    """One week of the contact log: its Monday and what is known of it."""

    monday: date
    contacts: int


def delegations(case_id: UUID) -> list[ChildrenDelegation]:
    """Every delegation, the latest first."""
    query = select(ChildrenDelegation).where(ChildrenDelegation.case_id == case_id)
    return list(db.session.scalars(query.order_by(ChildrenDelegation.from_on.desc(), ChildrenDelegation.id.desc()).limit(MOST)))


def current(case_id: UUID) -> ChildrenDelegation | None:
    """The delegation that holds or is still to begin."""
    query = select(ChildrenDelegation).where(
        ChildrenDelegation.case_id == case_id, ChildrenDelegation.ended_on.is_(None), ChildrenDelegation.to_on >= clock.today()
    )
    found: ChildrenDelegation | None = db.session.scalar(
        query.order_by(ChildrenDelegation.from_on, ChildrenDelegation.id).limit(1)
    )
    return found


def contacts(case_id: UUID) -> list[ChildrenContact]:
    """The log of the last weeks, voided entries too, the latest first."""
    since = dates.add_months(clock.today(), -6)
    query = select(ChildrenContact).where(ChildrenContact.case_id == case_id, ChildrenContact.happened_on >= since)
    return list(db.session.scalars(query.order_by(ChildrenContact.happened_on.desc(), ChildrenContact.id.desc()).limit(MOST)))


def weeks(rows: Sequence[ChildrenContact]) -> list[Week]:
    """The last weeks, oldest first, with how often somebody was in touch in each."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    days = [row.happened_on for row in rows if row.voided_at is None]
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [Week(start, sum(start <= day < start + timedelta(weeks=1) for day in days)) for start in starts]


def last_contact(case_id: UUID) -> date | None:
    """The day of the last contact that counts."""
    query = select(ChildrenContact.happened_on).where(ChildrenContact.case_id == case_id, ChildrenContact.voided_at.is_(None))
    return db.session.scalar(query.order_by(ChildrenContact.happened_on.desc()).limit(1))


def parents_away(detail: ChildrenDetail | None) -> bool:
    """Whether a parent lives elsewhere and could be in touch."""
    away = reference.codes("children_parent_state").having("away")
    return detail is not None and bool({detail.father_state, detail.mother_state} & away)


def contact_late(case: Case, detail: ChildrenDetail | None, last: date | None) -> int:
    """Days since absent parents were in touch, where that is longer than the law allows; 0 where it is not, or nobody is away."""
    if not parents_away(detail):
        return 0
    start = last or case.opened_on or case.found_on
    days = (clock.today() - start).days
    return days if days > settings.At(case.station_path)["children.parent_contact_days"] else 0


def checks(case_id: UUID) -> list[ChildrenSafetyCheck]:
    """Every look at the home, the latest first."""
    query = select(ChildrenSafetyCheck).where(ChildrenSafetyCheck.case_id == case_id)
    order = (ChildrenSafetyCheck.checked_on.desc(), ChildrenSafetyCheck.id.desc())
    return list(db.session.scalars(query.order_by(*order).limit(MOST)))


def last_check(case_id: UUID) -> ChildrenSafetyCheck | None:
    """The look at the home that counts."""
    query = select(ChildrenSafetyCheck).where(ChildrenSafetyCheck.case_id == case_id, ChildrenSafetyCheck.voided_at.is_(None))
    found: ChildrenSafetyCheck | None = db.session.scalar(
        query.order_by(ChildrenSafetyCheck.checked_on.desc(), ChildrenSafetyCheck.id.desc()).limit(1)
    )
    return found


def one(model: Any, row_id: UUID, case: Case) -> Any:
    """One row of the case; NotFound when it is another's."""
    found = db.session.scalar(select(model).where(model.id == row_id, model.case_id == case.id))
    if found is None:
        raise NotFound()
    return found


def items_for(client: Client | None) -> list[reference.Code]:
    """The items of the check list that are asked for a child of that age; all where the age is not known."""
    known = client is not None and client.birth_on is not None and client.birth_precision != "unknown"
    age = dates.age_on(client.birth_on, clock.today()) if known and client and client.birth_on else None
    return [item for item in reference.codes("children_safety_item") if age is None or age < item.facts.get("below", 99)]
