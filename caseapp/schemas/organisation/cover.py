"""Who stands in for whom, from when until when."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.values import Coded, Day

LONGEST = 366  # days; a longer absence is a handover
NOBODY = _l("Choose somebody.")


@dataclass(frozen=True)
class SetCover:
    """Somebody does the work of an absent colleague until a day."""

    cover_id: UUID
    from_on: date
    to_on: date
    reason: str
    note: str | None = None
    with_restricted: bool = False


@dataclass(frozen=True)
class EndCover:
    """The absence is over earlier."""

    version: int


class SetCoverSchema(CommandSchema):
    """Loads to SetCover."""

    makes = SetCover
    cover_id = fields.UUID(required=True, error_messages={"required": NOBODY, "invalid_uuid": NOBODY})
    from_on = Day(required=True, past=False)
    to_on = Day(required=True, past=False)
    reason = Coded("cover_reason", required=True)
    note = Line(most=200, load_default=None, allow_none=True)
    with_restricted = fields.Boolean(load_default=False)

    @validates_schema
    def _days(self, data: dict[str, Any], **_more: Any) -> None:
        if data["to_on"] < data["from_on"]:
            raise ValidationError(_l("The last day lies before the first."), "to_on")
        if data["to_on"] < clock.today():
            raise ValidationError(_l("This day is over."), "to_on")
        if (data["to_on"] - data["from_on"]).days > LONGEST:
            raise ValidationError(_l("At most a year. For longer, hand the files over."), "to_on")


class EndCoverSchema(CommandSchema):
    """Loads to EndCover."""

    makes = EndCover
    version = WholeInt(required=True)
