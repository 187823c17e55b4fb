"""Consent of a person."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework import clients
from caseapp.queries.casework import consents as queries
from caseapp.schemas.casework.consent import ConsentSchema, RecordConsentSchema, WithdrawConsentSchema
from caseapp.services.casework import consents as service

bp = api_blueprint("consents", __name__, "On what ground a person's data are kept.")


@bp.get("/clients/<uuid:client_id>/consents")
@bp.response(200, page_of(ConsentSchema))
@requires(Permission.CLIENT_READ)
def index(client_id: UUID) -> Any:
    """Every ground recorded, the latest first."""
    return {"items": queries.of_client(clients.opened(client_id, the_actor()).id), "next": None}


@bp.post("/clients/<uuid:client_id>/consents")
@bp.arguments(RecordConsentSchema)
@bp.response(201, ConsentSchema)
@requires(Permission.CLIENT_WRITE)
def new(command: Any, client_id: UUID) -> Any:
    """Records a consent or another ground."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    row = service.record(command, client, the_actor())
    return created(row, "api_consents.show", client_id=client.id, consent_id=row.id)


@bp.get("/clients/<uuid:client_id>/consents/<uuid:consent_id>")
@bp.response(200, ConsentSchema)
@requires(Permission.CLIENT_READ)
def show(client_id: UUID, consent_id: UUID) -> Any:
    """One ground."""
    return queries.one(consent_id, clients.opened(client_id, the_actor()).id)


@bp.post("/clients/<uuid:client_id>/consents/<uuid:consent_id>/withdraw")
@bp.arguments(WithdrawConsentSchema)
@bp.response(200, ConsentSchema)
@requires(Permission.CLIENT_WRITE)
def withdraw(command: Any, client_id: UUID, consent_id: UUID) -> Any:
    """Consent taken back."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    row = service.withdraw(command, queries.one(consent_id, client.id), client, the_actor())
    return shown(row, "api_consents.show", client_id=client.id, consent_id=row.id)
