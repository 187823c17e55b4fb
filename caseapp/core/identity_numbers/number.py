"""A number as it is asked about and as it comes out: one spelling, and what stands in it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from caseapp.core.identity_numbers.words import BadIdentityNumber
from caseapp.core.masking import mask_number as mask


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
class Ask:
    """A number of a document of some kind, as it was typed, and what is known beside it."""

    kind: str
    text: str
    today: date
    known: frozenset[str]
    holder: str | None
    oldest: int


def tidy(text: str) -> str:
    """Half width, capital, without spaces, quotes and the marks of a spreadsheet; × and Cyrillic Х are X."""
    plain = unicodedata.normalize("NFKC", text).upper().replace("×", "X").replace("Х", "X")
    plain = re.sub("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'\"`’‘“”=]", "", plain)
    return re.sub("[-\u2010-\u2015\u2212]", "", plain) if not re.fullmatch(r"\d(\.\d+)?E[+-]?\d+", plain) else plain


def only(text: str, signs: str) -> None:
    """Refuses the first character that is none of these signs."""
    for position, sign in enumerate(text, start=1):
        if sign not in signs:
            raise BadIdentityNumber("characters", position=position)


def undamaged(text: str) -> None:
    """Refuses what a spreadsheet made of a number."""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text):
        raise BadIdentityNumber("scientific_notation")
