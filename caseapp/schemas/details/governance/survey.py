"""Input of needs surveys and of their findings."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.visit import item_code
from caseapp.schemas.details.governance.parts import count, several
from caseapp.schemas.values import Day, DivisionCode, optional_code

MOST_FINDINGS = 20


@dataclass(frozen=True)
class Finding:
    """One need: what, for which service, how many said so."""

    need: str
    item: str
    said: int | None = None
    urgency: str | None = None


@dataclass(frozen=True)
class WriteSurvey:
    """A whole survey, as it stands."""

    title: str
    from_on: date
    methods: list[str]
    division_code: str | None = None
    to_on: date | None = None
    sample: int | None = None
    population: int | None = None
    report: str | None = None
    findings: list[Finding] = field(default_factory=list)
    version: int | None = None


class FindingSchema(CommandSchema):
    """Loads to Finding."""

    makes = Finding
    need = Line(required=True, most=200)
    item = fields.String(required=True, validate=item_code, error_messages={"required": _l("Choose a service of the catalogue.")})
    said = count()
    urgency = optional_code("governance_urgency")


class WriteSurveySchema(CommandSchema):
    """Loads to WriteSurvey."""

    makes: ClassVar[type | None] = WriteSurvey
    title = Line(required=True, most=80)
    division_code = DivisionCode()
    from_on = Day(required=True)
    to_on = Day(load_default=None, allow_none=True)
    methods = several("governance_method", least=1)
    sample = count()
    population = count()
    report = Text(load_default=None, allow_none=True, most=10000)
    findings = fields.List(fields.Nested(FindingSchema), load_default=list, validate=validate.Length(max=MOST_FINDINGS))
    version = WholeInt(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["to_on"] is not None and data["to_on"] < data["from_on"]:
            raise ValidationError(_l("The end lies before the beginning."), "to_on")
        sample, population = data["sample"], data["population"]
        if sample is not None and population is not None and sample > population:
            raise ValidationError(_l("More people answered than there are."), "sample")
        if data["to_on"] is not None and not data["findings"]:
            raise ValidationError(_l("A finished survey needs at least one finding."), "to_on")
        if sample is not None and any((row.said or 0) > sample for row in data["findings"]):
            raise ValidationError(_l("More people said so than answered."), "sample")


@dataclass(frozen=True)
class VoidPaper:
    """Take a survey, a request or a meeting out of every list and count, with a reason."""

    reason: str
    version: int


class VoidPaperSchema(CommandSchema):
    """Loads to VoidPaper."""

    makes = VoidPaper
    reason = Line(required=True, most=200, validate=validate.Length(min=2, error=_l("Say why, in a few words.")))
    version = WholeInt(required=True)
