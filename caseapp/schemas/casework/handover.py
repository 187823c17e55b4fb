"""Handing over: what is offered to whom and why, the answer, the head's order, its undoing; a handover as it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import Code, CommandSchema, Text, WholeInt
from caseapp.schemas.values import Day

MOST = 40  # files in one handover
TOO_MANY = _l("At most %(n)s files at once; hand the others over afterwards.", n=MOST)
NOBODY = _l("Choose somebody.")


@dataclass(frozen=True)
class HandOver:
    """These persons and cases go to a colleague, for a reason; when the people were told."""

    to_id: UUID
    reason: str
    client_ids: tuple[UUID, ...] = ()
    case_ids: tuple[UUID, ...] = ()
    told_on: date | None = None


@dataclass(frozen=True)
class AnswerHandover:
    """Accepted or declined: some lines, for a decline with the reason."""

    item_ids: tuple[UUID, ...]
    accept: bool
    reason: str | None = None


@dataclass(frozen=True)
class Lines:
    """Some lines of a handover."""

    item_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Leave:
    """All that is open in somebody's name goes to one receiver, or parts of it to others; `version` is how much there was."""

    reason: str
    version: int
    to_id: UUID | None = None
    parts: Mapping[str, UUID] = field(default_factory=dict)


class Ids(fields.List[Any]):
    """Ids that were ticked, each once."""

    def __init__(self, **more: Any) -> None:
        super().__init__(fields.UUID(), validate=validate.Length(max=MOST, error=TOO_MANY), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        found = super()._deserialize(value, attr, data, **more)
        return tuple(dict.fromkeys(found))


class HandOverSchema(CommandSchema):
    """Loads to HandOver."""

    makes = HandOver
    to_id = fields.UUID(required=True, error_messages={"required": NOBODY, "invalid_uuid": NOBODY})
    reason = Text(required=True, most=1000)
    client_ids = Ids(load_default=())
    case_ids = Ids(load_default=())
    told_on = Day(load_default=None, allow_none=True)

    @validates_schema
    def _some(self, data: dict[str, Any], **_more: Any) -> None:
        count = len(data["client_ids"]) + len(data["case_ids"])
        if not count:
            raise ValidationError(_l("Tick what is handed over."), "client_ids")
        if count > MOST:
            raise ValidationError(TOO_MANY, "client_ids")


class AnswerHandoverSchema(CommandSchema):
    """Loads to AnswerHandover."""

    makes = AnswerHandover
    item_ids = Ids(required=True, error_messages={"required": _l("Tick at least one line.")})
    accept = fields.Boolean(required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    reason = Text(most=500, load_default=None, allow_none=True)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["accept"] and not data["reason"]:
            raise ValidationError(_l("Say why, so that your colleague knows."), "reason")


class LinesSchema(CommandSchema):
    """Loads to Lines."""

    makes = Lines
    item_ids = Ids(required=True, error_messages={"required": _l("Tick at least one line.")})


class UndoHandoverSchema(CommandSchema):
    """Takes nothing: which handover it is stands in the address."""


class LeaveSchema(CommandSchema):
    """Loads to Leave."""

    makes = Leave
    to_id = fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": NOBODY})
    parts = fields.Dict(
        keys=Code(20),
        values=fields.UUID(error_messages={"invalid_uuid": NOBODY}),
        load_default=dict,
        validate=validate.Length(max=20),
    )
    reason = Text(required=True, most=1000)
    version = WholeInt(required=True)
