"""Input and output of assessments; which answers an instrument takes is judged by its definition, not here."""

from dataclasses import dataclass, field
from datetime import date

from marshmallow import Schema, fields, validate

from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Day


@dataclass(frozen=True)
class Assessor:
    """Who assessed, and whether with medical training (two are needed, one of them so)."""

    name: str
    medical: bool = False


@dataclass(frozen=True)
class RecordAssessment:
    """Answers by item code, conditions by code (1 for a flag, a number for a count); `finish` asks for the result."""

    instrument: str
    assessed_on: date
    reason: str = "first"
    answers: dict[str, int] = field(default_factory=dict)
    conditions: dict[str, int] = field(default_factory=dict)
    assessors: tuple[Assessor, ...] = ()
    finish: bool = True
    version: int | None = None


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


class RecordAssessmentSchema(CommandSchema):
    """Loads to RecordAssessment. `version` only when a begun one goes on."""

    makes = RecordAssessment
    instrument = Line(required=True, most=30)
    assessed_on = Day(past=False, required=True)
    reason = Line(load_default="first", most=20)
    answers = fields.Dict(keys=fields.String(validate=validate.Length(max=20)), values=WholeInt(), load_default=dict)
    conditions = fields.Dict(
        keys=fields.String(validate=validate.Length(max=30)),
        values=WholeInt(validate=validate.Range(0, 99)),
        load_default=dict,
    )
    assessors = fields.List(fields.Nested(AssessorSchema), load_default=list, validate=validate.Length(max=5))
    finish = fields.Boolean(load_default=True)
    version = WholeInt(load_default=None, allow_none=True)


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
