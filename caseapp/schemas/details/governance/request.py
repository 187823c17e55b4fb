"""Input of residents' requests: made, handed on, answered, and the ledger's filters."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line, Text, WholeInt
from caseapp.schemas.casework.visit import one_of
from caseapp.schemas.details.governance.parts import chosen, several
from caseapp.schemas.values import Day, DivisionCode, optional_code

STATES = ("open", "handed", "late", "answered", "void")


@dataclass(frozen=True)
class MakeRequest:
    """What a resident asks for, where, and by when an answer was promised."""

    asked_on: date
    channel: str
    division_code: str | None
    what: str
    due_on: date
    matters: list[str] = field(default_factory=list)
    client_id: UUID | None = None
    contact: str | None = None
    worker_id: UUID | None = None


@dataclass(frozen=True)
class HandOn:
    """To whom it was handed, and when."""

    handed_to: str
    handed_on: date
    version: int
    handed_note: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Answer:
    """What was answered, how, and what the resident said to that."""

    answered_on: date
    answered_how: str
    outcome: str
    answer: str
    version: int
    satisfied: str | None = None


@dataclass(frozen=True)
class BecomeCase:
    """The request is worked on as a case: of the person on file, or of the village it came from."""

    about: str  # client community
    version: int
    community_name: str | None = None


@dataclass(frozen=True)
class RequestFilter:
    """Which requests the ledger shows; nothing said: what waits."""

    state: str | None = None
    village: str | None = None
    worker: UUID | None = None


class MakeRequestSchema(CommandSchema):
    """Loads to MakeRequest."""

    makes: ClassVar[type | None] = MakeRequest
    asked_on = Day(required=True)
    channel = chosen("governance_channel")
    matters = several("governance_matter", least=1)
    division_code = DivisionCode()
    client_id = fields.UUID(load_default=None, allow_none=True)
    contact = Line(load_default=None, allow_none=True, most=120)
    what = Text(required=True, most=2000)
    due_on = Day(required=True, past=False)
    worker_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["division_code"]:
            raise ValidationError(_l("Choose a place from the list."), "division_code")
        if data["due_on"] < data["asked_on"]:
            raise ValidationError(_l("The answer cannot be promised for a day before it was asked."), "due_on")


class HandOnSchema(CommandSchema):
    """Loads to HandOn."""

    makes = HandOn
    handed_to = chosen("governance_handed_to")
    handed_on = Day(required=True)
    handed_note = Line(load_default=None, allow_none=True, most=200)
    due_on = Day(past=False, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class AnswerSchema(CommandSchema):
    """Loads to Answer."""

    makes = Answer
    answered_on = Day(required=True)
    answered_how = chosen("governance_answered_how")
    outcome = chosen("governance_outcome")
    answer = Text(required=True, most=2000)
    satisfied = optional_code("governance_satisfied")
    version = WholeInt(required=True)


class BecomeCaseSchema(CommandSchema):
    """Loads to BecomeCase."""

    makes = BecomeCase
    about = fields.String(
        required=True,
        validate=one_of(("client", "community")),
        error_messages={"required": _l("Choose one of the answers offered.")},
    )
    community_name = Line(load_default=None, allow_none=True, most=80)
    version = WholeInt(required=True)


class RequestFilterSchema(CommandSchema):
    """Loads to RequestFilter."""

    makes = RequestFilter
    state = fields.String(load_default=None, validate=one_of(STATES))
    village = Code(12, load_default=None)
    worker = fields.UUID(load_default=None)
