"""Stays on file: beginning anew, handing to another worker, ending."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.values import Coded, Day


@dataclass(frozen=True)
class Enrol:
    """On file again from a day, with a responsible worker."""

    from_on: date
    worker_id: UUID | None = None


@dataclass(frozen=True)
class AssignWorker:
    """Another worker is responsible from now on."""

    worker_id: UUID
    version: int


@dataclass(frozen=True)
class EndEnrolment:
    """The stay on file ends: a reason, the day, for a death the day of death."""

    reason: str
    to_on: date
    note: str | None
    version: int


class EnrolSchema(CommandSchema):
    """Loads to Enrol."""

    makes = Enrol
    from_on = Day(required=True)
    worker_id = fields.UUID(load_default=None, allow_none=True)


class AssignWorkerSchema(CommandSchema):
    """Loads to AssignWorker."""

    makes = AssignWorker
    worker_id = fields.UUID(required=True)
    version = WholeInt(required=True)


class EndEnrolmentSchema(CommandSchema):
    """Loads to EndEnrolment."""

    makes = EndEnrolment
    reason = Coded("enrolment_end", required=True)
    to_on = Day(required=True)
    note = Line(most=300, load_default=None, allow_none=True)
    version = WholeInt(required=True)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        entry = reference.codes("enrolment_end").get(data["reason"])
        if entry is not None and entry.facts.get("needs_note") and not data["note"]:
            raise ValidationError(_l("Please say more about the reason."), "note")


class EnrolmentSchema(Schema):
    """A stay on file as it goes out."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    station_id = fields.UUID(required=True, attribute="organisation_id")
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True, allow_none=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
