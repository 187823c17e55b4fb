"""Village contacts: whom the station calls in a village."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, NoBody, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.extensions import db
from caseapp.queries.casework import village_contacts as queries
from caseapp.schemas.casework.village import (
    AddVillageContactSchema,
    EditVillageContactSchema,
    SwitchVillageContactSchema,
    VillageContactOut,
    VillagePhoneOut,
)
from caseapp.schemas.values import DivisionCode
from caseapp.services.casework import village_contacts as service
from caseapp.services.trust import audit

bp = api_blueprint("village_contacts", __name__, "Cadres, children's directors and grid members, by village.")


class ContactQuery(ListQuery):
    """Which village; those who hold a post, or who held one before."""

    village = DivisionCode()
    former = fields.Boolean(load_default=False)


@bp.get("/villages/contacts")
@bp.arguments(ContactQuery, location="query")
@bp.response(200, page_of(VillageContactOut))
@requires(Permission.CLIENT_READ)
def index(query: dict[str, Any]) -> Any:
    """Village by village."""
    return queries.listed(query["village"], query["former"], query["cursor"], query["limit"])


@bp.post("/villages/contacts")
@bp.arguments(AddVillageContactSchema)
@bp.response(201, VillageContactOut)
@requires(Permission.CLIENT_WRITE)
def new(command: Any) -> Any:
    """Somebody else to call."""
    row = service.add(command, the_actor())
    return created(row, "api_village_contacts.show", contact_id=row.id)


@bp.get("/villages/contacts/<uuid:contact_id>")
@bp.response(200, VillageContactOut)
@requires(Permission.CLIENT_READ)
def show(contact_id: UUID) -> Any:
    """One contact; the phone is masked."""
    return queries.one(contact_id)


@bp.post("/villages/contacts/<uuid:contact_id>/reveal")
@bp.arguments(NoBody)
@bp.response(200, VillagePhoneOut)
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(_none: Any, contact_id: UUID) -> Any:
    """The number in clear; who looked is in the trail."""
    row = queries.one(contact_id)
    audit.opened(db.session, row, "village_contact.revealed", fields=("phone",))
    return {"value": row.phone}


@bp.patch("/villages/contacts/<uuid:contact_id>")
@bp.arguments(EditVillageContactSchema)
@bp.response(200, VillageContactOut)
@requires(Permission.CLIENT_WRITE)
def change(command: Any, contact_id: UUID) -> Any:
    """A contact put right, as a whole."""
    row = service.edit(command, queries.one(contact_id), the_actor())
    return shown(row, "api_village_contacts.show", contact_id=row.id)


@bp.post("/villages/contacts/<uuid:contact_id>/switch")
@bp.arguments(SwitchVillageContactSchema)
@bp.response(200, VillageContactOut)
@requires(Permission.CLIENT_WRITE)
def switch(command: Any, contact_id: UUID) -> Any:
    """Holds the post no longer, or again."""
    row = service.switch(command, queries.one(contact_id), the_actor())
    return shown(row, "api_village_contacts.show", contact_id=row.id)
