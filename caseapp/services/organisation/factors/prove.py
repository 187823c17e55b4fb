"""Proving a second factor: a code of the authenticator, good once, or a recovery code, good once."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys, totp
from caseapp.core import clock
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.models.organisation import RecoveryCode, SecondFactor
from caseapp.services.organisation import codes
from caseapp.services.trust import buckets

TO_PROVE = timedelta(minutes=30)  # how long a secret that was shown may be taken up
RECOVERY_CODES = 10
GUESSES, WINDOW = 10, 900  # of an account in a quarter of an hour, from wherever; whoever gets here knew the password
WRONG = _l("This code is wrong, used already or too old. Wait for the next one.")


def start(session: Session, user_id: UUID) -> None:
    """A fresh secret that counts for nothing yet, in a system session; one that was begun before is worthless from now on."""
    row = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update())
    if row is None:
        row = SecondFactor(user_id=user_id)
        session.add(row)
    elif row.proved_at is not None:
        raise Invalid(_l("You have a second factor already."), code="factor_there")
    row.secret, row.started_at, row.last_step = totp.new_secret(), clock.now(), None
    session.flush()


def take_up(user_id: UUID, typed: str) -> tuple[str, ...] | None:
    """Proves the secret that was shown: from now on it counts. The recovery codes in clear, this once; None for a wrong code."""
    now = clock.now()
    with system_session("second factor proved", write=True) as session:
        row = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update())
        if row is None or row.proved_at is not None or now - row.started_at > TO_PROVE:
            return None
        step = totp.matching(row.secret, _digits(typed), now, None)
        if step is None:
            return None
        row.proved_at, row.last_step = now, step
        return new_codes(session, user_id)


def new_codes(session: Session, user_id: UUID) -> tuple[str, ...]:
    """Recovery codes in clear, this once, in a system session; the ones before are worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    made = ["".join(secrets.choice(codes.ALPHABET) for _place in range(12)) for _number in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in made)
    session.flush()
    return tuple(f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in made)


def proved(user_id: UUID, typed: str) -> str | None:
    """Whether a second factor was proved: "code", "recovery", or None. Views that ask are stamped `reading`.

    Raises TooMany after ten guesses in a quarter of an hour, from however many addresses. What is right is used up by it.
    """
    buckets.take("second-factor", user_id.hex, most=GUESSES, seconds=WINDOW)
    now = clock.now()
    with system_session("second factor", write=True) as session:
        row = session.scalar(
            select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.proved_at.is_not(None)).with_for_update()
        )
        if row is None:
            return None
        step = totp.matching(row.secret, _digits(typed), now, row.last_step)
        if step is not None:
            row.last_step = step
            return "code"
        return "recovery" if _use_recovery(session, user_id, typed, now) else None


def _use_recovery(session: Session, user_id: UUID, typed: str, now: datetime) -> bool:
    query = select(RecoveryCode).where(
        RecoveryCode.user_id == user_id,
        RecoveryCode.digest == _digest(user_id, codes.normal(typed)),
        RecoveryCode.used_at.is_(None),
    )
    row = session.scalar(query.with_for_update())
    if row is not None:
        row.used_at = now
    return row is not None


def forget(session: Session, user_id: UUID) -> None:
    """Takes the second factor and its recovery codes away, in a system session."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))


def _digits(typed: str) -> str:
    return "".join(letter for letter in typed if letter in "0123456789")


def _digest(user_id: UUID, code: str) -> bytes:
    return keys.ring().index("recovery", f"{user_id.hex}|{code}")
