"""Input of applications, the authority's answers, benefits, and relief in an emergency."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.details.assistance.means import MOST_MEMBERS, _key
from caseapp.schemas.values import Coded, Day, Money, optional_code


@dataclass(frozen=True)
class WriteRequest:
    """What is applied for, for whom, which papers are needed; `version` when one is changed, none for a new one."""

    aid: str
    purpose: str = "new"
    for_whom: tuple[str, ...] = ()
    wish: str | None = None
    papers_wanted: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class TickPapers:
    """Which papers are together."""

    version: int
    papers_ready: tuple[str, ...] = ()
    papers_note: str | None = None


@dataclass(frozen=True)
class HandIn:
    """When and where it was handed in."""

    version: int
    handed_in_on: date
    handed_in_to: str
    receipt_no: str | None = None


@dataclass(frozen=True)
class RecordAnswer:
    """The authority's own answer: who, when, on which paper; when given, what and from when."""

    version: int
    answer: str
    answered_on: date
    authority: str = "family"
    office: str | None = None
    paper_no: str | None = None
    reason: str | None = None
    amount: int | None = None
    per: str | None = None
    from_on: date | None = None
    rhythm: str | None = None
    tag: bool = False


@dataclass(frozen=True)
class VoidAnswer:
    """An answer that was recorded by mistake."""

    version: int
    reason: str


@dataclass(frozen=True)
class TellAppeal:
    """The family was told how a refusal can be looked at again."""

    version: int
    told_on: date
    note: str | None = None


@dataclass(frozen=True)
class WriteBenefit:
    """Something the family receives already."""

    aid: str
    from_on: date
    for_whom: tuple[str, ...] = ()
    amount: int | None = None
    per: str | None = None
    authority: str | None = None
    paper_no: str | None = None
    rhythm: str | None = None
    checked_on: date | None = None
    version: int | None = None


@dataclass(frozen=True)
class EndBenefit:
    """It is no longer received."""

    version: int
    to_on: date
    end_reason: str


@dataclass(frozen=True)
class MeetUrgentNeed:
    """What was missing today, what was done at once and by whom, whom in the township it was told to, whether relief is asked for."""

    needs: tuple[str, ...]
    what: str
    helped_by: str
    worth: int | None = None
    told_to: str | None = None
    ask_relief: bool = False


WHOM = fields.List(fields.String(validate=_key), load_default=list, validate=validate.Length(max=MOST_MEMBERS))
PAPERS = validate.Length(max=20)


class WriteRequestSchema(CommandSchema):
    """Loads to WriteRequest."""

    makes = WriteRequest
    aid = Coded("assistance_aid", required=True)
    purpose = Coded("assistance_purpose", load_default="new", only=("new", "change", "again"))
    for_whom = WHOM
    wish = Text(most=1000, load_default=None, allow_none=True)
    papers_wanted = fields.List(Coded("assistance_paper"), load_default=list, validate=PAPERS)
    version = WholeInt(load_default=None, allow_none=True)


class TickPapersSchema(CommandSchema):
    """Loads to TickPapers."""

    makes = TickPapers
    version = WholeInt(required=True)
    papers_ready = fields.List(Coded("assistance_paper"), load_default=list, validate=PAPERS)
    papers_note = Line(most=200, load_default=None, allow_none=True)


class HandInSchema(CommandSchema):
    """Loads to HandIn."""

    makes = HandIn
    version = WholeInt(required=True)
    handed_in_on = Day(required=True)
    handed_in_to = Line(required=True, most=120)
    receipt_no = Line(most=60, load_default=None, allow_none=True)


class RecordAnswerSchema(CommandSchema):
    """Loads to RecordAnswer: a refusal and a call for more have a reason; only what is given has an amount."""

    makes = RecordAnswer
    version = WholeInt(required=True)
    answer = Coded("assistance_answer", required=True)
    answered_on = Day(required=True)
    authority = Coded("assistance_authority", load_default="family")
    office = Line(most=80, load_default=None, allow_none=True)
    paper_no = Line(most=60, load_default=None, allow_none=True)
    reason = Text(most=1000, load_default=None, allow_none=True)
    amount = Money(load_default=None, allow_none=True)
    per = optional_code("assistance_per")
    from_on = Day(past=False, load_default=None, allow_none=True)
    rhythm = optional_code("assistance_rhythm")
    tag = fields.Boolean(load_default=False)

    @validates_schema
    def _said(self, data: dict[str, Any], **_more: Any) -> None:
        answer = data["answer"]
        if answer == "refused" and not data["reason"]:
            raise ValidationError(_l("Write down the reason the authority gave."), "reason")
        if answer == "more" and not data["reason"]:
            raise ValidationError(_l("Write down what more is asked for."), "reason")
        family = reference.codes("assistance_authority").having("not_authority")
        if (data["authority"] in family) != (answer == "withdrawn"):
            raise ValidationError(_l("Say which authority answered; only a withdrawal is the family's own."), "authority")
        if data["amount"] is not None and answer == "given" and not data["per"]:
            raise ValidationError(_l("Say per what this amount is paid."), "per")


class VoidAnswerSchema(CommandSchema):
    """Loads to VoidAnswer."""

    makes = VoidAnswer
    version = WholeInt(required=True)
    reason = Line(required=True, most=200)


class TellAppealSchema(CommandSchema):
    """Loads to TellAppeal."""

    makes = TellAppeal
    version = WholeInt(required=True)
    told_on = Day(required=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class WriteBenefitSchema(CommandSchema):
    """Loads to WriteBenefit."""

    makes = WriteBenefit
    aid = Coded("assistance_aid", required=True)
    from_on = Day(required=True)
    for_whom = WHOM
    amount = Money(load_default=None, allow_none=True)
    per = optional_code("assistance_per")
    authority = Coded("assistance_authority", load_default=None, allow_none=True, only=("township", "county", "other"))
    paper_no = Line(most=60, load_default=None, allow_none=True)
    rhythm = optional_code("assistance_rhythm")
    checked_on = Day(load_default=None, allow_none=True)
    version = WholeInt(load_default=None, allow_none=True)

    @validates_schema
    def _holds_together(self, data: dict[str, Any], **_more: Any) -> None:
        if data["amount"] is not None and not data["per"]:
            raise ValidationError(_l("Say per what this amount is paid."), "per")
        if data["checked_on"] is not None and data["checked_on"] < data["from_on"]:
            raise ValidationError(_l("The last re-check lies before the beginning."), "checked_on")


class EndBenefitSchema(CommandSchema):
    """Loads to EndBenefit."""

    makes = EndBenefit
    version = WholeInt(required=True)
    to_on = Day(required=True)
    end_reason = Coded("assistance_benefit_end", required=True)


class MeetUrgentNeedSchema(CommandSchema):
    """Loads to MeetUrgentNeed."""

    makes = MeetUrgentNeed
    needs = fields.List(
        Coded("assistance_urgent_need"),
        required=True,
        validate=validate.Length(1, 6, error=_l("Choose what is missing today.")),  # type: ignore[arg-type]
    )
    what = Text(required=True, most=1000)
    helped_by = Coded("assistance_first_help", required=True)
    worth = Money(load_default=None, allow_none=True)
    told_to = Line(most=80, load_default=None, allow_none=True)
    ask_relief = fields.Boolean(load_default=False)

    @validates_schema
    def _told(self, data: dict[str, Any], **_more: Any) -> None:
        if data["ask_relief"] and not data["told_to"]:
            raise ValidationError(_l("Say whom in the township you told."), "told_to")
