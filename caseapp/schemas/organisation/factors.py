"""Input of the second factor: a code, the password it is begun with, which roles need it."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from caseapp.access.limits import BOUNDS
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
    """Which roles need a second factor; `days` until one that is new is needed; the limits that are set; the reason for the trail."""

    version: int
    days: int
    reason: str
    roles: tuple[str, ...] = field(default=())
    limits: dict[str, int] = field(default_factory=dict)


LIMITS: dict[str, Any] = {name: WholeInt(validate=between(*bounds)) for name, bounds in BOUNDS.items()}


class SetControlsSchema(CommandSchema.from_dict(LIMITS, name="Limits")):  # type: ignore[misc]  # one member for each limit there is
    """Loads to SetControls."""

    version = WholeInt(required=True)
    days = WholeInt(required=True, validate=between(0, 60))
    reason = Line(required=True, most=200)
    roles = fields.List(
        fields.String(validate=validate.OneOf(list(ROLES))), load_default=(), validate=validate.Length(max=len(ROLES))
    )

    @pre_load
    def _known(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        """What a form leaves empty stays as it is."""
        return {name: value for name, value in data.items() if name not in BOUNDS or value is not None}

    @post_load
    def _command(self, data: dict[str, Any], **_more: Any) -> SetControls:
        limits = {name: data.pop(name) for name in BOUNDS if name in data}
        return SetControls(limits=limits, **data)
