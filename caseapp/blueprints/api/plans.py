"""Plans of a case."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework import cases
from caseapp.queries.casework import plans as queries
from caseapp.schemas.base import WholeInt
from caseapp.schemas.casework.plan import GoalProgressSchema, PlanSchema, WritePlanSchema
from caseapp.services.casework import plans as service

bp = api_blueprint("plans", __name__, "Goals and services agreed with the person.")


class ChangePlanSchema(WritePlanSchema):
    """The whole plan anew, with the version it is based on."""

    version = WholeInt(required=True)


@bp.get("/cases/<uuid:case_id>/plans")
@bp.response(200, page_of(PlanSchema))
@requires(Permission.CASE_READ)
def index(case_id: UUID) -> Any:
    """Every plan, the latest first."""
    return {"items": queries.of_case(cases.opened(case_id, the_actor()).id), "next": None}


@bp.post("/cases/<uuid:case_id>/plans")
@bp.arguments(WritePlanSchema)
@bp.response(201, PlanSchema)
@requires(Permission.CASE_WRITE)
def new(command: Any, case_id: UUID) -> Any:
    """A new plan; the one before is superseded."""
    case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE)
    row = service.write_new(command, case, the_actor())
    return created(row, "api_plans.show", case_id=case.id, plan_id=row.id)


@bp.get("/cases/<uuid:case_id>/plans/<uuid:plan_id>")
@bp.response(200, PlanSchema)
@requires(Permission.CASE_READ)
def show(case_id: UUID, plan_id: UUID) -> Any:
    """One plan."""
    return queries.one(plan_id, cases.opened(case_id, the_actor()).id)


@bp.patch("/cases/<uuid:case_id>/plans/<uuid:plan_id>")
@bp.arguments(ChangePlanSchema)
@bp.response(200, PlanSchema)
@requires(Permission.CASE_WRITE)
def change(command: Any, case_id: UUID, plan_id: UUID) -> Any:
    """Changes the plan as a whole; an approval of other content falls."""
    case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE)
    row = service.change(command, queries.one(plan_id, case.id), case, the_actor())
    return shown(row, "api_plans.show", case_id=case.id, plan_id=row.id)


@bp.patch("/cases/<uuid:case_id>/plans/<uuid:plan_id>/goals/<uuid:goal_id>")
@bp.arguments(GoalProgressSchema)
@bp.response(200, PlanSchema)
@requires(Permission.CASE_WRITE)
def progress(command: Any, case_id: UUID, plan_id: UUID, goal_id: UUID) -> Any:
    """How far a goal is; `version` is the goal's."""
    case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE)
    plan = queries.one(plan_id, case.id)
    service.note_progress(command, queries.goal(goal_id, plan), case, the_actor())
    return shown(queries.one(plan.id), "api_plans.show", case_id=case.id, plan_id=plan.id)
