"""Plans of a case: the current one with goals and items, every one, one."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Goal, Plan


def _whole() -> Any:
    return select(Plan).options(selectinload(Plan.goals), selectinload(Plan.items)).execution_options(populate_existing=True)


def of_case(case_id: UUID) -> list[Plan]:
    """Every plan of a case, the latest first."""
    return list(db.session.scalars(_whole().where(Plan.case_id == case_id).order_by(Plan.number.desc())))


def current(case: Case) -> Plan | None:
    """The latest plan with goals and items; None while there is none."""
    found: Plan | None = db.session.scalar(_whole().where(Plan.case_id == case.id).order_by(Plan.number.desc()).limit(1))
    return found


def one(plan_id: UUID, case_id: UUID | None = None) -> Plan:
    """One plan with goals and items, of the case if one is named; NotFound otherwise."""
    found: Plan | None = db.session.scalar(_whole().where(Plan.id == plan_id))
    if found is None or (case_id is not None and found.case_id != case_id):
        raise NotFound()
    return found


def goal(goal_id: UUID, plan: Plan) -> Goal:
    """One goal of that plan; NotFound otherwise."""
    for row in plan.goals:
        if row.id == goal_id:
            return row
    raise NotFound()
