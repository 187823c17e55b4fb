"""Document numbers judged with the divisions we know: what is odd about one and blocks nothing."""

from typing import Any

from caseapp.core import identity_numbers
from caseapp.core.identity_numbers import WARNINGS, BadIdentityNumber
from caseapp.reference.divisions import known_prefixes


def document_warnings(kind: str, number: str | None) -> tuple[str, ...]:
    """Codes of what is odd about a number that was taken: an old division, a form nobody can check."""
    if not number:
        return ()
    try:
        return identity_numbers.check(kind, number, known_prefixes=known_prefixes()).warnings
    except BadIdentityNumber:  # taken under older rules
        return ("unverified",)


def document_warning_words(kind: str, number: str | None) -> list[Any]:
    """The same in words."""
    return [WARNINGS[code] for code in document_warnings(kind, number)]
