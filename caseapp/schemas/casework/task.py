"""The end of a task."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validates_schema

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
