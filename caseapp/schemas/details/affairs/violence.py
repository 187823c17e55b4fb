"""Input about domestic violence: what is known, safety plan, paths and answers, report to the police, safe contact."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.details.affairs.base import KeepSchema, Moment, yes_no
from caseapp.schemas.values import Coded, Day, optional_code

PLAN_PARTS = ("signs", "safe_place", "packed", "call", "for_children", "code_word")


@dataclass(frozen=True)
class TakePath:
    """A way to help, and what the person said to it."""

    path: str
    answer: str
    happened_on: date
    result: str | None = None


@dataclass(frozen=True)
class ReportToPolice:
    """The report that the law asks for."""

    reported_at: datetime
    how: str
    told: str
    receipt: str | None = None
    said: str | None = None


@dataclass(frozen=True)
class ContactSafely:
    """How and when contact does no harm; empty when any way is right."""

    version: int
    safe_contact: str | None = None


@dataclass(frozen=True)
class FindViolence:
    """Violence came to light in a case of marriage and family: how, and on which day."""

    reason: str
    found_on: date
    version: int


class ViolenceSchema(KeepSchema):
    """Loads to Keep."""

    capacity = optional_code("affairs_capacity")
    found_at = Moment(load_default=None, allow_none=True)
    harmed_by = optional_code("relation")
    lives_together = yes_no()
    children_see = yes_no()
    what_happened = Text(most=5000, load_default=None, allow_none=True)
    wishes = Text(most=2000, load_default=None, allow_none=True)


class SafetyPlanSchema(KeepSchema):
    """Loads to Keep: at least one part."""

    made_on = Day(required=True)
    signs = Text(most=1000, load_default=None, allow_none=True)
    safe_place = Text(most=1000, load_default=None, allow_none=True)
    packed = Text(most=1000, load_default=None, allow_none=True)
    call = Text(most=1000, load_default=None, allow_none=True)
    for_children = Text(most=1000, load_default=None, allow_none=True)
    code_word = Line(most=60, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _something(self, data: dict[str, Any], **_more: Any) -> None:
        if not any(data.get(part) for part in PLAN_PARTS):
            raise ValidationError(_l("Write down at least one thing to do."), "signs")


class PathSchema(CommandSchema):
    """Loads to TakePath."""

    makes = TakePath
    path = Coded("affairs_path", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    answer = Coded("affairs_path_answer", required=True, error_messages={"required": _l("Say what the person wants.")})
    happened_on = Day(required=True)
    result = Text(most=1000, load_default=None, allow_none=True)


class PoliceReportSchema(CommandSchema):
    """Loads to ReportToPolice."""

    makes = ReportToPolice
    reported_at = Moment(required=True)
    how = Coded("affairs_report_how", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    told = Line(most=200, required=True)
    receipt = Line(most=100, load_default=None, allow_none=True)
    said = Text(most=3000, load_default=None, allow_none=True)


class SafeContactSchema(CommandSchema):
    """Loads to ContactSafely."""

    makes = ContactSafely
    version = WholeInt(required=True)
    safe_contact = Line(most=200, load_default=None, allow_none=True)


class FindViolenceSchema(CommandSchema):
    """Loads to FindViolence."""

    makes = FindViolence
    reason = Text(required=True, most=1000)
    found_on = Day(required=True)
    version = WholeInt(required=True)
