"""One act for several persons of the list: assigned, put into a target group, or their stays ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Line, Text
from caseapp.schemas.casework.client.parts import open_tag
from caseapp.schemas.casework.handover import NOBODY
from caseapp.schemas.values import Coded, Day

MOST = 40  # persons at once
SINGLY = ("deceased", "merged")  # ends that are said of one person at a time
ENDS = tuple(code for code in reference.codes("enrolment_end").codes() if code not in SINGLY)
ACTS = ("assign", "tag", "end", "hand_over")
TOO_MANY = _l("At most %(n)s persons at once.", n=MOST)


@dataclass(frozen=True)
class Seen:
    """A person as a page showed it."""

    id: UUID
    version: int


@dataclass(frozen=True)
class AssignSeveral:
    """Somebody is responsible for these persons, and for their open cases if wished."""

    persons: tuple[Seen, ...]
    worker_id: UUID
    reason: str
    with_cases: bool = False
    shown: str | None = None


@dataclass(frozen=True)
class TagSeveral:
    """These persons belong to a target group."""

    persons: tuple[Seen, ...]
    code: str
    from_on: date
    status: str = "confirmed"
    basis: str | None = None
    shown: str | None = None


@dataclass(frozen=True)
class EndSeveral:
    """The stays of these persons end."""

    persons: tuple[Seen, ...]
    reason: str
    to_on: date
    note: str | None = None
    shown: str | None = None


class SeenPerson(Code):
    """A person's id and the version it was shown at, with a colon between."""

    def __init__(self) -> None:
        super().__init__(pattern=r"[0-9a-fA-F-]{36}:[0-9]{1,9}")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        key, _colon, version = super()._deserialize(value, attr, data, **more).partition(":")
        try:
            return Seen(UUID(key), int(version))
        except ValueError as error:
            raise ValidationError([_l("Choose one of the answers offered.")]) from error


class SeveralSchema(CommandSchema):
    """What every such act is told: who, and what the reader was shown before saying yes."""

    persons = fields.List(
        SeenPerson(),
        required=True,
        validate=[
            validate.Length(min=1, error=_l("Tick at least one person.")),
            validate.Length(max=MOST, error=TOO_MANY),
        ],
        error_messages={"required": _l("Tick at least one person.")},
    )
    shown = Code(32, load_default=None, allow_none=True)


class AssignSeveralSchema(SeveralSchema):
    """Loads to AssignSeveral."""

    makes = AssignSeveral
    worker_id = fields.UUID(required=True, error_messages={"required": NOBODY, "invalid_uuid": NOBODY})
    reason = Text(required=True, most=1000)
    with_cases = fields.Boolean(load_default=False)


class TagSeveralSchema(SeveralSchema):
    """Loads to TagSeveral."""

    makes = TagSeveral
    code = Code(10, required=True, validate=open_tag)
    from_on = Day(required=True)
    status = Coded("tag_status", only=("suspected", "confirmed"), load_default="confirmed")
    basis = Line(most=120, load_default=None, allow_none=True)


class EndSeveralSchema(SeveralSchema):
    """Loads to EndSeveral."""

    makes = EndSeveral
    reason = Coded("enrolment_end", only=ENDS, required=True)
    to_on = Day(required=True)
    note = Line(most=300, load_default=None, allow_none=True)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        entry = reference.codes("enrolment_end").get(data["reason"])
        if entry is not None and entry.facts.get("needs_note") and not data["note"]:
            raise ValidationError(_l("Please say more about the reason."), "note")


class TickedSchema(CommandSchema):
    """What is ticked in the list of persons, and what shall happen to them."""

    person = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST, error=TOO_MANY))
    act = fields.String(required=True, validate=validate.OneOf(ACTS, error=_l("Choose one of the answers offered.")))
