"""Signing in and out, tokens, one-time codes, the own password, grant and language.

The views behind `sign_in`, `use_code`, `make_token` and `change_password` are stamped `reading`: what they count and
write goes into short transactions of its own, so that it survives every refusal.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import identity
from caseapp.access.guard import actor_of
from caseapp.access.system import side_write, system_session
from caseapp.adapters import passwords as hashes
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.devices import device_kind, device_name
from caseapp.core.errors import Forbidden, Invalid, NotFound, NotSignedIn
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import ApiToken, Credential, OneTimeCode, User, UserSession
from caseapp.schemas.organisation.sign_in import ChangePassword, SignIn, UseCode
from caseapp.services.organisation import codes, lockout, passwords
from caseapp.services.trust import audit

REFUSED = _l("User name or password is wrong.")
TOKEN_LIFE = timedelta(hours=8)


@dataclass(frozen=True)
class Known:
    """An account whose password was right, with its grants in force."""

    user_id: UUID
    name: str
    path: str
    grants: list[Any]
    last_grant: UUID | None


@dataclass(frozen=True)
class Token:
    """A new token, shown this once."""

    token: str
    expires_at: datetime
    grant: UUID


def sign_in(command: SignIn, *, device: str, address: str, former: str | None = None) -> str | None:
    """A new session for a user whose password matches: its token, else None; both are in the trail.

    Raises TooMany during a lock-out. The session of the cookie that was there before ends.
    """
    known = _known(command, address)
    return _begin(known, device, former) if known else None


def use_code(command: UseCode, *, device: str, address: str, former: str | None = None) -> str:
    """Sets a password with a one-time code and signs in: the token of a new session; all others of the user end.

    Refuses a wrong, used or old code, one that waits for its confirmation, a weak password; TooMany as at sign-in.
    """
    lockout.attempt(command.username, address)
    now = clock.now()
    with system_session("one-time code", write=True) as session:
        user = session.scalar(_account(command.username))
        row = codes.find(session, user.id, command.code) if user else None
        if user is None or row is None:
            hashes.matches(None, command.code)  # as long as a known name with one code
            audit.signed(db.session, "code.failed", user.id if user else None, user.home_path if user else "/")
            raise Invalid(_l("User name or code is wrong, or the code is used or too old."), "code", code="code_wrong")
        if codes.missing(row):
            raise Invalid(
                _l("This code waits for its confirmation: ask your station head (a head: the county bureau)."),
                "code",
                code="code_waits",
            )
        passwords.check(command.password, user.username, user.name)
        taken: Any = session.execute(
            update(OneTimeCode).where(OneTimeCode.id == row.id, OneTimeCode.used_at.is_(None)).values(used_at=now)
        )
        if taken.rowcount != 1:
            raise Invalid(_l("User name or code is wrong, or the code is used or too old."), "code", code="code_wrong")
        passwords.put(session, user.id, command.password)
        end_all(session, user.id)
        known, purpose = _facts(session, user), row.purpose
    lockout.passed(command.username, address)
    audit.signed(db.session, f"code.{purpose}", known.user_id, known.path)
    return _begin(known, device, former)


def make_token(command: SignIn, *, address: str) -> Token:
    """A bearer token for the API, bound to one grant (the wanted one, else the first in force), good for 8 hours.

    Raises NotSignedIn for a wrong password, TooMany during a lock-out, Invalid for a grant that is not the user's,
    Forbidden when none is in force.
    """
    known = _known(command, address)
    if known is None:
        raise NotSignedIn(REFUSED, code="wrong_credentials")
    if not known.grants:
        raise Forbidden(_l("This account has no role in force yet."), code="no_grant")
    grant = next((g for g in known.grants if command.grant in (None, g.id)), None)
    if grant is None:
        raise Invalid(_l("This is not one of your roles in force."), "grant")
    token, now = secrets.token_urlsafe(32), clock.now()
    row = ApiToken(
        user_id=known.user_id,
        grant_id=grant.id,
        token_hash=identity.digest(token),
        made_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    side_write(lambda s: s.add(row))
    audit.signed(db.session, "token.made", known.user_id, known.path)
    return Token(token, now + TOKEN_LIFE, grant.id)


def change_password(command: ChangePassword, actor: Actor, *, address: str) -> None:
    """Sets the own password; every other session and token of the user ends.

    Refuses a wrong present password (counted as at sign-in), a weak or the same new one.
    """
    with system_session("own password") as session:
        query = select(User.id, User.username, User.name, User.home_path, Credential.password_hash).join(
            Credential, Credential.user_id == User.id
        )
        user = session.execute(query.where(User.id == actor.user_id)).one()
    lockout.attempt(user.username, address)
    if not hashes.matches(user.password_hash, command.current):
        audit.signed(db.session, "password.failed", user.id, user.home_path)
        raise Invalid(_l("This is not your present password."), "current", code="password_wrong")
    lockout.passed(user.username, address)
    if command.password == command.current:
        raise Invalid(_l("The new password is the old one."), "password")
    passwords.check(command.password, user.username, user.name)
    with system_session("own password", write=True) as session:
        passwords.put(session, user.id, command.password)
        end_all(session, user.id, but=actor.session_id)
    audit.signed(db.session, "password.changed", user.id, user.home_path)


def end_all(session: Any, user_id: UUID, *, but: UUID | None = None) -> None:
    """Ends every session and token of a user, at once."""
    now = clock.now()
    query = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    session.execute((query.where(UserSession.id != but) if but else query).values(ended_at=now))
    tokens = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.ended_at.is_(None))
    session.execute(tokens.values(ended_at=now))


def end_grant(session: Any, grant_id: UUID) -> None:
    """Ends the tokens of a grant; its sessions find it over at their next request."""
    query = update(ApiToken).where(ApiToken.grant_id == grant_id, ApiToken.ended_at.is_(None))
    session.execute(query.values(ended_at=clock.now()))


def sign_out(actor: Actor) -> None:
    """Ends the actor's session."""
    db.session.execute(update(UserSession).where(UserSession.id == actor.session_id).values(ended_at=clock.now()))
    audit.record(db.session, "sign_out")


