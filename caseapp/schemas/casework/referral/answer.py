"""Sending, answering and ending a referral; the receipt of an outside body; what goes out."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day, optional_code

BOXES = ("in", "out")


@dataclass(frozen=True)
class SendReferral:
    """Sends a draft; `digest` is that of the packet which was shown."""

    version: int
    digest: str | None = None


@dataclass(frozen=True)
class Accept:
    """Takes a referral in: who works on it, whether it is somebody on file already, whether a case is opened."""

    version: int
    worker_id: UUID | None = None
    client_id: UUID | None = None
    open_case: bool = True
    domain: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Reject:
    """Turns a referral down, with a reason."""

    reason: str
    version: int
    note: str | None = None


@dataclass(frozen=True)
class Tell:
    """A word with the version it was written at: taking back, feedback, completion."""

    version: int
    text: str | None = None
    happened_on: date | None = None


@dataclass(frozen=True)
class LetGo:
    """The sender lets the case go with what was taken in; whether the stay on file ends too."""

    version: int
    end_stay: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Assign:
    """To whom at the receiver a referral is given."""

    worker_id: UUID
    version: int


@dataclass(frozen=True)
class Receipt:
    """What an outside body answered: whether it takes the person, who said so, when and how."""

    taken: bool
    happened_on: date
    who: str
    channel: str
    version: int
    reason: str | None = None
    text: str | None = None


class SendSchema(CommandSchema):
    """Loads to SendReferral."""

    makes = SendReferral
    version = WholeInt(required=True)
    digest = Line(most=64, load_default=None, allow_none=True)


class AcceptSchema(CommandSchema):
    """Loads to Accept."""

    makes = Accept
    worker_id = fields.UUID(
        load_default=None, allow_none=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")}
    )
    client_id = fields.UUID(load_default=None, allow_none=True)
    open_case = fields.Boolean(load_default=True)
    domain = optional_code("domain")
    note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class RejectSchema(CommandSchema):
    """Loads to Reject."""

    makes = Reject
    reason = Coded("referral_reject", required=True)
    note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        entry = reference.codes("referral_reject").get(data["reason"])
        if entry is not None and entry.facts.get("needs_note") and not data["note"]:
            raise ValidationError(_l("Please say more about the reason."), "note")


class TellSchema(CommandSchema):
    """Loads to Tell: with words."""

    makes = Tell
    text = Text(required=True, most=2000)
    happened_on = Day(load_default=None, allow_none=True)
    version = WholeInt(required=True)


class VersionSchema(CommandSchema):
    """Loads to Tell: a verb that needs no words."""

    makes = Tell
    text = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class LetGoSchema(CommandSchema):
    """Loads to LetGo."""

    makes = LetGo
    end_stay = fields.Boolean(load_default=False)
    note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class AssignSchema(CommandSchema):
    """Loads to Assign."""

    makes = Assign
    worker_id = fields.UUID(required=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")})
    version = WholeInt(required=True)


class ReceiptSchema(CommandSchema):
    """Loads to Receipt."""

    makes = Receipt
    taken = fields.Boolean(required=True)
    happened_on = Day(required=True)
    who = Line(required=True, most=60)
    channel = Coded("receipt_channel", required=True)
    reason = optional_code("referral_reject")
    text = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)

    @validates_schema
    def _why(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["taken"] and not data["reason"]:
            raise ValidationError(_l("Say why the person was not taken in."), "reason")


class BoxSchema(CommandSchema):
    """Which referrals a list shows."""

    box = fields.String(load_default="in", validate=validate.OneOf(BOXES, error=_l("Choose one of the answers offered.")))
    status = optional_code("referral_status")


class ReferralOut(Schema):
    """A referral as it goes out to either side; rows of the other side are not in it."""

    id = fields.UUID(required=True)
    referral_no = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    urgency = fields.String(required=True)
    from_station_id = fields.UUID(required=True)
    to_station_id = fields.UUID(required=True, allow_none=True)
    body_id = fields.UUID(required=True, allow_none=True)
    to_domain = fields.String(required=True, allow_none=True)
    data_class = fields.String(attribute="klass", required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    answer_by = fields.Date(required=True, allow_none=True)
    chased = fields.Integer(required=True)
    decided_on = fields.Date(required=True, allow_none=True)
    reject_reason = fields.String(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
