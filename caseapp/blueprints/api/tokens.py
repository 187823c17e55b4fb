"""Tokens: the API's own sign-in, with the same lock-out as the page, and its end."""

from typing import Any

from flask import request
from marshmallow import Schema, fields

from caseapp.blueprints.api import api_blueprint
from caseapp.blueprints.http.guard import public, signed_in
from caseapp.blueprints.http.visitor import the_actor
from caseapp.schemas.organisation.sign_in import SignIn, TokenSchema
from caseapp.services.organisation import sign_in as service

bp = api_blueprint("tokens", __name__, "Signing in and out for programs.")


class TokenOut(Schema):
    """A token, shown this once."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    grant = fields.UUID(required=True)


@bp.post("/tokens")
@bp.arguments(TokenSchema)
@bp.response(201, TokenOut)
@public(reading=True)
def new(command: SignIn) -> Any:
    """A token for one grant: the wanted one, else the first in force. It lives 8 hours and dies with its grant."""
    return service.make_token(command, address=request.remote_addr or "")


@bp.delete("/tokens/current")
@bp.response(204)
@signed_in
def end() -> None:
    """Ends the token of this call."""
    service.end_token(the_actor())
