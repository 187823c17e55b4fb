"""Assessments of a case and the instruments they use."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.paging import Page
from caseapp.queries.casework import assessments as queries
from caseapp.queries.casework import cases
from caseapp.schemas.casework.assessment import AssessmentSchema, ConfirmLevelSchema, RecordAssessmentSchema, VoidAssessmentSchema
from caseapp.services.casework import assessments as service

bp = api_blueprint("assessments", __name__, "Assessments by a versioned instrument.")


@bp.get("/cases/<uuid:case_id>/assessments")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(AssessmentSchema))
@requires(Permission.CASE_READ)
def index(_query: Any, case_id: UUID) -> Any:
    """The assessments of a case, newest first (at most 50)."""
    return Page(queries.of_case(_case(case_id).id), None)


@bp.post("/cases/<uuid:case_id>/assessments")
@bp.arguments(RecordAssessmentSchema)
@bp.response(201, AssessmentSchema)
@requires(Permission.CASE_WRITE)
def new(command: Any, case_id: UUID) -> Any:
    """Records an assessment, whole or in part."""
    row = service.record(command, _case(case_id), the_actor())
    return created(row, "api_assessments.show", case_id=case_id, assessment_id=row.id)


@bp.get("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>")
@bp.response(200, AssessmentSchema)
@requires(Permission.CASE_READ)
def show(case_id: UUID, assessment_id: UUID) -> Any:
    """One assessment."""
    return queries.one(assessment_id, _case(case_id).id)


@bp.post("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>/confirm")
@bp.arguments(ConfirmLevelSchema)
@bp.response(200, AssessmentSchema)
@requires(Permission.CASE_WRITE)
def confirm(command: Any, case_id: UUID, assessment_id: UUID) -> Any:
    """A person stands for the level."""
    row = service.confirm(command, queries.one(assessment_id, _case(case_id).id), the_actor())
    return shown(row, "api_assessments.show", case_id=case_id, assessment_id=row.id)


@bp.post("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>/void")
@bp.arguments(VoidAssessmentSchema)
@bp.response(200, AssessmentSchema)
@requires(Permission.CASE_WRITE)
def void(command: Any, case_id: UUID, assessment_id: UUID) -> Any:
    """Says with a reason that an assessment does not count."""
    row = service.void(command, queries.one(assessment_id, _case(case_id).id), the_actor())
    return shown(row, "api_assessments.show", case_id=case_id, assessment_id=row.id)


def _case(case_id: UUID) -> Any:
    return cases.opened(case_id, the_actor())
