"""One-time codes on paper: for the first sign-in and for a forgotten password; only their hash is kept."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.roles import CASE_READING
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.models.organisation import Credential, OneTimeCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else on paper
KEPT = {"first": timedelta(days=14), "forgotten": timedelta(days=3)}


def make(session: Session | Any, user_id: UUID, *, made_by_id: UUID | None) -> str:
    """Writes a new code for a user and voids older ones; returns it in clear, this once.

    It is one of the first kind while the account has neither password nor a case-reading grant in force; any other
    needs the confirmation of whoever confirms that grant before it opens anything.
    """
    now = clock.now()
    fresh = session.get(Credential, user_id) is None and not reads_cases(session, user_id)
    purpose = "first" if fresh else "forgotten"
    live = (OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
    session.execute(update(OneTimeCode).where(*live).values(expires_at=now))
    code = "".join(secrets.choice(ALPHABET) for _place in range(12))
    session.add(
        OneTimeCode(
            user_id=user_id,
            purpose=purpose,
            code_hash=passwords.hashed(code),
            made_by_id=made_by_id,
            made_at=now,
            expires_at=now + KEPT[purpose],
        )
    )
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def reads_cases(session: Session | Any, user_id: UUID) -> bool:
    """Whether one of the user's grants in force reads files."""
    return any(grant.role in CASE_READING for grant in identity.live_grants(session, user_id, clock.today()))


def find(session: Session, user_id: UUID, typed: str) -> OneTimeCode | None:
    """The live code that was typed, in a system session; hyphens, blanks and lower case do not matter."""
    query = select(OneTimeCode).where(
        OneTimeCode.user_id == user_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > clock.now()
    )
    wanted = normal(typed)
    return next((row for row in session.scalars(query) if passwords.matches(row.code_hash, wanted)), None)


def waits(session: Session, row: OneTimeCode) -> bool:
    """Whether a code still needs its confirmation."""
    return row.purpose == "forgotten" and row.confirmed_at is None and reads_cases(session, row.user_id)


def normal(typed: str) -> str:
    """A code as it was made: capitals without hyphens."""
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)
