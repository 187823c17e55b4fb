"""What a person reads when a number cannot be right, or only looks unusual; no number ever appears in a message."""

from typing import Any

from caseapp.core.text import _l

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
