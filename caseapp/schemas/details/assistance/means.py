"""Input of a means sheet: how the enquiry went, who is counted, the lines of a section; what is missing is judged at the end."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day, Money, optional_code

MOST_LINES = 40  # of one section: a draft of it must fit into what drafts may hold
MOST_MEMBERS = 30
KEY = re.compile(r"[0-9a-f]{8,32}")


@dataclass(frozen=True)
class MoneyLine:
    """One line: whose money (none: the whole family), of which kind, how much per what, how it is known and where the paper lies."""

    kind: str
    amount: int
    key: str | None = None
    who: str | None = None
    what: str | None = None
    per: str | None = None
    times: int | None = None
    basis: str = "declared"
    evidence: str | None = None
    place: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class WriteSection:
    """The lines of one section, whole; `said_none`: it was asked and there is none."""

    version: int
    said_none: bool = False
    lines: tuple[MoneyLine, ...] = ()


@dataclass(frozen=True)
class CountMember:
    """Whether a member of the household is counted, and why not."""

    key: str
    counted: bool
    why: str | None = None
    work: str | None = None


@dataclass(frozen=True)
class WriteMembers:
    """Who of the household is counted."""

    version: int
    members: tuple[CountMember, ...] = ()


@dataclass(frozen=True)
class WriteEnquiry:
    """Who enquired, when and how; the family's consent; where the signed paper lies."""

    version: int
    enquired_on: date | None = None
    methods: tuple[str, ...] = ()
    first_id: UUID | None = None
    second_id: UUID | None = None
    second_name: str | None = None
    second_office: str | None = None
    consent_how: str | None = None
    consent_on: date | None = None
    paper_place: str | None = None
    remark: str | None = None


@dataclass(frozen=True)
class FinishSheet:
    """The sheet is complete and frozen."""

    version: int


@dataclass(frozen=True)
class VoidSheet:
    """The sheet does not count, with a reason."""

    version: int
    reason: str


def _key(value: str) -> None:
    if not KEY.fullmatch(value):
        raise ValidationError([_l("Choose one of the answers offered.")])


class MoneyLineSchema(CommandSchema):
    """Loads to MoneyLine; a section adds its kinds."""

    makes = MoneyLine
    key = fields.String(load_default=None, allow_none=True, validate=_key)
    who = fields.String(load_default=None, allow_none=True, validate=_key)
    what = Line(most=60, load_default=None, allow_none=True)
    amount = Money(required=True)
    per = optional_code("assistance_per")
    times = WholeInt(load_default=None, allow_none=True, validate=validate.Range(1, 366, error=_l("Between 1 and 366 times.")))  # type: ignore[arg-type]
    basis = Coded("assistance_basis", load_default="declared")
    evidence = optional_code("assistance_evidence")
    place = Line(most=60, load_default=None, allow_none=True)
    note = Line(most=200, load_default=None, allow_none=True)

    @validates_schema
    def _counted(self, data: dict[str, Any], **_more: Any) -> None:
        per = reference.codes("assistance_per").get(data["per"]) if data["per"] else None
        if per is not None and per.facts.get("count") and data["times"] is None:
            raise ValidationError(_l("Say how many times in the twelve months."), "times")


def _lines_schema(section: str, *, flows: bool) -> type[CommandSchema]:
    """The schema of one section: its own kinds; money that flows has a period, what is owned has none."""
    parts: dict[str, Any] = {"kind": Coded(f"assistance_{section}", required=True)}
    if flows:
        parts["per"] = Coded("assistance_per", required=True)
    name = section.title()
    line = type(f"{name}LineSchema", (MoneyLineSchema,), {**parts, "__doc__": f"One line of {section}."})
    many = _l("At most %(most)s lines in one section.", most=MOST_LINES)
    whole = {
        "__doc__": f"Loads to WriteSection: the lines of {section}.",
        "makes": WriteSection,
        "version": WholeInt(required=True),
        "said_none": fields.Boolean(load_default=False),
        "lines": fields.List(
            fields.Nested(line),
            load_default=list,
            validate=validate.Length(max=MOST_LINES, error=many),  # type: ignore[arg-type]
        ),
        "_clear": validates_schema(_clear),
    }
    return type(f"{name}SectionSchema", (CommandSchema,), whole)


def _clear(_self: Any, data: dict[str, Any], **_more: Any) -> None:
    """Either lines or the word that there is none."""
    if data["said_none"] and data.get("lines"):
        raise ValidationError(_l("There are lines below. Take the tick away, or take the lines out."), "said_none")


SECTION_SCHEMAS: dict[str, type[CommandSchema]] = {
    "income": _lines_schema("income", flows=True),
    "deduction": _lines_schema("deduction", flows=True),
    "property": _lines_schema("property", flows=False),
    "expense": _lines_schema("expense", flows=True),
}


class CountMemberSchema(CommandSchema):
    """Loads to CountMember."""

    makes = CountMember
    key = fields.String(required=True, validate=_key)
    counted = fields.Boolean(required=True)
    why = optional_code("assistance_excluded")
    work = Line(most=60, load_default=None, allow_none=True)

    @validates_schema
    def _reason(self, data: dict[str, Any], **_more: Any) -> None:
        if data["counted"] is False and not data["why"]:
            raise ValidationError(_l("Say why this member is not counted."), "why")


class WriteMembersSchema(CommandSchema):
    """Loads to WriteMembers."""

    makes = WriteMembers
    version = WholeInt(required=True)
    members = fields.List(fields.Nested(CountMemberSchema), required=True, validate=validate.Length(max=MOST_MEMBERS))


class WriteEnquirySchema(CommandSchema):
    """Loads to WriteEnquiry; the second of the two is a colleague, or somebody else by name."""

    makes = WriteEnquiry
    version = WholeInt(required=True)
    enquired_on = Day(load_default=None, allow_none=True)
    methods = fields.List(Coded("assistance_method"), load_default=list, validate=validate.Length(max=8))
    first_id = fields.UUID(load_default=None, allow_none=True)
    second_id = fields.UUID(load_default=None, allow_none=True)
    second_name = Line(most=40, load_default=None, allow_none=True)
    second_office = Line(most=60, load_default=None, allow_none=True)
    consent_how = optional_code("assistance_consent")
    consent_on = Day(load_default=None, allow_none=True)
    paper_place = Line(most=120, load_default=None, allow_none=True)
    remark = Text(most=3000, load_default=None, allow_none=True)

    @validates_schema
    def _two(self, data: dict[str, Any], **_more: Any) -> None:
        first, second, name = data["first_id"], data["second_id"], data["second_name"]
        if first is not None and first == second:
            raise ValidationError(_l("The enquiry needs two different persons."), "second_id")
        if second is not None and name:
            raise ValidationError(_l("Choose a colleague or give another person's name, not both."), "second_name")
        if name and not data["second_office"]:
            raise ValidationError(_l("Say where this person works."), "second_office")


class FinishSheetSchema(CommandSchema):
    """Loads to FinishSheet."""

    makes = FinishSheet
    version = WholeInt(required=True)


class VoidSheetSchema(CommandSchema):
    """Loads to VoidSheet."""

    makes = VoidSheet
    version = WholeInt(required=True)
    reason = Line(required=True, most=200)
