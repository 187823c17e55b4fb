"""Input about the tree: stations, service points, contractors, names, moving and closing."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core import phones
from caseapp.core.credit_codes import credit_code
from caseapp.core.text import _l
from caseapp.reference import naming
from caseapp.schemas.base import CommandSchema, Line, LocalDay, WholeInt


def _hosts() -> list[str]:
    return list(reference.codes("host").codes())


class CreditCode(Line):
    """A unified social credit code, checked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(most=24, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        code = credit_code(text) if text else None
        if text and code is None:
            raise ValidationError([_l("This is not a valid unified social credit code: look at each of its 18 characters.")])
        return code


@dataclass(frozen=True)
class OpenStation:
    """A new station under a township, street or management area."""

    opened_on: date
    host: str | None = None
    contractor_id: UUID | None = None
    name: str | None = None
    name_reason: str | None = None


class OpenStationSchema(CommandSchema):
    """Loads to OpenStation; without a name the official one is generated."""

    makes = OpenStation
    opened_on = LocalDay(required=True)
    host = Line(most=20, load_default=None)
    contractor_id = fields.UUID(load_default=None)
    name = Line(most=120, load_default=None)
    name_reason = Line(most=200, load_default=None)


@dataclass(frozen=True)
class OpenPoint:
    """A new service point of a station, in a village."""

    division_code: str
    ending: str
    opened_on: date
    host: str | None = None
    name: str | None = None
    name_reason: str | None = None


class OpenPointSchema(CommandSchema):
    """Loads to OpenPoint."""

    makes = OpenPoint
    division_code = Line(required=True, most=12)
    ending = fields.String(required=True, validate=validate.OneOf(naming.endings()))
    opened_on = LocalDay(required=True)
    host = Line(most=20, load_default=None)
    name = Line(most=120, load_default=None)
    name_reason = Line(most=200, load_default=None)


@dataclass(frozen=True)
class EditOrganisation:
    """New facts of a station, point or contractor."""

    name: str
    short_name: str
    version: int
    name_reason: str | None = None
    host: str | None = None
    contractor_id: UUID | None = None
    phone: str | None = None


class EditOrganisationSchema(CommandSchema):
    """Loads to EditOrganisation."""

    makes = EditOrganisation
    name = Line(required=True, most=120)
    short_name = Line(required=True, most=60)
    name_reason = Line(most=200, load_default=None)
    host = Line(most=20, load_default=None)
    contractor_id = fields.UUID(load_default=None)
    phone = Line(most=30, load_default=None)
    version = WholeInt(required=True)

    @validates_schema
    def _calls(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["phone"]:
            return
        try:
            phones.parse(data["phone"])
        except phones.BadPhone as error:
            raise ValidationError(str(error.message) % error.facts, "phone") from error


@dataclass(frozen=True)
class CloseOrganisation:
    """Closing from a day on, with the reason."""

    closed_on: date
    reason: str
    version: int


class CloseOrganisationSchema(CommandSchema):
    """Loads to CloseOrganisation."""

    makes = CloseOrganisation
    closed_on = LocalDay(required=True)
    reason = Line(required=True, most=200)
    version = WholeInt(required=True)


@dataclass(frozen=True)
class MoveOrganisation:
    """Another parent, with the reason."""

    parent_id: UUID
    reason: str
    version: int


class MoveOrganisationSchema(CommandSchema):
    """Loads to MoveOrganisation."""

    makes = MoveOrganisation
    parent_id = fields.UUID(required=True)
    reason = Line(required=True, most=200)
    version = WholeInt(required=True)


@dataclass(frozen=True)
class RegisterContractor:
    """A contractor and the bureau that buys from it."""

    name: str
    credit_code: str
    buyer_id: UUID
    from_on: date


class RegisterContractorSchema(CommandSchema):
    """Loads to RegisterContractor."""

    makes = RegisterContractor
    name = Line(required=True, most=120)
    credit_code = CreditCode(required=True)
    buyer_id = fields.UUID(required=True)
    from_on = LocalDay(required=True)
