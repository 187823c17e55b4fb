"""Input of the second factor: a code, the password it is begun with, which roles need it."""

from dataclasses import dataclass, field

from marshmallow import fields, validate

from caseapp.access.roles import ROLES
from caseapp.schemas.base import CommandSchema, Line, WholeInt, between
from caseapp.schemas.organisation.sign_in import Password


@dataclass(frozen=True)
class SecondStep:
    """A code of the authenticator, or a recovery code."""

    code: str


class SecondStepSchema(CommandSchema):
    """Loads to SecondStep."""

    makes = SecondStep
    code = Line(required=True, most=40)


@dataclass(frozen=True)
class BeginFactor:
    """The own password once more."""

    password: str


class BeginFactorSchema(CommandSchema):
    """Loads to BeginFactor."""

    makes = BeginFactor
    password = Password(required=True)


@dataclass(frozen=True)
class SetControls:
    """Which roles need a second factor; `days` until one that is new is needed; the reason for the trail."""

    version: int
    days: int
    reason: str
    roles: tuple[str, ...] = field(default=())


class SetControlsSchema(CommandSchema):
    """Loads to SetControls."""

    makes = SetControls
    version = WholeInt(required=True)
    days = WholeInt(required=True, validate=between(0, 60))
    reason = Line(required=True, most=200)
    roles = fields.List(
        fields.String(validate=validate.OneOf(list(ROLES))), load_default=(), validate=validate.Length(max=len(ROLES))
    )
