"""Input of meetings of residents, and of what became of their decisions."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.details.governance.parts import chosen, count, several
from caseapp.schemas.values import Day, DivisionCode


@dataclass(frozen=True)
class RecordMeeting:
    """When, where, who called it, how many came, what about, what was decided."""

    happened_on: date
    division_code: str | None
    called_by: str
    present: int
    subject: str
    decided: str
    place: str | None = None
    matters: list[str] = field(default_factory=list)
    follow_up_on: date | None = None
    case_id: UUID | None = None


@dataclass(frozen=True)
class FollowUp:
    """What became of the decisions."""

    followed_on: date
    followed: str
    version: int


class RecordMeetingSchema(CommandSchema):
    """Loads to RecordMeeting."""

    makes: ClassVar[type | None] = RecordMeeting
    happened_on = Day(required=True)
    division_code = DivisionCode()
    place = Line(load_default=None, allow_none=True, most=80)
    called_by = chosen("governance_called_by")
    present = count(9999, 2, required=True)
    matters = several("governance_matter", least=1)
    subject = Line(required=True, most=120)
    decided = Text(required=True, most=4000)
    follow_up_on = Day(past=False, load_default=None, allow_none=True)
    case_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["division_code"]:
            raise ValidationError(_l("Choose a place from the list."), "division_code")
        if data["follow_up_on"] is not None and data["follow_up_on"] < data["happened_on"]:
            raise ValidationError(_l("This day lies before the meeting."), "follow_up_on")


class FollowUpSchema(CommandSchema):
    """Loads to FollowUp."""

    makes = FollowUp
    followed_on = Day(required=True)
    followed = Text(required=True, most=2000)
    version = WholeInt(required=True)
