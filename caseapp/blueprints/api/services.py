"""Service records without a visit, and consultations."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import Forbidden
from caseapp.queries.casework import services as queries
from caseapp.queries.organisation import places
from caseapp.schemas.casework.service import RECORD_KINDS, RecordServiceSchema, ServiceOut, VoidServiceSchema
from caseapp.schemas.casework.visit import one_of
from caseapp.services.casework import consultations as service

bp = api_blueprint("services", __name__, "What was done by catalogue item, for a case or the station, and consultations.")


class ServiceQuery(ListQuery):
    """Which kind of record."""

    kind = fields.String(load_default=None, allow_none=True, validate=one_of(RECORD_KINDS))


@bp.get("/services")
@bp.arguments(ServiceQuery, location="query")
@bp.response(200, page_of(ServiceOut))
@requires(Permission.VISIT_READ)
def index(query: dict[str, Any]) -> Any:
    """Records that hang on no visit, the newest first."""
    return queries.latest(query["kind"], query["cursor"], query["limit"])


@bp.post("/services")
@bp.arguments(RecordServiceSchema)
@bp.response(201, ServiceOut)
@requires(Permission.SERVICE_WRITE)
def new(command: Any) -> Any:
    """Records a service of the station or a case, or a consultation, by an item of the locked catalogue."""
    actor = the_actor()
    stations = places.stations_of(actor)
    if not stations:
        raise Forbidden()
    case = queries.case(command.case_id) if command.case_id else None
    row = service.record_service(command, stations[0], case, actor)
    return created(row, "api_services.show", record_id=row.id)


@bp.get("/services/<uuid:record_id>")
@bp.response(200, ServiceOut)
@requires(Permission.VISIT_READ)
def show(record_id: UUID) -> Any:
    """One record."""
    row = queries.one(record_id)
    policy.require(the_actor(), Permission.VISIT_READ, row)
    return row


@bp.post("/services/<uuid:record_id>/void")
@bp.arguments(VoidServiceSchema)
@bp.response(200, ServiceOut)
@requires(Permission.SERVICE_WRITE)
def void(command: Any, record_id: UUID) -> Any:
    """Takes a record out of every count, with a reason."""
    row = service.void_service(command, queries.one(record_id), the_actor())
    return shown(row, "api_services.show", record_id=row.id)
