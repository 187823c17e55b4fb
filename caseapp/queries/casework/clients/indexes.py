"""Keyed digests by which numbers are matched exactly: one purpose for each kind of thing, none for birth dates or villages."""

from caseapp.adapters import keys
from caseapp.core.phones import Phone

CITIZEN = frozenset({"111", "112", "113"})  # one number, whatever paper it was read from


def document_index(kind: str, normalised: str) -> bytes:
    """The digest of a document number."""
    return keys.ring().index("document:" + ("citizen" if kind in CITIZEN else kind), normalised)


def phone_index(phone: Phone) -> bytes:
    """The digest of a whole phone number."""
    return keys.ring().index("phone", phone.number)


def last_four_index(last_four: str) -> bytes:
    """The digest of the last four digits of a phone."""
    return keys.ring().index("phone:last-four", last_four)
