"""Input about accounts and grants."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from caseapp.access.roles import ROLES
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, LocalDay, WholeInt


class Username(Line):
    """A user name: small Latin letters, digits, dot, hyphen and underscore."""

    def __init__(self, **more: Any) -> None:
        super().__init__(most=40, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        name = super()._deserialize(value, attr, data, **more)
        name = name.lower() if name else name
        if name and (len(name) < 2 or not all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in name)):
            raise ValidationError([_l("Two or more of a–z, 0–9, dot, hyphen and underscore.")])
        return name


@dataclass(frozen=True)
class CreateAccount:
    """A new account, looked after at a place of the tree."""

    username: str
    name: str
    home_id: UUID


class CreateAccountSchema(CommandSchema):
    """Loads to CreateAccount."""

    makes = CreateAccount
    username = Username(required=True)
    name = Line(required=True, most=60)
    home_id = fields.UUID(required=True)


@dataclass(frozen=True)
class Reasoned:
    """A reason, and the version it was drawn from."""

    reason: str
    version: int


class ReasonedSchema(CommandSchema):
    """Loads to Reasoned."""

    makes = Reasoned
    reason = Line(required=True, most=200)
    version = WholeInt(required=True)


@dataclass(frozen=True)
class ProposeGrant:
    """A role for a user at one place, or at several stations."""

    role: str
    places: list[UUID]
    from_on: date
    reason: str
    to_on: date | None = field(default=None)


class ProposeGrantSchema(CommandSchema):
    """Loads to ProposeGrant."""

    makes = ProposeGrant
    role = fields.String(required=True, validate=validate.OneOf(list(ROLES)))
    places = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 30))
    from_on = LocalDay(required=True)
    to_on = LocalDay(load_default=None, allow_none=True)
    reason = Line(required=True, most=200)


@dataclass(frozen=True)
class Refuse:
    """Why not."""

    note: str


class RefuseSchema(CommandSchema):
    """Loads to Refuse."""

    makes = Refuse
    note = Line(required=True, most=200)