def sign_out_everywhere(actor: Actor) -> None:
    """Ends all sessions and tokens of the actor's user, this one too."""
    end_all(db.session, actor.user_id)
    audit.record(db.session, "sign_out.everywhere")


def end_device(session_id: UUID, actor: Actor) -> None:
    """Ends one of the own sessions. Raises NotFound for another's."""
    query = update(UserSession).where(UserSession.id == session_id, UserSession.user_id == actor.user_id)
    ended: Any = db.session.execute(query.where(UserSession.ended_at.is_(None)).values(ended_at=clock.now()))
    if ended.rowcount != 1:
        raise NotFound()
    audit.record(db.session, "session.ended")


def end_token(actor: Actor) -> None:
    """Ends the token of this very call."""
    db.session.execute(update(ApiToken).where(ApiToken.id == actor.session_id).values(ended_at=clock.now()))
    audit.record(db.session, "token.ended")


def switch_grant(actor: Actor, wanted: str) -> None:
    """Puts the session under another grant of the same user; Forbidden when it is not one in force."""
    live = {str(grant.id): grant for grant in identity.live_grants(db.session, actor.user_id, clock.today())}
    if wanted not in live:
        raise Forbidden()
    db.session.execute(update(UserSession).where(UserSession.id == actor.session_id).values(grant_id=UUID(wanted)))
    audit.record(db.session, "grant.switched")


def choose_language(tag: str) -> None:
    """Keeps a signed-in user's language."""
    actor = actor_of(db.session)
    if actor is not None:
        db.session.execute(update(User).where(User.id == actor.user_id).values(language=tag))


def _account(username: str) -> Any:
    return select(User).where(User.username == username.lower(), User.disabled_at.is_(None))


def _known(command: SignIn, address: str) -> Known | None:
    lockout.attempt(command.username, address)
    with system_session("sign-in") as session:
        user = session.scalar(_account(command.username))
        query = select(Credential.password_hash).where(Credential.user_id == (user.id if user else None))
        stored = session.scalar(query)
        if not hashes.matches(stored, command.password) or user is None or stored is None:
            audit.signed(db.session, "sign_in.failed", user.id if user else None, user.home_path if user else "/")
            return None
        known = _facts(session, user)
    lockout.passed(command.username, address)
    if hashes.outdated(stored):
        anew = hashes.hashed(command.password)
        renewal = update(Credential).where(Credential.user_id == known.user_id, Credential.password_hash == stored)
        side_write(lambda s: _run(s, renewal.values(password_hash=anew)))
    return known


def _run(session: Any, query: Any) -> None:
    session.execute(query)


def _facts(session: Any, user: User) -> Known:
    last = select(UserSession.grant_id).where(UserSession.user_id == user.id, UserSession.grant_id.is_not(None))
    return Known(
        user.id,
        user.name,
        user.home_path,
        identity.live_grants(session, user.id, clock.today()),
        session.scalar(last.order_by(UserSession.started_at.desc()).limit(1)),
    )


def _begin(known: Known, device: str, former: str | None) -> str:
    """A new session under the grant used last, else the first; a token nobody has seen before (no fixation)."""
    token, now = secrets.token_urlsafe(32), clock.now()
    live = [grant.id for grant in known.grants]
    row = UserSession(
        user_id=known.user_id,
        token_hash=identity.digest(token),
        grant_id=known.last_grant if known.last_grant in live else next(iter(live), None),
        device=device_name(device),
        kind=device_kind(device),
        started_at=now,
        seen_at=now,
    )
    side_write(lambda s: s.add(row))
    if former:
        before = update(UserSession).where(UserSession.token_hash == identity.digest(former), UserSession.ended_at.is_(None))
        side_write(lambda s: _run(s, before.values(ended_at=now)))
    audit.signed(db.session, "sign_in.ok", known.user_id, known.path)
    return token
