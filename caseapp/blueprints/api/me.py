"""GET /me: the user behind the token, the grants, and the one in force."""

from typing import Any

from marshmallow import Schema, fields

from caseapp.access.roles import ROLES
from caseapp.blueprints.api import api_blueprint
from caseapp.blueprints.http.guard import signed_in
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.organisation import places

bp = api_blueprint("me", __name__, "Who the token belongs to.")


class GrantOut(Schema):
    """One grant in force."""

    id = fields.UUID(required=True)
    role = fields.String(required=True)
    role_name = fields.Function(lambda grant: str(ROLES[grant.role].label), required=True)
    place = fields.String(required=True)


class MeOut(Schema):
    """The user, the grants and the active one."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantOut), required=True)
    active_grant = fields.UUID(required=True, allow_none=True)
    permissions = fields.List(fields.String(), required=True)


@bp.get("/me")
@bp.response(200, MeOut)
@signed_in
def show() -> dict[str, Any]:
    """The user, all grants in force and the one this token is bound to."""
    actor = the_actor()
    return {
        "id": actor.user_id,
        "name": actor.user_name,
        "language": actor.language,
        "grants": places.grants_of(actor),
        "active_grant": actor.grant_id,
        "permissions": sorted(actor.permissions),
    }
