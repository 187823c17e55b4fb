"""Keyed digests by which numbers are matched exactly: one purpose for each kind of thing, none for birth dates or villages."""

from caseapp.adapters import keys
from caseapp.core.phones import Phone

PHONE, LAST_FOUR = "phone", "phone:last-four"
CITIZEN = frozenset({"111", "112", "113"})  # one number, whatever paper it was read from


def document_index(kind: str, normalised: str) -> bytes:
    """The digest of a document number, as it is kept."""
    return keys.ring().blind(_document(kind), normalised)


def document_indexes(kind: str, normalised: str) -> list[bytes]:
    """The digests by which a document number is looked for: more than one while the blind indexes are rebuilt under a new key."""
    return keys.ring().blinds(_document(kind), normalised)


def phone_index(phone: Phone) -> bytes:
    """The digest of a whole phone number, as it is kept."""
    return keys.ring().blind(PHONE, phone.number)


def phone_indexes(phone: Phone) -> list[bytes]:
    """The digests by which a phone number is looked for."""
    return keys.ring().blinds(PHONE, phone.number)


def last_four_index(last_four: str) -> bytes:
    """The digest of the last four digits of a phone, as it is kept."""
    return keys.ring().blind(LAST_FOUR, last_four)


def last_four_indexes(last_four: str) -> list[bytes]:
    """The digests by which the last four digits of a phone are looked for."""
    return keys.ring().blinds(LAST_FOUR, last_four)


def _document(kind: str) -> str:
    return "document:" + ("citizen" if kind in CITIZEN else kind)
