"""Input about vagrants: help, leaving, the way home, where somebody was found, a name at last."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text
from caseapp.schemas.details.affairs.base import KeepSchema, some, yes_no
from caseapp.schemas.values import Coded, Day, optional_code

KINDS = ("VB01", "VB02", "VB03", "VB04", "VB05")


@dataclass(frozen=True)
class FindAt:
    """Where the person was found or seen."""

    found_on: date
    place: str
    note: str | None = None


@dataclass(frozen=True)
class Identify:
    """A name at last: who it is, how that was established, the number if there is one."""

    name: str
    happened_on: date
    how: str
    number: str | None = None


class VagrantSchema(KeepSchema):
    """Loads to Keep."""

    kind = Coded("affairs_kind", only=KINDS, required=True)
    helps = some("affairs_help")
    help_until = Day(past=False, load_default=None, allow_none=True)
    told_free = yes_no()
    photo = optional_code("affairs_photo")
    left_on = Day(load_default=None, allow_none=True)
    left_how = optional_code("affairs_left")
    returned_on = Day(load_default=None, allow_none=True)
    home = Text(most=1000, load_default=None, allow_none=True)
    danger = Text(most=1000, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["left_on"] is not None and data["left_how"] is None:
            raise ValidationError(_l("Say how the person left."), "left_how")
        if data["left_how"] is not None and data["left_on"] is None:
            raise ValidationError(_l("Say on which day."), "left_on")
        if data["kind"] == "VB02" and data["returned_on"] is None:
            raise ValidationError(_l("Say since when the person is home again."), "returned_on")


class PlaceSchema(CommandSchema):
    """Loads to FindAt."""

    makes = FindAt
    found_on = Day(required=True)
    place = Line(most=200, required=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class IdentifySchema(CommandSchema):
    """Loads to Identify."""

    makes = Identify
    name = Line(most=60, required=True)
    happened_on = Day(required=True)
    how = Text(most=1000, required=True)
    number = Line(most=40, load_default=None, allow_none=True)
