"""Input of the sign-in."""

from dataclasses import dataclass

from marshmallow import fields, validate

from caseapp.schemas.base import CommandSchema, Line


@dataclass(frozen=True)
class SignIn:
    """A name and a password, and one of the grants if wanted."""

    username: str
    password: str


class SignInSchema(CommandSchema):
    """Loads to SignIn."""

    makes = SignIn
    username = Line(required=True, most=60)
    password = fields.String(required=True, validate=validate.Length(1, 200))
