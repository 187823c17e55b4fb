"""Fields that several schemas share: codes of reference lists, division codes, days, money, and birth dates known in part."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

from caseapp import reference
from caseapp.core import clock, money, names
from caseapp.core.text import _l
from caseapp.schemas.base import Line, LocalDay

OLDEST = 130  # years; nobody older is believed (domain.md 3.7)
AMOUNTS = {  # why something is no amount of money
    "words": _l("Give the amount as a number, for example 1234.50."),
    "decimals": _l("An amount has at most two decimals."),
    "negative": _l("An amount is not below zero."),
    "large": _l("This amount is too large. Please check the number of digits."),
}


class Coded(fields.String):
    """A code of a reference list; the message never repeats what was sent."""

    def __init__(self, list_name: str, *, only: Sequence[str] = (), **more: Any) -> None:
        codes = list(only or reference.codes(list_name).codes())
        super().__init__(metadata={"enum": [*codes, None] if more.get("allow_none") else codes}, **more)
        self.list_name, self.only = list_name, tuple(only)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        code = super()._deserialize(value, attr, data, **more)
        if not reference.codes(self.list_name).valid(code) or (self.only and code not in self.only):
            raise ValidationError([_l("Choose one of the answers offered.")])
        return code


def optional_code(list_name: str) -> Coded:
    """A code that may be left out."""
    return Coded(list_name, load_default=None, allow_none=True)


class PersonName(Line):
    """The name of a person in its one spelling: one kind of middle dot, no spaces inside a Chinese name (core/names.py)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(most=names.LONGEST, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        name = super()._deserialize(value, attr, data, **more)
        if name is None:
            return None
        try:
            return names.normalise_name(name)
        except names.BadName as error:
            raise ValidationError([error.message]) from error


class DivisionCode(Line):
    """Twelve digits; whether the place exists is looked up by the service."""

    def __init__(self, **more: Any) -> None:
        super().__init__(most=12, load_default=None, allow_none=True, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        code = super()._deserialize(value, attr, data, **more)
        if code is not None and not re.fullmatch(r"[0-9]{6,12}", code):
            raise ValidationError([_l("Choose a place from the list.")])
        return code


class Day(LocalDay):
    """A local date; `past` refuses days that have not come yet."""

    def __init__(self, *, past: bool = True, **more: Any) -> None:
        wrong = _l("Give the day as 2026-11-23.")
        super().__init__(error_messages={"invalid": wrong, "format": wrong, "required": _l("Say which day.")}, **more)
        self.past = past

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        day = super()._deserialize(value, attr, data, **more)
        if self.past and day > clock.today():
            raise ValidationError([_l("This day has not come yet.")])
        return day


class Money(fields.Field[int | None]):
    """Yuan as people type them (1,234.5, 1.2 ten thousands); loads to whole cents, goes out as a decimal text."""

    def __init__(self, **more: Any) -> None:
        pattern = r"[0-9]{1,10}(\.[0-9]{1,2})?"
        super().__init__(metadata={"type": "string", "description": "Yuan, two decimals at most", "pattern": pattern}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int | None:
        if value == "" and self.allow_none:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError([AMOUNTS["words"]])
        try:
            return money.cents(value)
        except money.NotMoney as error:
            raise ValidationError([AMOUNTS[error.why]]) from error

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else money.typed(value)


@dataclass(frozen=True)
class Birth:
    """A birth date as far as it is known: the first day of it and how exact that is."""

    on: date | None
    precision: str


class PartialBirth(fields.Field[Birth | None]):
    """1945-03-02, 1945-03 or 1945, with any signs between; loads to Birth."""

    def __init__(self, **more: Any) -> None:
        pattern = r"\d{4}(-\d{1,2}(-\d{1,2})?)?"
        super().__init__(metadata={"type": "string", "description": "YYYY-MM-DD, YYYY-MM or YYYY", "pattern": pattern}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Birth | None:
        if not isinstance(value, str):
            raise ValidationError([_l("Give the birth date as 1945-03-02, or only 1945-03 or 1945.")])
        text = value.strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})(?:\D{1,3}(\d{1,2})(?:\D{1,3}(\d{1,2}))?)?\D{0,2}", text, re.ASCII)
        compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII)
        parts = (compact or found).groups() if (compact or found) else None  # type: ignore[union-attr]
        if parts is None or len(text) > 16:
            raise ValidationError([_l("Give the birth date as 1945-03-02, or only 1945-03 or 1945.")])
        return _birth(*(int(p) if p else None for p in parts))


def _birth(year: int | None, month: int | None, day: int | None) -> Birth:
    today = clock.today()
    year = year or 0
    if not today.year - OLDEST <= year <= today.year:
        raise ValidationError([_l("Please check the year of birth.")])
    if month is not None and not 1 <= month <= 12:
        raise ValidationError([_l("Please check the month of birth.")])
    if day is not None and not 1 <= day <= monthrange(year, month or 1)[1]:
        raise ValidationError([_l("This month has no such day.")])
    on = date(year, month or 1, day or 1)
    if on > today:
        raise ValidationError([_l("This birth date lies in the future.")])
    return Birth(on, "day" if day else "month" if month else "year")
