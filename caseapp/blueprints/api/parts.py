"""What hangs on a person: documents, contacts, target groups, refused data items; one of them shown in clear leaves a trace."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import NoBody, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Contact, IdentityDocument, TargetTag
from caseapp.queries.casework import clients, consents
from caseapp.queries.casework.clients import tags as queries
from caseapp.schemas.base import CommandSchema
from caseapp.schemas.casework.client.lists import ContactOut, DocumentOut, TagOut
from caseapp.schemas.casework.client.parts import AddTagSchema, CancelTagSchema, ConfirmTagSchema, EndTagSchema
from caseapp.schemas.casework.client.person import ContactSchema, DocumentSchema
from caseapp.schemas.casework.consent import RefuseItemSchema
from caseapp.services.casework import consents as consent_service
from caseapp.services.casework.clients import contacts, documents, tags
from caseapp.services.trust import audit

bp = api_blueprint("parts", __name__, "Documents, contacts and target groups of a person.")


class RevealSchema(CommandSchema):
    """What to show in clear: the address, or one document's number or contact's phone by its id."""

    what = fields.String(
        required=True,
        validate=validate.OneOf(("address", "document", "contact"), error=_l("Choose one of the answers offered.")),
    )
    id = fields.UUID(load_default=None, allow_none=True)


class RevealOut(Schema):
    """A value in clear."""

    value = fields.String(required=True, allow_none=True)


class RefusedOut(Schema):
    """Codes of what the person did not want to give."""

    items = fields.List(fields.String(), required=True)


def _client(client_id: UUID, permission: Permission = Permission.CLIENT_WRITE) -> Client:
    return clients.opened(client_id, the_actor(), permission)


@bp.post("/clients/<uuid:client_id>/reveal")
@bp.arguments(RevealSchema)
@bp.response(200, RevealOut)
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(wanted: dict[str, Any], client_id: UUID) -> Any:
    """Shows one thing in clear; who looked is in the trail."""
    client, what = _client(client_id, Permission.CLIENT_REVEAL), wanted["what"]
    if what == "address":
        value = client.address
    elif wanted["id"] is None:
        raise NotFound()
    else:
        row = queries.part(IdentityDocument if what == "document" else Contact, wanted["id"], client)
        value = row.number if what == "document" else row.phone
    audit.opened(db.session, client, "client.revealed", fields=(what,))
    return {"value": value}


@bp.post("/clients/<uuid:client_id>/documents")
@bp.arguments(DocumentSchema)
@bp.response(201, DocumentOut)
@requires(Permission.CLIENT_WRITE)
def new_document(command: Any, client_id: UUID) -> Any:
    """One more document; `warnings` say what is odd about the number and blocked nothing."""
    client = _client(client_id)
    row = documents.add(command, client, the_actor())
    return created(row, "api_parts.document", client_id=client.id, part_id=row.id)


@bp.get("/clients/<uuid:client_id>/documents/<uuid:part_id>")
@bp.response(200, DocumentOut)
@requires(Permission.CLIENT_READ)
def document(client_id: UUID, part_id: UUID) -> Any:
    """One document; the number is masked."""
    return queries.part(IdentityDocument, part_id, _client(client_id, Permission.CLIENT_READ))


@bp.post("/clients/<uuid:client_id>/documents/<uuid:part_id>/void")
@bp.arguments(NoBody)
@bp.response(200, DocumentOut)
@requires(Permission.CLIENT_WRITE)
def void_document(_none: Any, client_id: UUID, part_id: UUID) -> Any:
    """A document that was read off wrongly no longer counts."""
    client = _client(client_id)
    row = queries.part(IdentityDocument, part_id, client)
    documents.void(row, client, the_actor())
    return shown(row, "api_parts.document", client_id=client.id, part_id=row.id)


@bp.post("/clients/<uuid:client_id>/contacts")
@bp.arguments(ContactSchema)
@bp.response(201, ContactOut)
@requires(Permission.CLIENT_WRITE)
def new_contact(command: Any, client_id: UUID) -> Any:
    """One more way to reach the person."""
    client = _client(client_id)
    row = contacts.add(command, client, the_actor())
    return created(row, "api_parts.contact", client_id=client.id, part_id=row.id)


@bp.get("/clients/<uuid:client_id>/contacts/<uuid:part_id>")
@bp.response(200, ContactOut)
@requires(Permission.CLIENT_READ)
def contact(client_id: UUID, part_id: UUID) -> Any:
    """One contact; the phone is masked."""
    return queries.part(Contact, part_id, _client(client_id, Permission.CLIENT_READ))


@bp.patch("/clients/<uuid:client_id>/contacts/<uuid:part_id>")
@bp.arguments(ContactSchema)
@bp.response(200, ContactOut)
@requires(Permission.CLIENT_WRITE)
def change_contact(command: Any, client_id: UUID, part_id: UUID) -> Any:
    """A contact said anew, as a whole."""
    client = _client(client_id)
    row = contacts.change(command, queries.part(Contact, part_id, client), client, the_actor())
    return shown(row, "api_parts.contact", client_id=client.id, part_id=row.id)


@bp.post("/clients/<uuid:client_id>/contacts/<uuid:part_id>/remove")
@bp.arguments(NoBody)
@bp.response(204)
@requires(Permission.CLIENT_WRITE)
def remove_contact(_none: Any, client_id: UUID, part_id: UUID) -> None:
    """A phone that is no longer right goes."""
    client = _client(client_id)
    contacts.remove(queries.part(Contact, part_id, client), client, the_actor())


@bp.get("/clients/<uuid:client_id>/tags")
@bp.response(200, page_of(TagOut))
@requires(Permission.CLIENT_READ)
def tags_of(client_id: UUID) -> Any:
    """Every target group the person has or had; those of restricted cases stand with the case."""
    return {"items": queries.of_client(_client(client_id, Permission.CLIENT_READ).id), "next": None}


@bp.post("/clients/<uuid:client_id>/tags")
@bp.arguments(AddTagSchema)
@bp.response(201, TagOut)
@requires(Permission.CLIENT_WRITE)
def new_tag(command: Any, client_id: UUID) -> Any:
    """One more target group."""
    client = _client(client_id)
    row = tags.add(command, client, the_actor())
    return created(row, "api_parts.tag", client_id=client.id, part_id=row.id)


@bp.get("/clients/<uuid:client_id>/tags/<uuid:part_id>")
@bp.response(200, TagOut)
@requires(Permission.CLIENT_READ)
def tag(client_id: UUID, part_id: UUID) -> Any:
    """One target group."""
    return queries.part(TargetTag, part_id, _client(client_id, Permission.CLIENT_READ))


def _tag_verb(name: str, schema: type[CommandSchema], verb: Any) -> None:
    """One address for each thing that can be done about a target group."""

    @bp.post(f"/clients/<uuid:client_id>/tags/<uuid:part_id>/{name}", endpoint=f"{name}_tag")
    @bp.arguments(schema)
    @bp.response(200, TagOut)
    @requires(Permission.CLIENT_WRITE)
    def act(command: Any, client_id: UUID, part_id: UUID) -> Any:
        """Confirms a suspected group, ends one, or says that it never held."""
        client = _client(client_id)
        row = verb(command, queries.part(TargetTag, part_id, client), client, the_actor())
        return shown(row, "api_parts.tag", client_id=client.id, part_id=row.id)


_tag_verb("confirm", ConfirmTagSchema, tags.confirm)
_tag_verb("end", EndTagSchema, tags.end)
_tag_verb("cancel", CancelTagSchema, tags.cancel)


@bp.get("/clients/<uuid:client_id>/refused")
@bp.response(200, RefusedOut)
@requires(Permission.CLIENT_READ)
def refused(client_id: UUID) -> Any:
    """What the person did not want to give."""
    return {"items": consents.refused(_client(client_id, Permission.CLIENT_READ).id)}


@bp.post("/clients/<uuid:client_id>/refused")
@bp.arguments(RefuseItemSchema)
@bp.response(200, RefusedOut)
@requires(Permission.CLIENT_WRITE)
def refuse(command: Any, client_id: UUID) -> Any:
    """The same as it stands now: items left out are taken back."""
    client = _client(client_id)
    rows = consent_service.refuse(command, client, the_actor())
    return shown({"items": [row.item for row in rows]}, "api_parts.refused", client_id=client.id)
