"""Input and output of cases: opening, steps, risk, assignment, closing; the typed part belongs to the domain's schema."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day, DivisionCode, optional_code


@dataclass(frozen=True)
class OpenCase:
    """A case for one client or one household."""

    domain: str
    source: str
    found_on: date
    client_id: UUID | None = None
    household_id: UUID | None = None
    community_code: str | None = None
    community_name: str | None = None
    source_detail: str | None = None
    request: str | None = None
    urgency: str = "ordinary"
    case_type: str = "formal"
    risk: str = "green"
    risk_reason: str | None = None
    restricted: bool = False
    restricted_tag: str | None = None
    worker_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)  # of the domain's typed part, what its intake asks for


@dataclass(frozen=True)
class TakeStep:
    """One step of the workflow, when it happened and why."""

    version: int
    happened_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Decline:
    """Why a case is not accepted."""

    reason: str
    version: int
    note: str | None = None


@dataclass(frozen=True)
class ChangeRisk:
    """Another level, with the reason."""

    risk: str
    risk_reason: str
    version: int


@dataclass(frozen=True)
class Restrict:
    """Why a file becomes a restricted one."""

    reason: str
    version: int


@dataclass(frozen=True)
class AssignCase:
    """Who is responsible, and who works along."""

    worker_id: UUID
    version: int
    co_worker_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class AskClosing:
    """What the closing rests on: reason, outcome per goal, what stays unsolved, the person's own view, what follows."""

    reason: str
    outcomes: dict[str, str]
    version: int
    unsolved: str | None = None
    own_view: str | None = None
    satisfaction: int | None = None
    follow_up: str | None = None
    checked: tuple[str, ...] = ()
    reason_note: str | None = None


@dataclass(frozen=True)
class CaseFilter:
    """Which cases, by next step."""

    domain: str | None = None
    status: str | None = None
    worker: UUID | None = None
    risk: str | None = None
    due_before: date | None = None
    live: bool = True


@dataclass(frozen=True)
class EditCase:
    """Changes of what a case knows: only the given members; `detail` is the domain's typed part."""

    version: int
    detail: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)


class OpenCaseSchema(CommandSchema):
    """Loads to OpenCase: exactly one subject; a community is a division, or a named neighbourhood in one."""

    makes = OpenCase
    domain = Coded("domain", required=True)
    client_id = fields.UUID(load_default=None, allow_none=True)
    household_id = fields.UUID(load_default=None, allow_none=True)
    community_code = DivisionCode()
    community_name = Line(most=80, load_default=None, allow_none=True)
    source = Coded("case_source", required=True)
    source_detail = Line(most=120, load_default=None, allow_none=True)
    request = Text(most=3000, load_default=None, allow_none=True)
    urgency = Coded("urgency", load_default="ordinary")
    case_type = Coded("case_type", load_default="formal")
    risk = Coded("risk", load_default="green")
    risk_reason = Line(most=200, load_default=None, allow_none=True)
    restricted = fields.Boolean(load_default=False)
    restricted_tag = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=10))
    worker_id = fields.UUID(load_default=None, allow_none=True)
    found_on = Day(required=True)
    detail = fields.Dict(keys=fields.String(validate=validate.Length(max=40)), load_default=dict)

    @validates_schema
    def _one_subject(self, data: dict[str, Any], **_more: Any) -> None:
        if sum(data[name] is not None for name in ("client_id", "household_id", "community_code")) != 1:
            raise ValidationError(_l("A case is about exactly one person, one household or one community."), "client_id")
        if data["risk"] in ("red", "orange") and not data["risk_reason"]:
            raise ValidationError(_l("Say what the risk is."), "risk_reason")
        if data["restricted_tag"]:
            group = reference.target_groups().get(data["restricted_tag"])
            if group is None or group.klass != "P3":
                raise ValidationError(_l("Choose one of the answers offered."), "restricted_tag")


class TakeStepSchema(CommandSchema):
    """Loads to TakeStep."""

    makes = TakeStep
    version = WholeInt(required=True)
    happened_on = Day(load_default=None, allow_none=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class DeclineSchema(CommandSchema):
    """Loads to Decline."""

    makes = Decline
    reason = Coded("declined_reason", required=True)
    version = WholeInt(required=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class ChangeRiskSchema(CommandSchema):
    """Loads to ChangeRisk."""

    makes = ChangeRisk
    risk = Coded("risk", required=True)
    risk_reason = Line(required=True, most=200)
    version = WholeInt(required=True)


class RestrictSchema(CommandSchema):
    """Loads to Restrict."""

    makes = Restrict
    reason = Text(required=True, most=1000)
    version = WholeInt(required=True)


class AssignCaseSchema(CommandSchema):
    """Loads to AssignCase."""

    makes = AssignCase
    worker_id = fields.UUID(required=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")})
    co_worker_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=10))
    version = WholeInt(required=True)


class AskClosingSchema(CommandSchema):
    """Loads to AskClosing."""

    makes = AskClosing
    reason = Coded("closing_reason", required=True)
    reason_note = Line(most=200, load_default=None, allow_none=True)
    outcomes = fields.Dict(keys=fields.String(validate=validate.Length(max=40)), values=Coded("goal_outcome"), load_default=dict)
    unsolved = Text(most=2000, load_default=None, allow_none=True)
    own_view = Text(most=2000, load_default=None, allow_none=True)
    satisfaction = WholeInt(load_default=None, allow_none=True, validate=validate.Range(1, 5))
    follow_up = Text(most=1000, load_default=None, allow_none=True)
    checked = fields.List(fields.String(validate=validate.Length(max=30)), load_default=list, validate=validate.Length(max=20))
    version = WholeInt(required=True)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        entry = reference.codes("closing_reason").get(data["reason"])
        if entry is not None and entry.facts.get("without_approval"):
            raise ValidationError(_l("After a death, end the stay on file: that closes the case."), "reason")
        if entry is not None and entry.facts.get("needs_note") and not data["reason_note"]:
            raise ValidationError(_l("Please say more about the reason."), "reason_note")


class CaseFilterSchema(CommandSchema):
    """Loads to CaseFilter."""

    makes = CaseFilter
    domain = optional_code("domain")
    status = optional_code("case_status")
    worker = fields.UUID(load_default=None, allow_none=True)
    risk = optional_code("risk")
    due_before = Day(past=False, load_default=None, allow_none=True)
    live = fields.Boolean(load_default=True)


class CaseSchema(Schema):
    """A case as it goes out."""

    id = fields.UUID(required=True)
    case_no = fields.String(required=True)
    domain = fields.String(required=True)
    status = fields.String(required=True)
    case_type = fields.String(required=True)
    urgency = fields.String(required=True)
    client_id = fields.UUID(required=True, allow_none=True)
    household_id = fields.UUID(required=True, allow_none=True)
    community_code = fields.String(required=True, allow_none=True)
    community_name = fields.String(required=True, allow_none=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    station_id = fields.UUID(required=True)
    risk = fields.String(required=True)
    source = fields.String(required=True)
    found_on = fields.Date(required=True)
    opened_on = fields.Date(required=True, allow_none=True)
    stage_since = fields.Date(required=True)
    next_step = fields.String(required=True, allow_none=True)
    next_step_on = fields.Date(required=True, allow_none=True)
    next_visit_on = fields.Date(required=True, allow_none=True)
    closed_on = fields.Date(required=True, allow_none=True)
    closing_reason = fields.String(required=True, allow_none=True)
    declined_reason = fields.String(required=True, allow_none=True)
    reopened = fields.Integer(required=True)
    data_class = fields.String(attribute="klass", required=True)
    version = fields.Integer(required=True)
