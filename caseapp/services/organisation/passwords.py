"""What a password must be, and setting one; the hash itself is made in `adapters/passwords.py`."""

from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.models.organisation import Credential

LEAST = 10  # domain.md 5.5: 8 to 10 characters at least; length counts more than kinds of characters
# what is tried first: roots that a digit or two do not save
COMMON = (
    "password", "passw0rd", "p@ssw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "1qaz2wsx", "iloveyou", "admin", "administrator",
    "welcome", "letmein", "woaini", "caseapp", "caseappdemo", "test", "root", "changeme", "abc", "a", "aa", "abcabc", "zhongguo",
)  # fmt: skip


def check(password: str, *names: str) -> None:
    """Raises Invalid at `password` for one that is short, common, a run of one kind, or the person's own name."""
    low = password.lower()
    bare = low.strip("0123456789!@#$%^&*._- ").replace("-", "").replace("_", "").replace(" ", "")
    if len(password) < LEAST:
        raise Invalid(_l("At least 10 characters, for instance three words."), "password", code="password_short")
    if len(set(low)) < 5 or bare in COMMON or bare == "" or _is_run(low):
        raise Invalid(_l("This password is among the first that are tried. Choose another."), "password", code="password_common")
    if any(len(name) >= 2 and name.lower() in low for name in names):
        raise Invalid(_l("The password must not contain your name."), "password", code="password_name")


def _is_run(low: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(low)}
    return steps in ({1}, {-1}, {0})


def put(session: Session, user_id: UUID, password: str) -> None:
    """Stores the hash of a checked password in a system session."""
    row = session.get(Credential, user_id)
    if row is None:
        row = Credential(user_id=user_id)
        session.add(row)
    row.password_hash, row.changed_at = passwords.hashed(password), clock.now()
