"""An account whose password or code was right, and the session it begins."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.devices import device_kind, device_name
from caseapp.extensions import db
from caseapp.models.organisation import Credential, User, UserSession
from caseapp.queries.organisation.controls import Controls, controls
from caseapp.queries.organisation.factors import is_proved
from caseapp.services.organisation import passwords
from caseapp.services.trust import audit


@dataclass(frozen=True)
class Known:
    """An account whose password was right, with its grants in force."""

    user_id: UUID
    name: str
    path: str
    grants: list[Any]
    last_grant: UUID | None
    username: str
    has_factor: bool  # a second factor that counts
    due: date | None  # the day from which a role in force needs one
    must_change: bool  # the password is older than the rules allow
    held: Controls
    is_inactive: bool  # nobody signed in for too long: the roles have ended by themselves until a new code is used

    @property
    def is_half(self) -> bool:
        """Whether the password alone does not let this account in."""
        return self.has_factor or (self.due is not None and self.due <= clock.today())


def account(username: str) -> Any:
    """The statement for an account that is not disabled."""
    return select(User).where(User.username == username.lower(), User.disabled_at.is_(None))


def facts(session: Session, user: User) -> Known:
    """What is needed to begin, read in a system session."""
    live = identity.live_grants(session, user.id, clock.today())
    last = select(UserSession.grant_id).where(UserSession.user_id == user.id, UserSession.grant_id.is_not(None))
    held = controls(session)
    changed = session.scalar(select(Credential.changed_at).where(Credential.user_id == user.id))
    return Known(
        user.id,
        user.name,
        user.home_path,
        live,
        session.scalar(last.order_by(UserSession.started_at.desc()).limit(1)),
        user.username,
        is_proved(session, user.id),
        held.due({grant.role for grant in live}),
        changed is not None and passwords.rules(session).is_over(changed),
        held,
        _is_inactive(session, user.id, changed, held.limit("inactive_days")),
    )


def _is_inactive(session: Session, user_id: UUID, changed: datetime | None, days: int) -> bool:
    """Whether the account was neither used nor given a password within these days; 0 is no limit."""
    used = session.scalar(select(func.max(UserSession.seen_at)).where(UserSession.user_id == user_id))
    latest = max((when for when in (used, changed) if when is not None), default=None)
    return bool(days) and latest is not None and clock.now() - latest > timedelta(days=days)


def begin(known: Known, device: str, former: str | None) -> str:
    """A new session under the grant used last, else the first; a token nobody has seen before (no fixation).

    It has the limits of this day. Earlier ones on devices of its kind end, so that one computer and one phone are signed in
    (`sessions_each` of the limits): each is told so when it comes back.
    """
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
        fresh_at=now,
        idle_minutes=known.held.limit("idle_minutes"),
        ends_at=now + timedelta(hours=known.held.limit("longest_hours")),
        must_change=known.must_change,
    )
    side_write(lambda s: _make_room(s, row, known.held.limit("sessions_each")))
    side_write(lambda s: s.add(row))
    if former:
        before = update(UserSession).where(UserSession.token_hash == identity.digest(former), UserSession.ended_at.is_(None))
        side_write(lambda s: s.execute(before.values(ended_at=now)))
    audit.signed(db.session, "sign_in.ok", known.user_id, known.path)
    return token


def _make_room(session: Session, row: UserSession, most: int) -> None:
    """Ends the oldest sessions of a user on devices of this kind until one more fits; 0 is no limit."""
    if not most:
        return
    live = select(UserSession.id).where(
        UserSession.user_id == row.user_id, UserSession.kind == row.kind, UserSession.ended_at.is_(None)
    )
    over = list(session.scalars(live.order_by(UserSession.seen_at.desc(), UserSession.id.desc()).offset(most - 1)))
    end = update(UserSession).where(UserSession.id.in_(over))
    session.execute(end.values(ended_at=row.started_at, ended_why=identity.REPLACED))
