"""Input of what an auditor says of a day that stood out."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class ReviewDay:
    """What came of it, and in which words."""

    finding: str
    note: str | None = None


class ReviewDaySchema(CommandSchema):
    """Loads to ReviewDay."""

    makes = ReviewDay
    finding = Coded("audit_finding", required=True)
    note = Line(most=300, load_default=None, allow_none=True)

    @validates_schema
    def _why(self, data: dict[str, Any], **_more: Any) -> None:
        if data["finding"] != "in_order" and not data["note"]:
            raise ValidationError(_l("Say what was asked, or what was handed on and to whom."), "note")
