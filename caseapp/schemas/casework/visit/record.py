"""Recording a visit or a round: outcome with its reason, findings, services, what comes next."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text
from caseapp.schemas.casework.visit.parts import (
    CHOICES,
    KINDS,
    MET,
    MOST_PERSONS,
    NOT_SEEN,
    OUTCOMES,
    RISKS,
    _meant,
    items,
    known,
    local_day,
    minutes,
    one_of,
    some,
)


@dataclass(frozen=True)
class Seen:
    """One person of a visit and what came of it."""

    outcome: str
    client_id: UUID | None = None
    case_id: UUID | None = None
    reason: str | None = None
    neighbour_vouched: bool | None = None
    findings: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class RecordVisit:
    """One encounter: the person it was made for, those also there, and what comes next."""

    outcome: str
    happened_on: date
    kind: str = "home"
    case_id: UUID | None = None
    reason: str | None = None
    neighbour_vouched: bool | None = None
    findings: tuple[str, ...] = ()
    note: str | None = None
    began_at: time | None = None
    minutes: int | None = None
    companions: str | None = None
    services: tuple[str, ...] = ()
    risk: str | None = None
    risk_reason: str | None = None
    alert_head: bool = False
    next_choice: str = "proposed"
    next_visit_on: date | None = None
    next_visit_reason: str | None = None
    others: tuple[Seen, ...] = ()

    @property
    def first(self) -> Seen:
        """The person the visit was made for."""
        return Seen(
            outcome=self.outcome,
            case_id=self.case_id,
            reason=self.reason,
            neighbour_vouched=self.neighbour_vouched,
            findings=self.findings,
        )


class _Outcome(CommandSchema):
    """Outcome with its reason: in words, or by `why_not`, a code that also says which outcome it was.

    A reason is kept as "code", "code: words" or words alone; `queries.casework.visits.reason_words` reads it.
    """

    outcome = fields.String(
        required=True,
        validate=one_of(OUTCOMES),
        error_messages={"required": _l("Say whether you saw the person.")},
    )
    why_not = fields.String(load_default=None, allow_none=True, validate=known("not_met_reason"))
    reason = Line(load_default=None, allow_none=True, most=200)
    neighbour_vouched = fields.Boolean(load_default=None, allow_none=True)
    findings = some("visit_finding")

    @validates_schema(skip_on_field_errors=True)
    def _outcome_fits(self, data: dict[str, Any], **_more: Any) -> None:
        outcome, why = data["outcome"], data.get("why_not")
        meant = _meant(why) if why else outcome
        if why and outcome not in ("not_met", meant):
            raise ValidationError(_l("Only for somebody who was not seen."), "why_not")
        if outcome in NOT_SEEN and not why and not data.get("reason"):
            raise ValidationError(_l("Say why the person was not seen."), "reason")
        if meant == "other" and not data.get("reason"):
            raise ValidationError(_l("Say in a few words why the person was not seen."), "reason")
        if data.get("findings") and outcome not in MET:
            raise ValidationError(_l("What was found can only be said when somebody was seen."), "findings")

    def _settle(self, data: dict[str, Any]) -> dict[str, Any]:
        """One outcome, tuples for the frozen command."""
        why = data.pop("why_not", None)
        if why:
            data["outcome"] = _meant(why)
            data["reason"] = f"{why}: {data['reason']}"[:200] if data.get("reason") else why
        data["findings"] = tuple(dict.fromkeys(data.get("findings") or ()))
        return data

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command(self._settle(dict(data)), **more)


class SeenSchema(_Outcome):
    """A further person of a visit, or one of a round."""

    makes = Seen
    client_id = fields.UUID(required=True)
    case_id = fields.UUID(load_default=None, allow_none=True)
    note = Text(load_default=None, allow_none=True, most=3000)


class RecordVisitSchema(_Outcome):
    """Loads to RecordVisit."""

    makes = RecordVisit
    happened_on = local_day(required=True)
    kind = fields.String(load_default="home", validate=one_of(KINDS))
    case_id = fields.UUID(load_default=None, allow_none=True)
    note = Text(load_default=None, allow_none=True, most=5000)
    began_at = fields.Time(
        load_default=None, allow_none=True, format="%H:%M", error_messages={"invalid": _l("Give the time as 14:30.")}
    )
    minutes = minutes()
    companions = Line(load_default=None, allow_none=True, most=120)
    services = items()
    risk = fields.String(load_default=None, allow_none=True, validate=one_of(RISKS))
    risk_reason = Line(load_default=None, allow_none=True, most=200)
    alert_head = fields.Boolean(load_default=False)
    next_choice = fields.String(load_default="proposed", validate=one_of(CHOICES))
    next_visit_on = local_day(load_default=None, allow_none=True)
    next_visit_reason = Line(load_default=None, allow_none=True, most=200)
    others = fields.List(
        fields.Nested(SeenSchema),
        load_default=list,
        validate=validate.Length(max=20, error=_l("At most 20 persons in one visit.")),
    )

    @validates_schema(skip_on_field_errors=True)
    def _next_fits(self, data: dict[str, Any], **_more: Any) -> None:
        if data["next_choice"] == "other" and data.get("next_visit_on") is None:
            raise ValidationError(_l("Say which day."), "next_visit_on")
        seen = [data["outcome"], *(other.outcome for other in data.get("others") or ())]
        if data.get("services") and not set(seen) & set(MET):
            raise ValidationError(_l("A service needs somebody who was seen."), "services")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        data = dict(data)
        if data.get("next_visit_on") and data["next_choice"] == "proposed":
            data["next_choice"] = "other"  # a day was named: it is meant
        data["services"] = tuple(dict.fromkeys(data.get("services") or ()))
        data["others"] = tuple(data.get("others") or ())
        return super()._command(data, **more)


@dataclass(frozen=True)
class RecordRound:
    """Visits to several persons on one way, each with an outcome of its own."""

    happened_on: date
    persons: tuple[Seen, ...]
    kind: str = "home"
    minutes: int | None = None
    companions: str | None = None
    services: tuple[str, ...] = ()


class RecordRoundSchema(CommandSchema):
    """Loads to RecordRound."""

    makes = RecordRound
    happened_on = local_day(required=True)
    kind = fields.String(load_default="home", validate=one_of(KINDS))
    minutes = minutes()
    companions = Line(load_default=None, allow_none=True, most=120)
    services = items()
    persons = fields.List(
        fields.Nested(SeenSchema),
        required=True,
        validate=validate.Length(1, MOST_PERSONS, error=_l("Tick at least one person, at most 60.")),
        error_messages={"required": _l("Tick at least one person, at most 60.")},
    )

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command(
            data | {"persons": tuple(data.get("persons") or ()), "services": tuple(dict.fromkeys(data.get("services") or ()))},
            **more,
        )
