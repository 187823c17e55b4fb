"""Input of signing in, one-time codes and passwords."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line


class Password(fields.String):
    """A password: taken as it is, spaces and all; never echoed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Length(1, 200), load_only=True, metadata={"format": "password"}, **more)


@dataclass(frozen=True)
class SignIn:
    """A name and a password; `code` is for a second factor, `grant` one of the own grants (API)."""

    username: str
    password: str
    code: str | None = None
    grant: UUID | None = None


class SignInSchema(CommandSchema):
    """Loads to SignIn, for the page."""

    makes = SignIn
    username = Line(required=True, most=60)
    password = Password(required=True)


class TokenSchema(SignInSchema):
    """Loads to SignIn, for the API."""

    code = Line(most=20, load_default=None)
    grant = fields.UUID(load_default=None)


@dataclass(frozen=True)
class UseCode:
    """A one-time code and the password to set with it."""

    username: str
    code: str
    password: str


class UseCodeSchema(CommandSchema):
    """Loads to UseCode."""

    makes = UseCode
    username = Line(required=True, most=60)
    code = Line(required=True, most=40)
    password = Password(required=True)
    again = Password(required=True)

    @validates_schema
    def _same(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("password") != data.get("again"):
            raise ValidationError(_l("The two passwords differ."), "again")


@dataclass(frozen=True)
class ChangePassword:
    """The present password and the new one."""

    current: str
    password: str


class ChangePasswordSchema(CommandSchema):
    """Loads to ChangePassword."""

    makes = ChangePassword
    current = Password(required=True)
    password = Password(required=True)
    again = Password(required=True)

    @validates_schema
    def _same(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("password") != data.get("again"):
            raise ValidationError(_l("The two passwords differ."), "again")


@dataclass(frozen=True)
class Proof:
    """A fresh proof of who acts: the password, or a code where there is a second factor."""

    proof: str


class ProofSchema(CommandSchema):
    """Loads to Proof."""

    makes = Proof
    proof = Password(required=True)
