"""The end of a task."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class EndTask:
    """Done, or could not be done and why."""

    state: str
    reason: str | None = None


class EndTaskSchema(CommandSchema):
    """Loads to EndTask."""

    makes = EndTask
    state = Coded("task_state", only=("done", "undone"), required=True)
    reason = Line(most=200, load_default=None, allow_none=True)

    @validates_schema
    def _why(self, data: dict[str, Any], **_more: Any) -> None:
        if data["state"] == "undone" and not data["reason"]:
            raise ValidationError(_l("Say why it could not be done."), "reason")


class TaskOut(Schema):
    """A task as it goes out."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    case_id = fields.UUID(required=True, allow_none=True)
    user_id = fields.UUID(required=True, allow_none=True)
    for_role = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    ended_reason = fields.String(required=True, allow_none=True)
