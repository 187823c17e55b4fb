"""Writing a referral (form F8): where to, why, which sections go along, on what ground (PIPL art. 23)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day, PersonName, optional_code


@dataclass(frozen=True)
class WriteReferral:
    """A referral of the person of a case; `version` is that of the draft it changes."""

    kind: str
    reason: str
    basis: str
    signed_on: date
    sections: tuple[str, ...] = ()
    to_station_id: UUID | None = None
    body_id: UUID | None = None
    to_domain: str | None = None
    urgency: str = "ordinary"
    need: str | None = None
    papers: str | None = None
    signer: str = "self"
    signer_name: str | None = None
    signer_relation: str | None = None
    child_heard: bool | None = None
    channel: str = "paper"
    paper_place: str | None = None
    case_goes: bool = False
    moves: bool = False
    version: int | None = None


class WriteReferralSchema(CommandSchema):
    """Loads to WriteReferral: one receiver of the kind, a consent with its paper or the recorded lawful ground."""

    makes = WriteReferral
    kind = Coded("referral_kind", required=True)
    to_station_id = fields.UUID(
        load_default=None, allow_none=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")}
    )
    body_id = fields.UUID(
        load_default=None, allow_none=True, error_messages={"invalid_uuid": _l("Choose one of the answers offered.")}
    )
    to_domain = optional_code("domain")
    urgency = Coded("urgency", load_default="ordinary")
    reason = Text(required=True, most=2000)
    need = Text(most=2000, load_default=None, allow_none=True)
    papers = Line(most=300, load_default=None, allow_none=True)
    sections = fields.List(Coded("referral_section"), load_default=list, validate=validate.Length(max=20))
    basis = Coded("consent_basis", required=True)
    signed_on = Day(required=True)
    signer = Coded("consent_signer", load_default="self")
    signer_name = PersonName(load_default=None, allow_none=True)
    signer_relation = optional_code("relation")
    child_heard = fields.Boolean(load_default=None, allow_none=True)
    channel = Coded("consent_channel", load_default="paper")
    paper_place = Line(most=120, load_default=None, allow_none=True)
    case_goes = fields.Boolean(load_default=False)
    moves = fields.Boolean(load_default=False)
    version = WholeInt(load_default=None, allow_none=True)

    @validates_schema
    def _enough(self, data: dict[str, Any], **_more: Any) -> None:
        wrong = {**_receiver(data), **_ground(data)}
        if wrong:
            raise ValidationError(wrong)


def _receiver(data: dict[str, Any]) -> dict[str, list[Any]]:
    needed = {"station": "to_station_id", "outside": "body_id", "domain": "to_domain"}[data["kind"]]
    wrong: dict[str, list[Any]] = {}
    if data[needed] is None:
        wrong[needed] = [_l("Say to whom the person is referred.")]
    if data["kind"] != "station" and data["to_station_id"] is not None:
        wrong["to_station_id"] = [_l("This kind of referral goes to no station.")]
    if data["kind"] != "outside" and data["body_id"] is not None:
        wrong["body_id"] = [_l("This kind of referral goes to no outside body.")]
    if data["kind"] == "domain" and data["moves"]:
        wrong["moves"] = [_l("Inside the station nobody moves.")]
    return wrong


def _ground(data: dict[str, Any]) -> dict[str, list[Any]]:
    """What the ground needs: a paper for a consent, the paper of the county for a duty, a guardian's name."""
    wrong: dict[str, list[Any]] = {}
    if data["basis"] == "consent" and data["channel"] != "spoken" and not data["paper_place"]:
        wrong["paper_place"] = [_l("Please say where the signed paper lies.")]
    if data["basis"] == "statutory" and not data["paper_place"]:
        wrong["paper_place"] = [_l("Please say which paper of the county bureau names this duty.")]
    if data["basis"] == "consent" and data["signer"] == "guardian":
        if not data["signer_name"]:
            wrong["signer_name"] = [_l("Please give the guardian's name.")]
        if not data["signer_relation"]:
            wrong["signer_relation"] = [_l("Please say how the guardian is related.")]
    return wrong


def all_sections(chosen: tuple[str, ...]) -> list[str]:
    """The sections of a packet in reading order: the ticked ones, and who the person is always."""
    known = reference.codes("referral_section")
    wanted = {*chosen, *known.having("required")}
    return [code for code in known.codes() if code in wanted]
