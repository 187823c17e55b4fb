"""Input of care and safety: delegated care, parents' contact, a look at the home."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded, Day

MOST_YEARS = 3
BARS = reference.codes("children_bar").codes()


@dataclass(frozen=True)
class Delegate:
    """A child is entrusted to somebody; `bars` says of each reason against it whether it holds."""

    given_by: str
    delegate_name: str
    relation: str
    birth_year: int
    reason: str
    from_on: date
    to_on: date
    bars: dict[str, bool]
    phone: str | None = None
    address: str | None = None
    child_heard: bool | None = None
    child_view: str | None = None
    also_told: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class EndDelegation:
    """A delegation ended, when and why."""

    ended_on: date
    end_reason: str
    version: int


@dataclass(frozen=True)
class NoteContact:
    """Parents were in touch."""

    happened_on: date
    who: str
    how: str
    note: str | None = None


@dataclass(frozen=True)
class CheckSafety:
    """A look at the home by the check list."""

    checked_on: date
    answers: dict[str, str] = field(default_factory=dict)
    note: str | None = None


class DelegateSchema(CommandSchema):
    """Loads to Delegate: every reason against it must be answered, and none may hold (未成年人保护法 art. 22)."""

    makes = Delegate
    given_by = Coded("children_contact_who", required=True)
    delegate_name = Line(required=True, most=60)
    relation = Coded("relation", required=True)
    birth_year = WholeInt(required=True, validate=validate.Range(1900, 2200, error=_l("Please check the year of birth.")))
    phone = Line(most=40, load_default=None, allow_none=True)
    address = Line(most=200, load_default=None, allow_none=True)
    reason = Coded("children_delegation_reason", required=True)
    from_on = Day(past=False, required=True)
    to_on = Day(past=False, required=True)
    bars = fields.Dict(keys=fields.String(validate=validate.OneOf(BARS)), values=fields.Boolean(), load_default=dict)
    child_heard = fields.Boolean(load_default=None, allow_none=True)
    child_view = Text(most=1000, load_default=None, allow_none=True)
    also_told = fields.List(Coded("children_also_told"), load_default=list, validate=validate.Length(max=5))
    note = Text(most=2000, load_default=None, allow_none=True)

    @validates_schema
    def _may_be_entrusted(self, data: dict[str, Any], **_more: Any) -> None:
        wrong: dict[str, list[Any]] = {}
        for code in BARS:
            said = data["bars"].get(code)
            if said is None:
                wrong[f"bar_{code}"] = [_l("Ask, and say yes or no.")]
            elif said:
                wrong[f"bar_{code}"] = [
                    _l(
                        "This person may not be entrusted with the child (Law on the Protection of Minors, art. 22). Find somebody else."
                    )
                ]
        if data["to_on"] <= data["from_on"]:
            wrong["to_on"] = [_l("The end lies before the beginning.")]
        elif (data["to_on"] - data["from_on"]).days > MOST_YEARS * 366:
            wrong["to_on"] = [_l("At most %(years)s years at a time; then it is agreed anew.", years=MOST_YEARS)]
        if wrong:
            raise ValidationError(wrong)


class EndDelegationSchema(CommandSchema):
    """Loads to EndDelegation."""

    makes = EndDelegation
    ended_on = Day(required=True)
    end_reason = Coded("children_delegation_end", required=True)
    version = WholeInt(required=True)


class NoteContactSchema(CommandSchema):
    """Loads to NoteContact."""

    makes = NoteContact
    happened_on = Day(required=True)
    who = Coded("children_contact_who", required=True)
    how = Coded("children_contact_how", required=True)
    note = Text(most=500, load_default=None, allow_none=True)


class CheckSafetySchema(CommandSchema):
    """Loads to CheckSafety: at least one item answered."""

    makes = CheckSafety
    checked_on = Day(required=True)
    answers = fields.Dict(
        keys=Coded("children_safety_item"),
        values=Coded("children_safety_answer"),
        load_default=dict,
        validate=validate.Length(max=40),
    )
    note = Text(most=1000, load_default=None, allow_none=True)

    @validates_schema
    def _something(self, data: dict[str, Any], **_more: Any) -> None:
        if not data["answers"]:
            raise ValidationError(_l("Answer at least one line."), "answers")
