"""Numbers of documents: one spelling, birth date and sex where they stand in it, and a stable reason when it cannot be right.

Nothing here knows a person; a number never appears in a message. Which document kinds exist is the list `document_kind`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.core import clock
from caseapp.core.masking import mask_number as mask
from caseapp.core.text import _l

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
OLDEST = 130
PROVINCES = frozenset(
    f"{region}{number}"
    for region, last in (("1", 5), ("2", 3), ("3", 7), ("4", 6), ("5", 4), ("6", 5))
    for number in range(1, last + 1)
) | {"50", "71", "81", "82", "83"}

MESSAGES: dict[str, Any] = {
    "empty": _l("Please give the number."),
    "not_expected": _l("Without a document there is no number; leave this empty."),
    "length": _l("The number should have %(wanted)s characters; there are %(count)s."),
    "characters": _l("Character %(position)s cannot stand in this number."),
    "checksum": _l("The last character does not fit the others: one of them is mistyped. Please compare with the card."),
    "impossible_date": _l("The birth date in the number does not exist. Please compare with the card."),
    "future_date": _l("The birth date in the number lies in the future. Please compare with the card."),
    "too_old": _l("By its number the person would be older than anybody alive. Please compare with the card."),
    "scientific_notation": _l("A spreadsheet has destroyed this number. Set the column to text and enter it again."),
    "rounded_by_spreadsheet": _l("A spreadsheet has changed the last digits to zeros. Please type the number from the card."),
    "prefix": _l("A number of this kind begins otherwise. Please check the kind of document."),
    "category": _l("The 19th digit, the kind of disability, is 1 to 7."),
    "grade": _l("The 20th digit, the grade, is 1 to 4."),
    "holder_mismatch": _l("The disability card is not of the person with this identity number."),
}
WARNINGS: dict[str, Any] = {
    "old_15_digits": _l("An old number of 15 digits; it was brought to 18. Please compare with the present card."),
    "unknown_prefix": _l("The first six digits are no known division. They may be an old one."),
    "looks_like_permit": _l("This looks like the number of a residence permit for Hong Kong, Macao or Taiwan."),
    "looks_like_foreign": _l("This looks like the number of a foreign permanent resident."),
    "unverified": _l("The form of this number could not be checked. Please compare with the document."),
    "reissued": _l("A card issued again."),
}


class BadIdentityNumber(ValueError):
    """A number that cannot be right: `code` is stable, `message` translatable, `facts` fill it, `position` counts from 1."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.message = MESSAGES[code]

    @property
    def position(self) -> int | None:
        """Which character is at fault, if it is one."""
        found = self.facts.get("position")
        return found if isinstance(found, int) else None


@dataclass(frozen=True)
class IdentityNumber:
    """A number in its one spelling with what it says; `warnings` are codes of WARNINGS and never block."""

    kind: str
    normalised: str
    birth_on: date | None = None
    sex: str | None = None
    warnings: tuple[str, ...] = ()
    disability_kind: str | None = None
    disability_grade: str | None = None

    @property
    def masked(self) -> str:
        """The shown part."""
        return mask(self.normalised)


@dataclass(frozen=True)
class _Ask:
    kind: str
    text: str
    today: date
    known: frozenset[str]
    holder: str | None
    oldest: int


def check(
    kind: str,
    text: str | None,
    *,
    today: date | None = None,
    known_prefixes: frozenset[str] = frozenset(),
    holder: str | None = None,
    oldest: int = OLDEST,
) -> IdentityNumber:
    """The number of a document of that kind, or BadIdentityNumber.

    `known_prefixes`: six-digit division codes, old ones included; other ones of the same provinces only warn. `holder`: the
    citizen number of the person, which a disability card must begin with. KeyError for a kind that is none.
    """
    ask = _Ask(kind, _tidy(text or ""), today or clock.today(), known_prefixes, holder, oldest)
    checker = CHECKERS[kind]
    if checker is not _nothing and not ask.text:
        raise BadIdentityNumber("empty")
    return checker(ask)


