"""Input of mandatory reports: the report itself with the least that can be said, then one command for each step."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from caseapp.core import clock
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day, DivisionCode, optional_code

LONGEST_AGO = 366  # days


@dataclass(frozen=True)
class ChildSeen:
    """A child who is not on file, as far as it is known."""

    name: str | None = None
    sex: str = "0"
    age: int | None = None
    residence_code: str | None = None
    features: str | None = None


@dataclass(frozen=True)
class FileReport:
    """A report: situation and one sentence, about a child on file or one just seen. Nothing else is asked."""

    situation: str
    sentence: str
    found_at: datetime
    client_id: UUID | None = None
    child: ChildSeen = ChildSeen()


@dataclass(frozen=True)
class SafetyNow:
    """Where the child is and who is with it."""

    place: str
    version: int
    beside: str | None = None
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Who, where, when, what was seen."""

    version: int
    found_at: datetime
    sentence: str
    situation: str
    who: str | None = None
    where: str | None = None
    when: str | None = None
    seen: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What was kept, and where it lies."""

    version: int
    evidence: tuple[str, ...] = ()
    evidence_note: str | None = None


@dataclass(frozen=True)
class Tell:
    """Somebody was told."""

    whom: str
    told_at: datetime
    how: str | None = None
    name: str | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back, and a number that came later."""

    version: int
    receipt: str | None = None
    answer: str | None = None
    answered_on: date | None = None
    answer_note: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What the authority decided: theirs, not ours."""

    outcome: str
    outcome_on: date
    version: int
    outcome_by: str | None = None
    outcome_note: str | None = None


@dataclass(frozen=True)
class CloseReport:
    """The end of a report; with a note where an answer is still missing."""

    version: int
    closing_note: str | None = None


@dataclass(frozen=True)
class VoidReport:
    """Why a report does not count; `lift`: the head takes the restriction off the case again."""

    void_reason: str
    version: int
    lift: bool = False


class Clock(fields.Time):
    """A time of day as 09:30 or 9:30."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = str(value or "").strip().replace("：", ":") if isinstance(value, str) else value
        if text == "" and self.allow_none:
            return None
        if isinstance(text, str) and len(text) == 4 and text[1] == ":":
            text = f"0{text}"
        try:
            return super()._deserialize(text, attr, data, **more)
        except ValidationError as error:
            raise ValidationError([_l("Give the time as 09:30.")]) from error


def moment(data: dict[str, Any], day: str, at: str, *, earliest: int = LONGEST_AGO) -> datetime:
    """The instant of a day and time on Shanghai clocks, now where neither was said; refuses the future and what lies too far back."""
    now = clock.local(clock.now())
    on, clock_time = data.get(day) or now.date(), data.get(at)
    if clock_time is None:
        clock_time = now.time() if on == now.date() else time(12, 0)  # not known: the middle of that day
    found = datetime.combine(on, clock_time.replace(second=0, microsecond=0), tzinfo=clock.SHANGHAI)
    if found > now:
        raise ValidationError(_l("This time is still to come."), at)
    if (now.date() - on).days > earliest:
        raise ValidationError(_l("Please check the day."), day)
    return found


