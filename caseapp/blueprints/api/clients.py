"""People on file: list, search in a body, registering, changing, and what hangs on a person."""

from typing import Any, ClassVar
from uuid import UUID

from caseapp.access.guard import actor_of
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.extensions import db
from caseapp.queries.casework import clients as queries
from caseapp.queries.casework.clients import enrolments as stays
from caseapp.queries.casework.clients import lists, search
from caseapp.schemas.casework.client.enrolment import AssignWorkerSchema, EndEnrolmentSchema, EnrolmentSchema, EnrolSchema
from caseapp.schemas.casework.client.lists import (
    ClientFilter,
    ClientFilterSchema,
    ClientLineSchema,
    ClientSchema,
    FoundSchema,
    SearchSchema,
)
from caseapp.schemas.casework.client.parts import OpenForPurposeSchema
from caseapp.schemas.casework.client.person import EditClientSchema, RegisterClientSchema
from caseapp.services.casework.clients import access, edit, enrolments
from caseapp.services.casework.clients import register as registering
from caseapp.services.trust import audit

bp = api_blueprint("clients", __name__, "People on file and their stays.")


class ClientQuery(ClientFilterSchema, ListQuery):
    """The list's filters."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: paging beside the filters


@bp.get("/clients")
@bp.arguments(ClientQuery, location="query")
@bp.response(200, page_of(ClientLineSchema))
@requires(Permission.CLIENT_READ)
def index(query: dict[str, Any]) -> Any:
    """People on file in the grant's scope, by name or by the next visit."""
    limit, cursor = query.pop("limit"), query.pop("cursor")
    return lists.listed(ClientFilter(**query), cursor, limit, tags=False)


@bp.post("/clients/search")
@bp.arguments(SearchSchema)
@bp.response(200, FoundSchema)
@requires(Permission.CLIENT_READ, reading=True)
def find(command: Any) -> Any:
    """Name, pinyin, initials, complete document number, complete phone or its last four digits."""
    audit.sought(db.session, command.q)
    return {"items": search.find(command.q, the_actor())}


@bp.post("/clients")
@bp.arguments(RegisterClientSchema)
@bp.response(201, ClientSchema)
@requires(Permission.CLIENT_WRITE)
def new(command: Any) -> Any:
    """Puts a person on file; 409 when the number is on file at the own station and visible to the caller."""
    client = registering.register(command, the_actor())
    return created(_whole(client.id), "api_clients.show", client_id=client.id)


@bp.get("/clients/<uuid:client_id>")
@bp.response(200, ClientSchema)
@requires(Permission.CLIENT_READ)
def show(client_id: UUID) -> Any:
    """A person's file; numbers are masked. A minor's file first needs a purpose (403 `purpose_required`)."""
    client = _whole(client_id)
    audit.opened(db.session, client, "client.opened")
    return client


@bp.patch("/clients/<uuid:client_id>")
@bp.arguments(EditClientSchema)
@bp.response(200, ClientSchema)
@requires(Permission.CLIENT_WRITE)
def change(command: Any, client_id: UUID) -> Any:
    """Changes the given members."""
    client = queries.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    edit.edit(command, client, the_actor())
    return shown(_whole(client.id), "api_clients.show", client_id=client.id)


@bp.post("/clients/<uuid:client_id>/purpose")
@bp.arguments(OpenForPurposeSchema)
@bp.response(204)
@requires(Permission.FILE_PURPOSE)
def purpose(command: Any, client_id: UUID) -> None:
    """Says why a minor's file is opened; valid 30 days."""
    access.open_for_purpose(command, queries.one(client_id), the_actor())


@bp.get("/clients/<uuid:client_id>/enrolments")
@bp.response(200, page_of(EnrolmentSchema))
@requires(Permission.CLIENT_READ)
def enrolments_of(client_id: UUID) -> Any:
    """Every stay on file, the latest first."""
    client = queries.opened(client_id, the_actor())
    return {"items": stays.of_client(client.id), "next": None}


@bp.post("/clients/<uuid:client_id>/enrolments")
@bp.arguments(EnrolSchema)
@bp.response(201, EnrolmentSchema)
@requires(Permission.CLIENT_WRITE)
def enrol(command: Any, client_id: UUID) -> Any:
    """On file again."""
    client = queries.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    stay = enrolments.enrol(command, client, the_actor())
    return created(stay, "api_clients.enrolment", client_id=client.id, enrolment_id=stay.id)


@bp.get("/clients/<uuid:client_id>/enrolments/<uuid:enrolment_id>")
@bp.response(200, EnrolmentSchema)
@requires(Permission.CLIENT_READ)
def enrolment(client_id: UUID, enrolment_id: UUID) -> Any:
    """One stay on file."""
    return stays.one(enrolment_id, queries.opened(client_id, the_actor()))


@bp.post("/clients/<uuid:client_id>/end")
@bp.arguments(EndEnrolmentSchema)
@bp.response(200, EnrolmentSchema)
@requires(Permission.CLIENT_END)
def end(command: Any, client_id: UUID) -> Any:
    """Ends the stay on file; `version` is the client's."""
    client = queries.opened(client_id, the_actor(), Permission.CLIENT_END)
    stay = enrolments.end(command, client, the_actor())
    return shown(stay, "api_clients.enrolment", client_id=client.id, enrolment_id=stay.id)


@bp.post("/clients/<uuid:client_id>/assign")
@bp.arguments(AssignWorkerSchema)
@bp.response(200, ClientSchema)
@requires(Permission.CASE_ASSIGN)
def assign(command: Any, client_id: UUID) -> Any:
    """Another worker becomes responsible."""
    client = queries.opened(client_id, the_actor(), Permission.CASE_ASSIGN)
    enrolments.assign(command, client, the_actor())
    return shown(_whole(client.id), "api_clients.show", client_id=client.id)


def _whole(client_id: UUID) -> Any:
    """The file with its parts, for the actor as the service left it."""
    return queries.detailed(client_id, actor_of(db.session) or the_actor())
