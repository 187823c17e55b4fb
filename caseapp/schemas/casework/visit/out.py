"""Visits and due persons as they go out, and which due visits a list shows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marshmallow import Schema, fields, validate

from caseapp.schemas.base import Code, CommandSchema
from caseapp.schemas.casework.visit.parts import RISKS, local_day, one_of


class PersonOut(Schema):
    """One person of a visit, as the API shows it."""

    client_id = fields.UUID()
    case_id = fields.UUID(allow_none=True)
    outcome = fields.String()
    reason = fields.String(allow_none=True)
    neighbour_vouched = fields.Boolean(allow_none=True)
    findings = fields.List(fields.String(), allow_none=True)
    note = fields.String(allow_none=True)


class VisitOut(Schema):
    """A visit, as the API shows it to somebody in whose scope it lies."""

    id = fields.UUID()
    version = fields.Integer()
    happened_on = fields.Date()
    began_at = fields.Time(format="%H:%M", allow_none=True)
    kind = fields.String()
    minutes = fields.Integer(allow_none=True)
    companions = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    late = fields.Boolean()
    worker_id = fields.UUID()
    round_id = fields.UUID(allow_none=True)
    persons = fields.List(fields.Nested(PersonOut))
    services = fields.List(fields.String())
    created_at = fields.AwareDateTime()
    voided_at = fields.AwareDateTime(allow_none=True)
    void_reason = fields.String(allow_none=True)
    moved_from_id = fields.UUID(allow_none=True)


class RoundOut(Schema):
    """What a round became: one visit for each person."""

    round_id = fields.UUID()
    visits = fields.List(fields.Nested(VisitOut))


class DueOut(Schema):
    """A person whose next visit is due, and why."""

    client_id = fields.UUID()
    file_no = fields.String()
    name = fields.String()
    risk = fields.String()
    residence_code = fields.String(allow_none=True)
    worker_id = fields.UUID(allow_none=True)
    next_visit_on = fields.Date()
    rule = fields.String(allow_none=True)
    why = fields.String()
    last_visit_on = fields.Date(allow_none=True)
    last_met_on = fields.Date(allow_none=True)
    last_outcome = fields.String(allow_none=True)


@dataclass(frozen=True)
class DueView:
    """Which due visits a list shows."""

    show: str = "soon"
    day: date | None = None
    month: date | None = None
    worker: UUID | None = None
    village: str | None = None
    risk: str | None = None
    cursor: str | None = None


class DueViewSchema(CommandSchema):
    """Loads to DueView."""

    makes = DueView
    show = fields.String(load_default="soon", validate=one_of(("soon", "overdue", "day", "month", "all")))
    day = local_day(load_default=None, allow_none=True)
    month = local_day(load_default=None, allow_none=True)
    worker = fields.UUID(load_default=None, allow_none=True)
    village = Code(pattern="[0-9]{9,12}", load_default=None, allow_none=True)
    risk = fields.String(load_default=None, allow_none=True, validate=one_of(RISKS))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))
