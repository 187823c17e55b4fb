"""Input of service records for the station or a case, and of consultations."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.visit import item_code, known, local_day, minutes, one_of

RECORD_KINDS = ("station", "case", "consultation")


@dataclass(frozen=True)
class RecordService:
    """One catalogue item done on a day, for a case, for some people, or for the station as a whole."""

    kind: str
    item: str
    happened_on: date
    minutes: int | None = None
    head_count: int | None = None
    case_id: UUID | None = None
    topic: str | None = None
    channel: str | None = None
    note: str | None = None


class RecordServiceSchema(CommandSchema):
    """Loads to RecordService."""

    makes = RecordService
    kind = fields.String(
        required=True, validate=one_of(RECORD_KINDS), error_messages={"required": _l("Choose one of the answers offered.")}
    )
    item = fields.String(required=True, validate=item_code, error_messages={"required": _l("Choose a service of the catalogue.")})
    happened_on = local_day(required=True)
    minutes = minutes()
    head_count = WholeInt(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 9999, error=_l("Between 1 and 9999 persons.")),
        error_messages={"invalid": _l("Between 1 and 9999 persons.")},
    )
    case_id = fields.UUID(load_default=None, allow_none=True)
    topic = fields.String(load_default=None, allow_none=True, validate=known("consultation_topic"))
    channel = fields.String(load_default=None, allow_none=True, validate=known("consultation_channel"))
    note = Text(load_default=None, allow_none=True, most=2000)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["kind"] == "consultation" and not data.get("topic"):
            raise ValidationError(_l("Say what was asked about."), "topic")
        if data["kind"] == "case" and not data.get("case_id"):
            raise ValidationError(_l("Say for which case."), "case_id")


@dataclass(frozen=True)
class VoidService:
    """Take a service record out of every count."""

    reason: str


class VoidServiceSchema(CommandSchema):
    """Loads to VoidService."""

    makes = VoidService
    reason = Line(required=True, most=200, validate=validate.Length(min=2, error=_l("Say why, in a few words.")))


class ServiceOut(Schema):
    """A service record as it goes out."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    item = fields.String(required=True)
    catalogue_version = fields.String(required=True)
    happened_on = fields.Date(required=True)
    minutes = fields.Integer(required=True)
    head_count = fields.Integer(required=True, allow_none=True)
    worker_id = fields.UUID(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    case_id = fields.UUID(required=True, allow_none=True)
    visit_id = fields.UUID(required=True, allow_none=True)
    topic = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    voided_at = fields.AwareDateTime(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)
