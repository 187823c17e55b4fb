"""Input of project sheets, their results, partners, and services for a community."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.visit import item_code, local_day, minutes
from caseapp.schemas.details.governance.parts import chosen, count, several
from caseapp.schemas.values import Day, optional_code

MOST_STEPS = 20
MOST_PARTNERS = 30


@dataclass(frozen=True)
class Step:
    """One step of the schedule."""

    text: str
    due_on: date
    who: str | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class WriteProject:
    """The whole sheet."""

    name: str
    survey_id: UUID | None = None
    for_whom: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    target_times: int | None = None
    target_attendances: int | None = None
    target_persons: int | None = None
    budget: int | None = None
    budget_source: str | None = None
    budget_note: str | None = None
    partner_ids: list[UUID] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    version: int | None = None


@dataclass(frozen=True)
class WriteResult:
    """What came of it, against the target."""

    reached: str
    result: str
    version: int
    persons: int | None = None
    lessons: str | None = None


@dataclass(frozen=True)
class Deliver:
    """A service for a community: the record, and who took part."""

    item: str
    happened_on: date
    head_count: int
    minutes: int | None = None
    persons: int | None = None
    case_id: UUID | None = None
    place: str | None = None
    parties: list[str] = field(default_factory=list)
    partner_ids: list[UUID] = field(default_factory=list)
    volunteers: int | None = None
    volunteer_hours: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class WritePartner:
    """An organisation the station works with."""

    name: str
    kind: str
    offers: str | None = None
    is_active: bool = True
    version: int | None = None


def _partners() -> fields.List[Any]:
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_PARTNERS))


class StepSchema(CommandSchema):
    """Loads to Step."""

    makes = Step
    text = Line(required=True, most=200)
    due_on = Day(required=True, past=False)
    who = Line(load_default=None, allow_none=True, most=60)
    done_on = Day(load_default=None, allow_none=True)


class WriteProjectSchema(CommandSchema):
    """Loads to WriteProject."""

    makes: ClassVar[type | None] = WriteProject
    name = Line(required=True, most=80)
    survey_id = fields.UUID(load_default=None, allow_none=True)
    for_whom = Line(load_default=None, allow_none=True, most=200)
    starts_on = Day(past=False, load_default=None, allow_none=True)
    ends_on = Day(past=False, load_default=None, allow_none=True)
    target_times = count(9999, 1)
    target_attendances = count(1_000_000, 1)
    target_persons = count(1_000_000, 1)
    budget = count(100_000_000)
    budget_source = optional_code("governance_budget_source")
    budget_note = Line(load_default=None, allow_none=True, most=200)
    partner_ids = _partners()
    steps = fields.List(fields.Nested(StepSchema), load_default=list, validate=validate.Length(max=MOST_STEPS))
    version = WholeInt(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["starts_on"] and data["ends_on"] and data["ends_on"] < data["starts_on"]:
            raise ValidationError(_l("The end lies before the beginning."), "ends_on")
        if (data["target_persons"] or 0) > (data["target_attendances"] or 1_000_000):
            raise ValidationError(_l("There cannot be more persons than attendances."), "target_persons")


class WriteResultSchema(CommandSchema):
    """Loads to WriteResult."""

    makes = WriteResult
    reached = chosen("governance_reached")
    persons = count(1_000_000)
    result = Text(required=True, most=4000)
    lessons = Text(load_default=None, allow_none=True, most=4000)
    version = WholeInt(required=True)


class DeliverSchema(CommandSchema):
    """Loads to Deliver."""

    makes = Deliver
    item = fields.String(required=True, validate=item_code, error_messages={"required": _l("Choose a service of the catalogue.")})
    happened_on = local_day(required=True)
    minutes = minutes()
    head_count = count(9999, 1, required=True)
    persons = count(9999, 1)
    case_id = fields.UUID(load_default=None, allow_none=True)
    place = Line(load_default=None, allow_none=True, most=80)
    parties = several("governance_party")
    partner_ids = _partners()
    volunteers = count(9999)
    volunteer_hours = count(9999)
    note = Text(load_default=None, allow_none=True, most=2000)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if (data["persons"] or 0) > data["head_count"]:
            raise ValidationError(_l("There cannot be more persons than attendances."), "persons")
        if data["volunteer_hours"] and not data["volunteers"]:
            raise ValidationError(_l("Say how many volunteers these hours are of."), "volunteers")


class WritePartnerSchema(CommandSchema):
    """Loads to WritePartner."""

    makes = WritePartner
    name = Line(required=True, most=60)
    kind = chosen("governance_partner_kind")
    offers = Line(load_default=None, allow_none=True, most=200)
    is_active = fields.Boolean(load_default=True)
    version = WholeInt(load_default=None, allow_none=True)
