"""The second step of a sign-in: after the password a code, or the set-up of an authenticator that a role needs.

The half that waits is no session: its token opens this step alone, for ten minutes and five tries. The count of wrong
attempts is forgotten only when both steps were right, so that a known password buys no guesses at the code.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.system import side_write, system_session
from caseapp.core import clock
from caseapp.core.errors import Invalid
from caseapp.extensions import db
from caseapp.models.organisation import HalfSignIn, User
from caseapp.queries.organisation.factors import Picture, picture
from caseapp.services.organisation import lockout
from caseapp.services.organisation.factors import prove
from caseapp.services.organisation.sign_in.known import Known, begin, facts
from caseapp.services.trust import audit

WAITS = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True)
class Entered:
    """What came of a step: the token of a session, or of the half that waits (`is_half`).

    `due` is the day from which a role needs a second factor that is not there yet, `recovery_codes` those just made,
    in clear, and `is_recovered` says that one of them was used up. `username` is for the mark of the device, `must_change` says that
    the password is too old.
    """

    token: str
    is_half: bool = False
    due: date | None = None
    recovery_codes: tuple[str, ...] = ()
    is_recovered: bool = False
    username: str = ""
    must_change: bool = False


@dataclass(frozen=True)
class Half:
    """A sign-in that waits; with the picture of a secret where the authenticator has to be set up first."""

    picture: Picture | None


def entered(known: Known, device: str, address: lockout.Whence | str, former: str | None) -> Entered:
    """A session for an account whose password was right, or the half of one."""
    if known.is_half:
        return _half(known)
    lockout.passed(known.username, address)
    due = known.due if not known.has_factor else None
    return Entered(begin(known, device, former), due=due, username=known.username, must_change=known.must_change)


def half(token: str) -> Half | None:
    """The sign-in that waits behind a token; None when it is over."""
    with system_session("second step") as session:
        found = _waiting(session, token)
        return Half(picture(session, found[1])) if found else None


def second_step(
    code: str, token: str, *, device: str, address: lockout.Whence | str, former: str | None = None
) -> Entered | None:
    """The whole sign-in, by a code; None when the half is over and one has to begin anew.

    Refuses a wrong, used or old code at `code`, counted as a wrong password is. Raises TooMany during a lock-out.
    """
    with system_session("second step") as session:
        found = _waiting(session, token)
        username = found[1].username if found else None
    if username is None:
        return None
    lockout.attempt(username, address)
    with system_session("second step", write=True) as session:
        found = _waiting(session, token, lock=True)
        if found is None:
            return None
        found[0].tries += 1
        known = facts(session, found[1])
    kind, made = (prove.proved(known.user_id, code), ()) if known.has_factor else (None, prove.take_up(known.user_id, code))
    if kind is None and not made:
        audit.signed(db.session, "factor.failed", known.user_id, known.path)
        raise Invalid(prove.WRONG, "code", code="factor_wrong")
    user_id = known.user_id
    side_write(lambda s: s.execute(delete(HalfSignIn).where(HalfSignIn.user_id == user_id)))
    lockout.passed(known.username, address)
    if made:
        audit.signed(db.session, "factor.enrolled", known.user_id, known.path)
    elif kind == "recovery":
        audit.signed(db.session, "factor.recovery_used", known.user_id, known.path)
    return Entered(
        begin(known, device, former),
        recovery_codes=made or (),
        is_recovered=kind == "recovery",
        username=known.username,
        must_change=known.must_change,
    )


def _half(known: Known) -> Entered:
    """Beside nothing: the password was right, which is all that is written, and a fresh secret where none counts yet."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with system_session("second step waits", write=True) as session:
        session.execute(delete(HalfSignIn).where(or_(HalfSignIn.user_id == known.user_id, HalfSignIn.expires_at <= now)))
        session.add(HalfSignIn(user_id=known.user_id, token_hash=identity.digest(token), expires_at=now + WAITS))
        if not known.has_factor:
            prove.start(session, known.user_id)
    audit.signed(db.session, "sign_in.half", known.user_id, known.path)
    return Entered(token, is_half=True)


def _waiting(session: Session, token: str, *, lock: bool = False) -> tuple[HalfSignIn, User] | None:
    query = select(HalfSignIn, User).join(User, User.id == HalfSignIn.user_id)
    query = query.where(
        HalfSignIn.token_hash == identity.digest(token),
        HalfSignIn.expires_at > clock.now(),
        HalfSignIn.tries < TRIES,
        User.disabled_at.is_(None),
    )
    found = session.execute(query.with_for_update(of=HalfSignIn) if lock else query).first()
    return (found[0], found[1]) if found else None
