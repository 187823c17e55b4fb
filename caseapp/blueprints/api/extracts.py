"""Extracts of closed cases: ordered and weighed, made, ended. Handing one out and fetching its bytes ask a person at a page."""

from typing import Any
from uuid import UUID

from flask import url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, NoBody, api_blueprint, page_of
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.models.statistics import StatExtract
from caseapp.queries.statistics import extracts as queries
from caseapp.schemas.statistics.extract import EndExtract, EndExtractSchema, ExtractOut, OrderExtract, OrderExtractSchema
from caseapp.services.statistics.extract import checks, orders

bp = api_blueprint("extracts", __name__, "Extracts of closed cases, for whoever makes and checks them.")


@bp.get("/statistics/extracts")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(ExtractOut))
@requires(Permission.EXTRACT_MAKE)
def index(query: dict[str, Any]) -> Any:
    """All extracts, newest first."""
    return queries.extracts(the_actor(), query["cursor"], query["limit"])


@bp.post("/statistics/extracts")
@bp.arguments(OrderExtractSchema)
@bp.response(202, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def new(command: OrderExtract) -> Any:
    """Orders an extract: it is weighed, and nothing is made of it before it is asked for."""
    return _begun(orders.order(command, the_actor()))


@bp.get("/statistics/extracts/<uuid:extract_id>")
@bp.response(200, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def show(extract_id: UUID) -> Any:
    """One extract: its state, risk and loss, what was measured."""
    return queries.extract(the_actor(), extract_id)


@bp.post("/statistics/extracts/<uuid:extract_id>/make")
@bp.arguments(NoBody)
@bp.response(202, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def make(_command: Any, extract_id: UUID) -> Any:
    """Has made what was weighed; a second officer hands it out on its page."""
    return _begun(orders.have_made(extract_id, the_actor()))


@bp.post("/statistics/extracts/<uuid:extract_id>/decline")
@bp.arguments(EndExtractSchema)
@bp.response(200, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def decline(command: EndExtract, extract_id: UUID) -> Any:
    """Does not hand out what a colleague has made."""
    return checks.decline(extract_id, command, the_actor())


@bp.post("/statistics/extracts/<uuid:extract_id>/cancel")
@bp.arguments(EndExtractSchema)
@bp.response(200, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def cancel(command: EndExtract, extract_id: UUID) -> Any:
    """Takes one back that is not handed out."""
    return orders.cancel(extract_id, command, the_actor())


@bp.post("/statistics/extracts/<uuid:extract_id>/withdraw")
@bp.arguments(EndExtractSchema)
@bp.response(200, ExtractOut)
@requires(Permission.EXTRACT_MAKE)
def withdraw(command: EndExtract, extract_id: UUID) -> Any:
    """Deletes the file of one that is handed out."""
    return checks.withdraw(extract_id, command, the_actor())


def _begun(row: StatExtract) -> Any:
    return row, 202, {"Location": url_for("api_extracts.show", extract_id=row.id)}
