"""Codes, days, minutes and services, as every schema of visits judges them (contract.md section 5)."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from caseapp import reference
from caseapp.core.text import _l
from caseapp.schemas.base import WholeInt
from caseapp.schemas.values import Day

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


def local_day(**more: Any) -> Day:
    """A day, future ones too: whether it can be is judged by the service, which knows the person."""
    return Day(past=False, **more)


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
