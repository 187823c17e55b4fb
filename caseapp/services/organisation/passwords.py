"""What a password must be, and setting one; the hash itself is made in `adapters/passwords.py`.

The numbers are limits of signing in (`access/limits.py`, domain.md 5.5); what is tried first is data (`reference/passwords.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp.access.limits import in_force, limit
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.errors import Invalid
from caseapp.core.names import pinyin
from caseapp.core.text import _l, lazy_ngettext
from caseapp.models.organisation import Credential, FormerPassword, Organisation, User
from caseapp.reference.passwords import is_common

SHORTEST_NAME = 2  # of a person; of a place and in pinyin four letters, else half of all words would be refused
FIELD = "password"


@dataclass(frozen=True)
class Rules:
    """Fewest characters, kinds of them, former passwords that are not taken again, days until it is to be changed (0 never)."""

    least: int
    classes: int
    history: int
    days: int

    def is_over(self, changed_at: datetime) -> bool:
        """Whether a password of that day is to be changed now."""
        return bool(self.days) and clock.now() - changed_at > timedelta(days=self.days)

    def words(self) -> list[Any]:
        """The rules in sentences, for the field where a password is chosen."""
        found = [
            lazy_ngettext(
                "At least %(num)s character, for instance three words.",
                "At least %(num)s characters, for instance three words.",
                self.least,
            ),
            _l("Not your name, your phone or your station."),
        ]
        return found if self.classes < 2 else [*found, self.kinds()]

    def kinds(self) -> Any:
        """How many kinds of characters."""
        return lazy_ngettext(
            "At least %(num)s of these: small letters, capitals, digits, blanks and other signs.",
            "At least %(num)s of these: small letters, capitals, digits, blanks and other signs.",
            self.classes,
        )


def rules(session: Session | Any = None) -> Rules:
    """The rules in force; before somebody is signed in, in a system session."""
    held = in_force(session)
    return Rules(*(limit(f"password_{name}", held) for name in ("least", "classes", "history", "days")))


def check(password: str, ruled: Rules, *names: str) -> None:
    """Raises Invalid at `password` for one that is short, of too few kinds, among the first that are tried, or holds one of the
    names (the person's, the account's, the phone's, the place's)."""
    if len(password) < ruled.least:
        raise Invalid(ruled.words()[0], FIELD, code="password_short")
    if is_common(password):
        raise Invalid(_l("This password is among the first that are tried. Choose another."), FIELD, code="password_common")
    if _kinds(password) < ruled.classes:
        raise Invalid(ruled.kinds(), FIELD, code="password_kinds")
    low = password.lower()
    if any(name.lower() in low for name in names if name):
        raise Invalid(
            _l("The password must not contain your name, your user name, a phone number or your station."),
            FIELD,
            code="password_name",
        )


def _kinds(password: str) -> int:
    return sum(
        any(fits(letter) for letter in password)
        for fits in (
            str.islower,
            str.isupper,
            str.isdigit,
            lambda sign: not sign.isalnum() or (sign.isalpha() and not sign.isascii()),
        )
    )


def names_of(session: Session, user: User) -> tuple[str, ...]:
    """What a password of this user must not contain, in a system session: names in signs and in pinyin, the numbers of the place."""
    query = select(Organisation).where((Organisation.path == user.home_path) | (Organisation.id == user.employer_id))
    places = list(session.scalars(query))
    long = [pinyin(user.name)[0], *(name for place in places for name in (place.name, place.short_name))]
    long += [pinyin(place.short_name)[0] for place in places]
    phones = ["".join(sign for sign in place.phone or "" if sign.isdigit()) for place in places]
    found = [name for name in (user.username, user.name) if len(name) >= SHORTEST_NAME]
    return (*found, *(name for name in long if len(name) >= 4), *(number for number in phones if len(number) >= 7))


def put(session: Session, user_id: UUID, password: str, ruled: Rules) -> None:
    """Stores the hash of a checked password in a system session. Raises Invalid for the present one and the last few before it."""
    row = session.get(Credential, user_id)
    former = select(FormerPassword).where(FormerPassword.user_id == user_id).order_by(FormerPassword.given_up_at.desc())
    kept = list(session.scalars(former))
    before = [row.password_hash] if row else []
    if any(passwords.matches(held, password) for held in [*before, *(one.password_hash for one in kept)][: ruled.history]):
        raise Invalid(_l("You had this password before. Choose another."), FIELD, code="password_used")
    now = clock.now()
    if row is None:
        row = Credential(user_id=user_id)
        session.add(row)
    else:
        session.add(FormerPassword(user_id=user_id, password_hash=row.password_hash, given_up_at=now))
        over = [one.id for one in kept[max(ruled.history - 2, 0) :]]
        session.execute(delete(FormerPassword).where(FormerPassword.id.in_(over)))
    row.password_hash, row.changed_at = passwords.hashed(password), now
