"""Entering: with a password on a page, with a one-time code, with a password for a token of the API.

The views behind these verbs are stamped `reading`: what they count and write goes into short transactions of its own, so
that it survives every refusal.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import identity
from caseapp.access.system import side_write, system_session
from caseapp.adapters import passwords as hashes
from caseapp.core import clock
from caseapp.core.errors import Forbidden, Invalid, NotSignedIn
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import ApiToken, Credential, OneTimeCode
from caseapp.schemas.organisation.sign_in import SignIn, UseCode
from caseapp.services.organisation import codes, lockout, passwords
from caseapp.services.organisation.factors import prove
from caseapp.services.organisation.passwords import Rules
from caseapp.services.organisation.sign_in.known import Known, account, facts
from caseapp.services.organisation.sign_in.leave import end_all
from caseapp.services.organisation.sign_in.second import Entered, entered
from caseapp.services.trust import audit

REFUSED = _l("User name or password is wrong.")
TOKEN_LIFE = timedelta(hours=8)


@dataclass(frozen=True)
class Token:
    """A new token, shown this once."""

    token: str
    expires_at: datetime
    grant: UUID


def sign_in(command: SignIn, *, device: str, address: lockout.Whence | str, former: str | None = None) -> Entered | None:
    """A new session for a user whose password matches, or half of one where a second factor is to come; else None.

    All of it is in the trail. Raises TooMany during a lock-out, Forbidden (`asleep`) for an account that nobody used for long. The session of the cookie that was there before ends.
    """
    known = _known(command, address, "page")
    return entered(known, device, address, former) if known else None


def use_code(command: UseCode, *, device: str, address: lockout.Whence | str, former: str | None = None) -> Entered:
    """Sets a password with a one-time code and signs in as with the password; all other sessions of the user end.

    Refuses a wrong, used or old code, one that waits for its confirmation, a weak password or one had before; TooMany as at
    sign-in. A weak password is refused before anything is counted: it says nothing about the code, and nobody is shut out while
    choosing. As nobody but its owner ever sets a password, each is a fresh one at the first sign-in and after a reset.
    """
    ruled = rules_for_strangers()
    passwords.check(command.password, ruled, command.username)
    lockout.attempt(command.username, address)
    now = clock.now()
    with system_session("one-time code", write=True) as session:
        user = session.scalar(account(command.username))
        row = codes.find(session, user.id, command.code) if user else None
        if user is None or row is None:
            hashes.matches(None, command.code)  # as long as a known name with one code
            audit.signed(db.session, "code.failed", user.id if user else None, user.home_path if user else "/")
            raise Invalid(_l("User name or code is wrong, or the code is used or too old."), "code", code="code_wrong")
        if codes.missing(session, row):
            raise Invalid(
                _l("This code waits for its confirmation: ask your station head (a head: the county bureau)."),
                "code",
                code="code_waits",
            )
        passwords.check(command.password, ruled, *passwords.names_of(session, user))
        taken: Any = session.execute(
            update(OneTimeCode).where(OneTimeCode.id == row.id, OneTimeCode.used_at.is_(None)).values(used_at=now)
        )
        if taken.rowcount != 1:
            raise Invalid(_l("User name or code is wrong, or the code is used or too old."), "code", code="code_wrong")
        passwords.put(session, user.id, command.password, ruled)
        end_all(session, user.id)
        known, purpose = facts(session, user), row.purpose
    audit.signed(db.session, f"code.{purpose}", known.user_id, known.path)
    return entered(known, device, address, former)


def rules_for_strangers() -> Rules:
    """The rules for passwords, for who is not signed in yet."""
    with system_session("rules for passwords") as session:
        return passwords.rules(session)


def make_token(command: SignIn, *, address: lockout.Whence | str) -> Token:
    """A bearer token for the API, bound to one grant (the wanted one, else the first in force), good for 8 hours.

    Raises NotSignedIn for a wrong password, TooMany during a lock-out, Invalid for a grant that is not the user's,
    Forbidden when none is in force. Where the account has a second factor its code goes with the password, else
    NotSignedIn (`factor_required`, `factor_wrong`); Forbidden (`factor_missing`) where a role needs one that is not set up, and (`password_over`) where the password is too old.
    """
    known = _known(command, address, "api")
    if known is None:
        raise NotSignedIn(REFUSED, code="wrong_credentials")
    _second(known, command.code)
    if known.must_change:
        raise Forbidden(_l("The password is too old: sign in on the page and change it."), code="password_over")
    lockout.passed(known.username, address)
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
        fresh_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    side_write(lambda s: s.add(row))
    audit.signed(db.session, "token.made", known.user_id, known.path, channel="api")
    return Token(token, now + TOKEN_LIFE, grant.id)


def _second(known: Known, code: str | None) -> None:
    if not known.is_half:
        return
    if not known.has_factor:
        raise Forbidden(_l("Your role needs a second factor: sign in on the page once and set it up."), code="factor_missing")
    if code is None:
        raise NotSignedIn(_l("This account needs the code of its authenticator too."), code="factor_required")
    kind = prove.proved(known.user_id, code)
    if kind != "code":  # a recovery code is for a person at a page, not for a program
        audit.signed(db.session, "factor.failed", known.user_id, known.path, channel="api")
        raise NotSignedIn(prove.WRONG, code="factor_wrong")


def _known(command: SignIn, address: lockout.Whence | str, channel: str) -> Known | None:
    lockout.attempt(command.username, address)
    with system_session("sign-in") as session:
        user = session.scalar(account(command.username))
        query = select(Credential.password_hash).where(Credential.user_id == (user.id if user else None))
        stored = session.scalar(query)
        if not hashes.matches(stored, command.password) or user is None or stored is None:
            where = user.home_path if user else "/"
            audit.signed(db.session, "sign_in.failed", user.id if user else None, where, channel=channel)
            return None
        known = facts(session, user)
    if known.is_inactive:
        audit.signed(db.session, "sign_in.inactive", known.user_id, known.path, channel=channel)
        raise Forbidden(
            _l("Nobody used this account for a long time, so it is asleep. Ask for a new one-time code."), code="asleep"
        )
    if hashes.outdated(stored):
        anew = hashes.hashed(command.password)
        renewal = update(Credential).where(Credential.user_id == known.user_id, Credential.password_hash == stored)
        side_write(lambda s: s.execute(renewal.values(password_hash=anew)))
    return known
