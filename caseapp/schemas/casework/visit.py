"""Input and output of visits and rounds (contract.md sections 4 and 5)."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt

KINDS = ("home", "phone", "video", "office", "institution", "accompany", "online")
NOT_SEEN = ("not_met", "away", "in_hospital", "refused", "moved", "deceased", "other")  # each with a reason
OUTCOMES = ("done", "family_only", *NOT_SEEN)
MET = ("done", "family_only")  # somebody of the household was spoken to: findings and services make sense
RISKS = ("red", "orange", "blue", "green")
CHOICES = ("proposed", "earlier", "other")
MOST_PERSONS = 60


def one_of(codes: Any) -> validate.OneOf:
    """A code of a list; the message never repeats what was sent."""
    return validate.OneOf(codes, error=_l("Choose one of the answers offered."))


def local_day(**more: Any) -> fields.Date:
    """A date, with words for what is none."""
    words = {
        "required": _l("Say when it was."),
        "invalid": _l("Give the day as 2026-11-23."),
        "format": _l("Give the day as 2026-11-23."),
    }
    return fields.Date(error_messages=words, **more)


def known(list_name: str) -> Any:
    """A validator for a code of a reference list."""

    def check(value: str) -> None:
        if not reference.codes(list_name).valid(value):
            raise ValidationError([_l("Choose one of the answers offered.")])

    return check


def minutes() -> WholeInt:
    """How long it took; never demanded."""
    wrong = _l("Between 1 and 1440 minutes, or leave it empty.")
    return WholeInt(
        load_default=None, allow_none=True, validate=validate.Range(1, 1440, error=wrong), error_messages={"invalid": wrong}
    )


def _meant(why: str) -> str:
    """The outcome that a reason stands for."""
    entry = reference.codes("not_met_reason").get(why)
    return str(entry.facts["outcome"]) if entry else why


def item_code(value: str) -> None:
    """A code of the catalogue in force (S-3.1: free text is no service)."""
    if not reference.catalogue().valid(value):
        raise ValidationError([_l("Choose a service of the catalogue.")])


def items() -> fields.List[Any]:
    """Several different items of the catalogue in force."""
    most = validate.Length(max=30, error=_l("Too many choices."))
    return fields.List(fields.String(validate=item_code), load_default=list, validate=most)


def some(list_name: str, most: int = 20) -> fields.List[Any]:
    """Several different codes of a reference list."""
    return fields.List(
        fields.String(validate=known(list_name)),
        load_default=list,
        validate=validate.Length(max=most, error=_l("Too many choices.")),
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


@dataclass(frozen=True)
class VoidVisit:
    """Take a visit out of every count, with the reason."""

    reason: str
    version: int


class VoidVisitSchema(CommandSchema):
    """Loads to VoidVisit."""

    makes: ClassVar[type | None] = VoidVisit
    reason = Line(required=True, most=200, validate=validate.Length(min=2, error=_l("Say why, in a few words.")))
    version = WholeInt(required=True)


@dataclass(frozen=True)
class MoveVisit:
    """The same visit on another day: the old one is voided, a new one points to it."""

    happened_on: date
    reason: str
    version: int


class MoveVisitSchema(VoidVisitSchema):
    """Loads to MoveVisit."""

    makes = MoveVisit
    happened_on = local_day(required=True)


@dataclass(frozen=True)
class AmendVisit:
    """Other words for the note, and other findings, while the visit is young."""

    version: int
    note: str | None = None
    findings: tuple[str, ...] = ()


class AmendVisitSchema(CommandSchema):
    """Loads to AmendVisit."""

    makes = AmendVisit
    version = WholeInt(required=True)
    note = Text(load_default=None, allow_none=True, most=5000)
    findings = some("visit_finding")

    @post_load
    def _command(self, data: dict[str, Any], **more: Any) -> Any:
        return super()._command(data | {"findings": tuple(data.get("findings") or ())}, **more)


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
    village = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{9,12}$"))
    risk = fields.String(load_default=None, allow_none=True, validate=one_of(RISKS))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))
