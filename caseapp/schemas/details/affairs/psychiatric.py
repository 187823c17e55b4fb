"""Input of psychiatric community rehabilitation: way in and guardian, steps, what doctors and the health service say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text
from caseapp.schemas.details.affairs.base import KeepSchema
from caseapp.schemas.values import Coded, Day, optional_code


@dataclass(frozen=True)
class TakeRehabStep:
    """A step on a day, by which office or body."""

    step: str
    happened_on: date
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class NoteFinding:
    """What was told: which kind, its code, by whom, on which day."""

    kind: str
    value: str
    found_on: date
    told_by: str
    result: str | None = None


class PsychiatricSchema(KeepSchema):
    """Loads to Keep."""

    way_in = optional_code("affairs_way_in")
    guardian = Line(most=60, load_default=None, allow_none=True)
    guardian_relation = optional_code("relation")
    guardian_phone = Line(most=40, load_default=None, allow_none=True)
    hospital = Line(most=120, load_default=None, allow_none=True)
    place = Line(most=120, load_default=None, allow_none=True)
    platform = Line(most=60, load_default=None, allow_none=True)


class RehabStepSchema(CommandSchema):
    """Loads to TakeRehabStep."""

    makes = TakeRehabStep
    step = Coded("affairs_rehab_step", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    happened_on = Day(required=True)
    by = Line(most=120, load_default=None, allow_none=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class FindingSchema(CommandSchema):
    """Loads to NoteFinding: the value is of the list of its kind; a scale says its result."""

    makes = NoteFinding
    kind = Coded("affairs_finding", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    value = fields.String(
        required=True, validate=validate.Length(max=16), error_messages={"required": _l("Choose one of the answers offered.")}
    )
    found_on = Day(required=True)
    told_by = Line(most=120, required=True)
    result = Text(most=1000, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if not reference.codes(f"affairs_{data['kind']}").valid(data["value"]):
            raise ValidationError(_l("Choose one of the answers offered."), "value")
        if data["kind"] == "scale" and not data.get("result"):
            raise ValidationError(_l("Write down the result as it was told."), "result")