def check_digit(first17: str) -> str:
    """The last character of a citizen number."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def _tidy(text: str) -> str:
    """Half width, capital, without spaces, quotes and the marks of a spreadsheet; × and Cyrillic Х are X."""
    plain = unicodedata.normalize("NFKC", text).upper().replace("×", "X").replace("Х", "X")
    plain = re.sub("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'\"`’‘“”=]", "", plain)
    return re.sub("[-\u2010-\u2015\u2212]", "", plain) if not re.fullmatch(r"\d(\.\d+)?E[+-]?\d+", plain) else plain


def _only(text: str, signs: str) -> None:
    for position, sign in enumerate(text, start=1):
        if sign not in signs:
            raise BadIdentityNumber("characters", position=position)


def _undamaged(text: str) -> None:
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        raise BadIdentityNumber("scientific_notation")


def _birth(digits: str, ask: _Ask) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise BadIdentityNumber("impossible_date") from None
    if born > ask.today:
        raise BadIdentityNumber("future_date")
    if (ask.today.year - born.year) - ((ask.today.month, ask.today.day) < (born.month, born.day)) > ask.oldest:
        raise BadIdentityNumber("too_old")
    return born


def _eighteen(number: str, ask: _Ask) -> tuple[date, str]:
    """Birth and sex of an 18-character number whose every part is right."""
    _only(number[:17], "0123456789")
    if number[17] not in "0123456789X":
        raise BadIdentityNumber("characters", position=18)
    fits = check_digit(number[:17]) == number[17]
    if not fits and number.endswith("000"):
        raise BadIdentityNumber("rounded_by_spreadsheet")
    born = _birth(number[6:14], ask)
    if not fits:
        raise BadIdentityNumber("checksum")
    return born, "1" if int(number[16]) % 2 else "2"


def _citizen(ask: _Ask) -> IdentityNumber:
    _undamaged(ask.text)
    number, warnings = ask.text.removesuffix(".0"), []
    if len(number) == 15:
        _only(number, "0123456789")
        century = "18" if number[12:] in ("996", "997", "998", "999") else "19"  # kept for people of a hundred years
        number = number[:6] + century + number[6:]
        number += check_digit(number)
        warnings.append("old_15_digits")
    if len(number) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(number))
    born, sex = _eighteen(number, ask)
    provinces = {prefix[:2] for prefix in ask.known}
    if number[:2] in ("81", "82", "83"):
        warnings.append("looks_like_permit")
    elif number[0] == "9":
        warnings.append("looks_like_foreign")
    elif number[:2] not in PROVINCES or (number[:2] in provinces and number[:6] not in ask.known):
        warnings.append("unknown_prefix")
    return IdentityNumber(ask.kind, number, born, sex, tuple(warnings))


def _permit(ask: _Ask) -> IdentityNumber:
    """Residence permits: 18 characters beginning 810000 and 820000 (Hong Kong, Macao) or 830000 (Taiwan)."""
    _undamaged(ask.text)
    if len(ask.text) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(ask.text))
    if ask.text[:6] not in (("830000",) if ask.kind == "TW" else ("810000", "820000")):
        raise BadIdentityNumber("prefix")
    born, sex = _eighteen(ask.text, ask)
    return IdentityNumber(ask.kind, ask.text, born, sex)


def _foreign(ask: _Ask) -> IdentityNumber:
    """Foreign permanent residents: three letters and twelve digits, or since 2023-12-01 eighteen characters.

    The new form is not published in full, so what does not fit the citizen rule only warns.
    """
    _undamaged(ask.text)
    if len(ask.text) == 15:
        _only(ask.text[:3], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for position, sign in enumerate(ask.text[3:], start=4):
            if not ("0" <= sign <= "9"):
                raise BadIdentityNumber("characters", position=position)
        return IdentityNumber(ask.kind, ask.text)
    if len(ask.text) != 18:
        raise BadIdentityNumber("length", wanted=18, count=len(ask.text))
    _only(ask.text[:17], "0123456789")
    try:
        born, sex = _eighteen(ask.text, ask)
    except BadIdentityNumber as bad:
        if bad.code == "characters":
            raise
        return IdentityNumber(ask.kind, ask.text, warnings=("unverified",))
    return IdentityNumber(ask.kind, ask.text, born, sex, () if ask.text[0] == "9" else ("unverified",))


def _passport(ask: _Ask) -> IdentityNumber:
    """Passports and travel permits: no rule by country, 5 to 20 letters and digits."""
    _undamaged(ask.text)
    _only(ask.text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not 5 <= len(ask.text) <= 20:
        raise BadIdentityNumber("length", wanted="5–20", count=len(ask.text))
    return IdentityNumber(ask.kind, ask.text)


def _birth_certificate(ask: _Ask) -> IdentityNumber:
    """A letter and nine digits in the present form; others warn."""
    plain = _passport(ask)
    fits = re.fullmatch(r"[A-Z]\d{9}", plain.normalised)
    return IdentityNumber(ask.kind, plain.normalised, warnings=() if fits else ("unverified",))


def _disability(ask: _Ask) -> IdentityNumber:
    """The citizen number, a digit for the kind and one for the grade; a card issued again may add B and a number."""
    _undamaged(ask.text)
    number, _, again = ask.text.partition("B")
    if len(number) != 20:
        raise BadIdentityNumber("length", wanted=20, count=len(number))
    born, sex = _eighteen(number[:18], ask)
    if number[18] not in "1234567":
        raise BadIdentityNumber("category", position=19)
    if number[19] not in "1234":
        raise BadIdentityNumber("grade", position=20)
    if again and not re.fullmatch(r"\d{1,2}", again):
        raise BadIdentityNumber("characters", position=22)
    if ask.holder and _tidy(ask.holder) != number[:18]:
        raise BadIdentityNumber("holder_mismatch")
    warnings = ("reissued",) if again else ()
    return IdentityNumber(ask.kind, ask.text, born, sex, warnings, number[18], number[19])


def _other(ask: _Ask) -> IdentityNumber:
    _undamaged(ask.text)
    if len(ask.text) > 40:
        raise BadIdentityNumber("length", wanted="1–40", count=len(ask.text))
    for position, sign in enumerate(ask.text, start=1):
        if not (sign.isalnum() or sign in "()〔〕[]/.号第字"):
            raise BadIdentityNumber("characters", position=position)
    return IdentityNumber(ask.kind, ask.text, warnings=("unverified",))


def _nothing(ask: _Ask) -> IdentityNumber:
    if ask.text:
        raise BadIdentityNumber("not_expected")
    return IdentityNumber(ask.kind, "")


CHECKERS: dict[str, Callable[[_Ask], IdentityNumber]] = {
    "111": _citizen,
    "112": _citizen,
    "113": _citizen,
    "117": _birth_certificate,
    "HKMO": _permit,
    "TW": _permit,
    "414": _passport,
    "511": _passport,
    "516": _passport,
    "553": _foreign,
    "DISABLED": _disability,
    "990": _other,
    "NONE": _nothing,
    "UNKNOWN": _nothing,
}
