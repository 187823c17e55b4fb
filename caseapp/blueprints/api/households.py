"""Households, members and who is what to whom."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, NoBody, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.extensions import db
from caseapp.queries.casework import households as queries
from caseapp.schemas.casework.household import (
    CreateHouseholdSchema,
    EditHouseholdSchema,
    HouseholdSchema,
    MemberSchema,
    PairSchema,
    RelateSchema,
    RelationOut,
)
from caseapp.services.casework import households as service
from caseapp.services.trust import audit

bp = api_blueprint("households", __name__, "Households of a station.")


class AddressOut(Schema):
    """An address in clear."""

    value = fields.String(required=True, allow_none=True)


@bp.get("/households")
@bp.arguments(ListQuery, location="query")
@bp.response(200, page_of(HouseholdSchema))
@requires(Permission.CLIENT_READ)
def index(query: dict[str, Any]) -> Any:
    """Households by name."""
    return queries.listed(query["cursor"], query["limit"])


@bp.post("/households")
@bp.arguments(CreateHouseholdSchema)
@bp.response(201, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def new(command: Any) -> Any:
    """A new household with its first members."""
    row = service.create(command, the_actor())
    return created(row, "api_households.show", household_id=row.id)


@bp.get("/households/<uuid:household_id>")
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_READ)
def show(household_id: UUID) -> Any:
    """One household; members out of scope are absent."""
    return queries.one(household_id)


@bp.post("/households/<uuid:household_id>/reveal")
@bp.arguments(NoBody)
@bp.response(200, AddressOut)
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(_none: Any, household_id: UUID) -> Any:
    """The address in clear; who looked is in the trail."""
    row = queries.one(household_id)
    audit.opened(db.session, row, "household.revealed", fields=("address",))
    return {"value": row.address}


@bp.patch("/households/<uuid:household_id>")
@bp.arguments(EditHouseholdSchema)
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def change(command: Any, household_id: UUID) -> Any:
    """What is known, put right."""
    row = queries.one(household_id)
    service.edit(command, row, the_actor())
    return shown(queries.one(row.id), "api_households.show", household_id=row.id)


@bp.post("/households/<uuid:household_id>/members")
@bp.arguments(MemberSchema)
@bp.response(201, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def member(command: Any, household_id: UUID) -> Any:
    """One more member."""
    row = queries.one(household_id)
    service.add_member(command, row, the_actor())
    return created(queries.one(row.id), "api_households.show", household_id=row.id)


@bp.post("/households/<uuid:household_id>/relations")
@bp.arguments(RelateSchema)
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def relate(command: Any, household_id: UUID) -> Any:
    """Who is what to whom; the inverse is written beside it."""
    row = queries.one(household_id)
    service.relate(command, row, the_actor())
    return shown(queries.one(row.id), "api_households.show", household_id=row.id)


@bp.patch("/households/<uuid:household_id>/members/<uuid:member_id>")
@bp.arguments(MemberSchema)
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def change_member(command: Any, household_id: UUID, member_id: UUID) -> Any:
    """What is known of a member, put right as a whole."""
    row = queries.one(household_id)
    service.edit_member(command, queries.member(member_id, row), row, the_actor())
    return shown(queries.one(row.id), "api_households.show", household_id=row.id)


@bp.post("/households/<uuid:household_id>/members/<uuid:member_id>/remove")
@bp.arguments(NoBody)
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def remove_member(_none: Any, household_id: UUID, member_id: UUID) -> Any:
    """A member leaves the household."""
    row = queries.one(household_id)
    service.remove_member(queries.member(member_id, row), row, the_actor())
    return shown(queries.one(row.id), "api_households.show", household_id=row.id)


@bp.get("/households/<uuid:household_id>/relations")
@bp.response(200, page_of(RelationOut))
@requires(Permission.CLIENT_READ)
def relations(household_id: UUID) -> Any:
    """Who is what to whom, each relationship in both directions."""
    return {"items": queries.links(queries.one(household_id)), "next": None}


@bp.post("/households/<uuid:household_id>/relations/end")
@bp.arguments(PairSchema)
@bp.response(200, HouseholdSchema)
@requires(Permission.CLIENT_WRITE)
def unrelate(command: Any, household_id: UUID) -> Any:
    """A relationship that was wrong goes, in both directions."""
    row = queries.one(household_id)
    service.unrelate(command, row, the_actor())
    return shown(queries.one(row.id), "api_households.show", household_id=row.id)