class Situation(CommandSchema):
    """What a report needs at the least, and when it was found."""

    situation = Coded("children_situation", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    sentence = Text(required=True, most=500)
    found_on = Day(load_default=None, allow_none=True)
    found_time = Clock(load_default=None, allow_none=True)

    @validates_schema
    def _when(self, data: dict[str, Any], **_more: Any) -> None:
        moment(data, "found_on", "found_time")


class FileReportSchema(Situation):
    """Loads to FileReport."""

    client_id = fields.UUID(load_default=None, allow_none=True)
    name = Line(most=60, load_default=None, allow_none=True)
    sex = Coded("sex", load_default="0")
    age = WholeInt(
        load_default=None, allow_none=True, validate=validate.Range(0, 17, error=_l("Under 18: give the age in whole years."))
    )
    residence_code = DivisionCode()
    features = Text(most=500, load_default=None, allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_more: Any) -> FileReport:
        child = ChildSeen(data["name"], data["sex"] or "0", data["age"], data["residence_code"], data["features"])
        found_at = moment(data, "found_on", "found_time")
        return FileReport(data["situation"], data["sentence"], found_at, data["client_id"], child)


class FactsSchema(Situation):
    """Loads to Facts."""

    version = WholeInt(required=True)
    who = Text(most=500, load_default=None, allow_none=True)
    where = Line(most=200, load_default=None, allow_none=True)
    when = Line(most=200, load_default=None, allow_none=True)
    seen = Text(most=4000, load_default=None, allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_more: Any) -> Facts:
        found_at = moment(data, "found_on", "found_time")
        told = {name: data[name] for name in ("version", "sentence", "situation", "who", "where", "when", "seen")}
        return Facts(found_at=found_at, **told)


class SafetySchema(CommandSchema):
    """Loads to SafetyNow."""

    makes = SafetyNow
    place = Coded("children_where", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    beside = Text(most=500, load_default=None, allow_none=True)
    called = fields.List(Coded("children_called"), load_default=list, validate=validate.Length(max=5))
    version = WholeInt(required=True)


class EvidenceSchema(CommandSchema):
    """Loads to Evidence."""

    makes = Evidence
    evidence = fields.List(Coded("children_evidence"), load_default=list, validate=validate.Length(max=12))
    evidence_note = Text(most=2000, load_default=None, allow_none=True)
    version = WholeInt(required=True)

    @validates_schema
    def _something(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["evidence"]:
            raise ValidationError(_l("Tick what there is, or that there is nothing so far."), "evidence")
        if "none" in data["evidence"] and len(data["evidence"]) > 1:
            raise ValidationError(_l("Tick what there is, or that there is nothing so far."), "evidence")


class TellSchema(CommandSchema):
    """Loads to Tell."""

    whom = Coded("children_told", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    told_on = Day(load_default=None, allow_none=True)
    told_time = Clock(load_default=None, allow_none=True)
    how = optional_code("children_told_how")
    name = Line(most=120, load_default=None, allow_none=True)
    receipt = Line(most=60, load_default=None, allow_none=True)

    @validates_schema
    def _when(self, data: dict[str, Any], **_more: Any) -> None:
        moment(data, "told_on", "told_time")

    @post_load
    def _made(self, data: dict[str, Any], **_more: Any) -> Tell:
        return Tell(data["whom"], moment(data, "told_on", "told_time"), data["how"], data["name"], data["receipt"])


class AnswerSchema(CommandSchema):
    """Loads to Answer: an answer has its day."""

    makes = Answer
    receipt = Line(most=60, load_default=None, allow_none=True)
    answer = optional_code("children_answer")
    answered_on = Day(load_default=None, allow_none=True)
    answer_note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)

    @validates_schema
    def _whole(self, data: dict[str, Any], **_more: Any) -> None:
        if data["answer"] and not data["answered_on"]:
            raise ValidationError(_l("Say which day."), "answered_on")
        if data["answered_on"] and not data["answer"]:
            raise ValidationError(_l("Choose one of the answers offered."), "answer")


class OutcomeSchema(CommandSchema):
    """Loads to Outcome."""

    makes = Outcome
    outcome = Coded("children_outcome", required=True, error_messages={"required": _l("Choose one of the answers offered.")})
    outcome_by = Line(most=80, load_default=None, allow_none=True)
    outcome_on = Day(required=True)
    outcome_note = Text(most=2000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class CloseReportSchema(CommandSchema):
    """Loads to CloseReport."""

    makes = CloseReport
    closing_note = Text(most=1000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class VoidReportSchema(CommandSchema):
    """Loads to VoidReport."""

    makes = VoidReport
    void_reason = Text(required=True, most=500)
    lift = fields.Boolean(load_default=False)
    version = WholeInt(required=True)


class LedgerSchema(CommandSchema):
    """Filters of the ledger."""

    state = optional_code("children_report_state")
