"""Input and output of plans (form F5): goals with indicator, baseline, target and date; catalogue items; agreement."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt, between
from caseapp.schemas.values import Day, optional_code

MOST_GOALS = 10
MOST_ITEMS = 20


@dataclass(frozen=True)
class GoalInput:
    """What shall be different, seen by what, from where to where, by when; `id` names a goal that is there already."""

    text: str
    due_on: date
    indicator: str | None = None
    baseline: str | None = None
    target: str | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class ItemInput:
    """A service of the catalogue, how often and by whom."""

    item: str
    how_often: str | None = None
    who: str | None = None


@dataclass(frozen=True)
class WritePlan:
    """A whole plan; `version` when one is changed, none for a new one."""

    starts_on: date
    goals: tuple[GoalInput, ...]
    items: tuple[ItemInput, ...] = ()
    aim: str | None = None
    steps: str | None = None
    visit_days: int | None = None
    review_on: date | None = None
    agreed_on: date | None = None
    agreed_by: str | None = None
    agreed_how: str | None = None
    agreed_note: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class GoalProgress:
    """How far a goal is, in words and in one of five steps; dropping says why in the words."""

    progress: int
    version: int
    now: str | None = None
    dropped: bool = False


def _service(value: str) -> None:
    if not reference.catalogue().valid(value):
        raise ValidationError([_l("Choose a service of the catalogue.")])


class GoalSchema(CommandSchema):
    """Loads to GoalInput."""

    makes = GoalInput
    id = fields.UUID(load_default=None, allow_none=True)
    text = Text(required=True, most=500)
    indicator = Line(most=200, load_default=None, allow_none=True)
    baseline = Line(most=200, load_default=None, allow_none=True)
    target = Line(most=200, load_default=None, allow_none=True)
    due_on = Day(past=False, required=True)


class ItemSchema(CommandSchema):
    """Loads to ItemInput."""

    makes = ItemInput
    item = fields.String(required=True, validate=_service)
    how_often = Line(most=60, load_default=None, allow_none=True)
    who = Line(most=60, load_default=None, allow_none=True)


class WritePlanSchema(CommandSchema):
    """Loads to WritePlan."""

    makes = WritePlan
    aim = Text(most=1000, load_default=None, allow_none=True)
    steps = Text(most=3000, load_default=None, allow_none=True)
    visit_days = WholeInt(load_default=None, allow_none=True, validate=between(1, 366))
    starts_on = Day(past=False, required=True)
    review_on = Day(past=False, load_default=None, allow_none=True)
    agreed_on = Day(load_default=None, allow_none=True)
    agreed_by = optional_code("agreed_by")
    agreed_how = optional_code("agreed_how")
    agreed_note = Line(most=200, load_default=None, allow_none=True)
    goals = fields.List(fields.Nested(GoalSchema), required=True, validate=validate.Length(max=MOST_GOALS))
    items = fields.List(fields.Nested(ItemSchema), load_default=list, validate=validate.Length(max=MOST_ITEMS))
    version = WholeInt(load_default=None, allow_none=True)

    @validates_schema
    def _holds_together(self, data: dict[str, Any], **_more: Any) -> None:
        if not data.get("goals"):
            raise ValidationError(_l("A plan needs at least one goal."), "goals")
        if data["review_on"] is not None and data["review_on"] <= data["starts_on"]:
            raise ValidationError(_l("The next look at the plan comes after its beginning."), "review_on")
        agreed = (data["agreed_on"], data["agreed_by"], data["agreed_how"])
        if any(agreed) and not all(agreed):
            raise ValidationError(_l("For the agreement say the day, who agreed and how."), "agreed_on")


class GoalProgressSchema(CommandSchema):
    """Loads to GoalProgress."""

    makes = GoalProgress
    progress = WholeInt(required=True, validate=between(0, 4))
    now = Text(most=500, load_default=None, allow_none=True)
    dropped = fields.Boolean(load_default=False)
    version = WholeInt(required=True)


class GoalOut(Schema):
    """A goal as it goes out."""

    id = fields.UUID(required=True)
    text = fields.String(required=True, allow_none=True)
    indicator = fields.String(required=True, allow_none=True)
    baseline = fields.String(required=True, allow_none=True)
    target = fields.String(required=True, allow_none=True)
    now = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True)
    progress = fields.Integer(required=True)
    outcome = fields.String(required=True, allow_none=True)
    dropped = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class PlanItemOut(Schema):
    """An item as it goes out."""

    item = fields.String(required=True)
    how_often = fields.String(required=True, allow_none=True)
    who = fields.String(required=True, allow_none=True)


class PlanSchema(Schema):
    """A plan as it goes out."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True)
    aim = fields.String(required=True, allow_none=True)
    steps = fields.String(required=True, allow_none=True)
    visit_days = fields.Integer(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    review_on = fields.Date(required=True, allow_none=True)
    agreed_on = fields.Date(required=True, allow_none=True)
    agreed_by = fields.String(required=True, allow_none=True)
    agreed_how = fields.String(required=True, allow_none=True)
    goals = fields.List(fields.Nested(GoalOut), required=True)
    items = fields.List(fields.Nested(PlanItemOut), required=True)
    version = fields.Integer(required=True)
