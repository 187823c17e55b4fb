"""Input and output of assessments; which answers an instrument takes is judged by its definition, not here."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line, Text, WholeInt, between
from caseapp.schemas.values import Day


@dataclass(frozen=True)
class Assessor:
    """Who assessed, whether with medical training, and whether trained for this very instrument."""

    name: str
    medical: bool = False
    trained: bool = False


@dataclass(frozen=True)
class RecordAssessment:
    """Answers by item code, conditions by code (1 for a flag, a number for a count); `finish` asks for the result.

    `instrument_version` is said by who brings results from elsewhere: another than the one in force is refused.
    """

    instrument: str
    assessed_on: date
    reason: str = "first"
    answers: dict[str, int] = field(default_factory=dict)
    conditions: dict[str, int] = field(default_factory=dict)
    assessors: tuple[Assessor, ...] = ()
    finish: bool = True
    version: int | None = None
    instrument_version: str | None = None


@dataclass(frozen=True)
class NoteStep:
    """One step of a protocol: done, or not to be done and why; now, unless another time is said."""

    protocol: str
    step: str
    done: bool = True
    at: time | None = None
    happened_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class ConfirmLevel:
    """The level a person stands for, with a reason where it is not the computed one."""

    level: str
    reason: str | None
    version: int


@dataclass(frozen=True)
class VoidAssessment:
    """Why an assessment does not count."""

    reason: str
    version: int


class AssessorSchema(CommandSchema):
    """Loads to Assessor."""

    makes = Assessor
    name = Line(required=True, most=60)
    medical = fields.Boolean(load_default=False)
    trained = fields.Boolean(load_default=False)


class RecordAssessmentSchema(CommandSchema):
    """Loads to RecordAssessment. `version` only when a begun one goes on."""

    makes = RecordAssessment
    instrument = Line(required=True, most=30)
    assessed_on = Day(past=False, required=True)
    reason = Line(load_default="first", most=20)
    answers = fields.Dict(keys=Code(20), values=WholeInt(), load_default=dict)
    conditions = fields.Dict(
        keys=Code(30),
        values=WholeInt(validate=between(0, 99)),
        load_default=dict,
    )
    assessors = fields.List(fields.Nested(AssessorSchema), load_default=list, validate=validate.Length(max=5))
    finish = fields.Boolean(load_default=True)
    version = WholeInt(load_default=None, allow_none=True)
    instrument_version = Line(load_default=None, allow_none=True, most=20)


class NoteStepSchema(CommandSchema):
    """Loads to NoteStep."""

    makes = NoteStep
    protocol = Line(required=True, most=20)
    step = Line(required=True, most=20)
    done = fields.Boolean(load_default=True)
    at = fields.Time(
        "%H:%M",
        load_default=None,
        allow_none=True,
        error_messages={"invalid": _l("Give the time as 14:05."), "format": _l("Give the time as 14:05.")},
    )
    happened_on = Day(load_default=None, allow_none=True)
    note = Line(load_default=None, allow_none=True, most=200)

    @validates_schema
    def _why(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["done"] and not data["note"]:
            raise ValidationError(_l("Say why it could not be done."), "note")


class ConfirmLevelSchema(CommandSchema):
    """Loads to ConfirmLevel."""

    makes = ConfirmLevel
    level = Line(required=True, most=20)
    reason = Text(load_default=None, allow_none=True, most=500)
    version = WholeInt(required=True)


class VoidAssessmentSchema(CommandSchema):
    """Loads to VoidAssessment."""

    makes = VoidAssessment
    reason = Line(required=True, most=200)
    version = WholeInt(required=True)


class AssessmentSchema(Schema):
    """An assessment as it goes out: a screening result, never a decision."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    case_id = fields.UUID(allow_none=True, required=True)
    instrument = fields.String(required=True)
    instrument_version = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    assessed_on = fields.Date(required=True)
    answers = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    conditions = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    total = fields.Integer(allow_none=True, required=True)
    groups = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    computed_level = fields.String(allow_none=True, required=True)
    level = fields.String(allow_none=True, required=True)
    due_on = fields.Date(allow_none=True, required=True)
    voided_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer(required=True)
