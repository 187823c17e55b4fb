"""Input about disability: card, subsidies as the authority decided, and a look at every kind of need."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text
from caseapp.schemas.details.affairs.base import KeepSchema, some
from caseapp.schemas.values import Coded, Day, optional_code

MULTIPLE = "7"
SUBSIDIES = (("living_subsidy", "living_since"), ("care_subsidy", "care_since"))


@dataclass(frozen=True)
class Need:
    """One kind of need: wanted or not, how urgent, met by whom since when."""

    kind: str
    wanted: bool
    urgency: str | None = None
    met_by: str | None = None
    since_on: date | None = None


@dataclass(frozen=True)
class LookAtNeeds:
    """One look at the needs; what was not asked is not there."""

    looked_on: date
    needs: tuple[Need, ...]
    note: str | None = None


class DisabilitySchema(KeepSchema):
    """Loads to Keep. The card's number is judged by the service, which knows the person's own number."""

    kinds = some("disability_kind")
    grade = optional_code("disability_grade")
    card_number = Line(most=40, load_default=None, allow_none=True)
    card_valid_to = Day(past=False, load_default=None, allow_none=True)
    living_subsidy = optional_code("affairs_subsidy_state")
    living_since = Day(load_default=None, allow_none=True)
    care_subsidy = optional_code("affairs_subsidy_state")
    care_since = Day(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_more: Any) -> None:
        kinds = data.get("kinds") or []
        if MULTIPLE in kinds and len([kind for kind in kinds if kind != MULTIPLE]) < 2:
            raise ValidationError(_l("Choose at least two kinds of which the multiple disability consists."), "kinds")
        for state, since in SUBSIDIES:
            if data.get(state) == "granted" and data.get(since) is None:
                raise ValidationError(_l("Say since when."), since)


class NeedSchema(CommandSchema):
    """Loads to Need: a wanted one says how urgent it is and who meets it."""

    makes = Need
    kind = Coded("affairs_need", required=True)
    wanted = fields.Boolean(required=True)
    urgency = optional_code("affairs_need_urgency")
    met_by = optional_code("affairs_met_by")
    since_on = Day(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["wanted"]:
            return
        if data["urgency"] is None:
            raise ValidationError(_l("Say how urgent it is."), "urgency")
        if data["met_by"] is None:
            raise ValidationError(_l("Say who meets it, or that nobody does yet."), "met_by")
        entry = reference.codes("affairs_met_by").get(data["met_by"])
        if entry is not None and entry.facts.get("open") and data["since_on"] is not None:
            raise ValidationError(_l("Nobody meets it yet, so there is no day."), "since_on")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        if not data["wanted"]:
            data = {"kind": data["kind"], "wanted": False}
        return super()._command(data, **more)


class NeedsLookSchema(CommandSchema):
    """Loads to LookAtNeeds."""

    makes = LookAtNeeds
    looked_on = Day(required=True)
    needs = fields.List(fields.Nested(NeedSchema), required=True, validate=validate.Length(max=30))
    note = Text(most=2000, load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _something(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["needs"]:
            raise ValidationError(_l("Ask about at least one kind of need."), "looked_on")
        kinds = [need.kind for need in data["needs"]]
        if len(set(kinds)) != len(kinds):
            raise ValidationError(_l("The same kind of need stands here twice."), "looked_on")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command({**data, "needs": tuple(data["needs"])}, **more)
