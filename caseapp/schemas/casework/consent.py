"""Consent and refused data items (form F3; PIPL art. 13 to 16 and 31)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, WholeInt
from caseapp.schemas.casework.client.lists import AskedAcross
from caseapp.schemas.values import Coded, Day, PersonName, optional_code


@dataclass(frozen=True)
class RecordConsent:
    """What was signed: which text in which language, the scopes ticked, by whom, where the paper lies."""

    basis: str
    signed_on: date
    language: str = "zh"
    scopes: tuple[str, ...] = ()
    signer: str = "self"
    signer_name: str | None = None
    signer_relation: str | None = None
    child_heard: bool | None = None
    channel: str = "paper"
    read_aloud: bool = False
    paper_place: str | None = None


@dataclass(frozen=True)
class WithdrawConsent:
    """A consent taken back on a day."""

    withdrawn_on: date
    version: int
    note: str | None = None


@dataclass(frozen=True)
class RefuseItem:
    """What the person did not want to give."""

    items: tuple[str, ...]


class RecordConsentSchema(CommandSchema):
    """Loads to RecordConsent: with consent as the ground, what is required must be ticked."""

    makes = RecordConsent
    basis = Coded("consent_basis", required=True)
    signed_on = Day(required=True)
    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))
    scopes = fields.List(Coded("consent_scope"), load_default=list, validate=validate.Length(max=20))
    signer = Coded("consent_signer", load_default="self")
    signer_name = PersonName(load_default=None, allow_none=True)
    signer_relation = optional_code("relation")
    child_heard = fields.Boolean(load_default=None, allow_none=True)
    channel = Coded("consent_channel", load_default="paper")
    read_aloud = fields.Boolean(load_default=False)
    paper_place = Line(most=120, load_default=None, allow_none=True)

    @validates_schema
    def _enough(self, data: dict[str, Any], **_more: Any) -> None:
        wrong: dict[str, list[Any]] = {}
        needed = reference.codes("consent_scope").having("required")
        if data["basis"] == "consent" and not needed <= set(data["scopes"]):
            wrong["scopes"] = [_l("Without agreement to service and a file, nothing may be kept on the ground of consent.")]
        if data["signer"] == "guardian" and not data["signer_name"]:
            wrong["signer_name"] = [_l("Please give the guardian's name.")]
        if data["signer"] == "guardian" and not data["signer_relation"]:
            wrong["signer_relation"] = [_l("Please say how the guardian is related.")]
        if data["basis"] == "consent" and data["channel"] != "spoken" and not data["paper_place"]:
            wrong["paper_place"] = [_l("Please say where the signed paper lies.")]
        if data["basis"] == "statutory" and not data["paper_place"]:
            wrong["paper_place"] = [_l("Please say which paper of the county bureau names this duty.")]
        if wrong:
            raise ValidationError(wrong)


class WithdrawConsentSchema(CommandSchema):
    """Loads to WithdrawConsent."""

    makes = WithdrawConsent
    withdrawn_on = Day(required=True)
    note = Line(most=200, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class RefuseItemSchema(CommandSchema):
    """Loads to RefuseItem."""

    makes = RefuseItem
    items = fields.List(Coded("refused_item"), required=True, validate=validate.Length(max=30))


class ConsentSchema(Schema):
    """A consent as it goes out."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    basis = fields.String(required=True)
    text_version = fields.String(required=True)
    language = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    signer = fields.String(required=True)
    signer_relation = fields.String(required=True, allow_none=True)
    child_heard = fields.Boolean(required=True, allow_none=True)
    channel = fields.String(required=True)
    read_aloud = fields.Boolean(required=True)
    paper_place = fields.String(required=True, allow_none=True)
    signed_on = fields.Date(required=True)
    withdrawn_on = fields.Date(required=True, allow_none=True)
    asked_across = AskedAcross()
    version = fields.Integer(required=True)
