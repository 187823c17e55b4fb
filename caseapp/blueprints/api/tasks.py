"""Promises with a date: mine and those of my role, kept or not to be kept."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework import tasks as queries
from caseapp.schemas.casework.task import EndTaskSchema, TaskOut
from caseapp.services.casework import tasks as service

bp = api_blueprint("tasks", __name__, "What was promised, and until when.")


@bp.get("/tasks")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(TaskOut))
@requires(Permission.TODAY)
def index(query: dict[str, Any]) -> Any:
    """Open ones of the caller and of the caller's role, the most pressing first."""
    return queries.mine(the_actor(), query["cursor"], query["limit"])


@bp.get("/tasks/<uuid:task_id>")
@bp.response(200, TaskOut)
@requires(Permission.CLIENT_READ)
def show(task_id: UUID) -> Any:
    """One task."""
    return queries.one(task_id)


@bp.post("/tasks/<uuid:task_id>/end")
@bp.arguments(EndTaskSchema)
@bp.response(200, TaskOut)
@requires(Permission.CLIENT_WRITE)
def end(command: Any, task_id: UUID) -> Any:
    """Done, or could not be done and why."""
    row = queries.one(task_id)
    service.end(command, row, the_actor())
    return shown(row, "api_tasks.show", task_id=row.id)
