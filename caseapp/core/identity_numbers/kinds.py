"""Which rule holds for which kind of document, and asking it. The kinds are those of the list `document_kind`."""

from collections.abc import Callable
from datetime import date

from caseapp.core import clock
from caseapp.core.identity_numbers import citizen, papers
from caseapp.core.identity_numbers.number import Ask, IdentityNumber, tidy
from caseapp.core.identity_numbers.words import BadIdentityNumber

OLDEST = 130

CHECKERS: dict[str, Callable[[Ask], IdentityNumber]] = {
    "111": citizen.citizen,
    "112": citizen.citizen,
    "113": citizen.citizen,
    "117": papers.birth_certificate,
    "HKMO": citizen.permit,
    "TW": citizen.permit,
    "414": papers.passport,
    "511": papers.passport,
    "516": papers.passport,
    "553": citizen.foreign,
    "DISABLED": papers.disability,
    "990": papers.other,
    "NONE": papers.nothing,
    "UNKNOWN": papers.nothing,
}


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
    ask = Ask(kind, tidy(text or ""), today or clock.today(), known_prefixes, holder, oldest)
    checker = CHECKERS[kind]
    if checker is not papers.nothing and not ask.text:
        raise BadIdentityNumber("empty")
    return checker(ask)
