"""An account whose password or code was right, and the session it begins."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.devices import device_kind, device_name
from caseapp.extensions import db
from caseapp.models.organisation import User, UserSession
from caseapp.queries.organisation.controls import controls
from caseapp.queries.organisation.factors import is_proved
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
    return Known(
        user.id,
        user.name,
        user.home_path,
        live,
        session.scalar(last.order_by(UserSession.started_at.desc()).limit(1)),
        user.username,
        is_proved(session, user.id),
        controls(session).due({grant.role for grant in live}),
    )


def begin(known: Known, device: str, former: str | None) -> str:
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
        side_write(lambda s: s.execute(before.values(ended_at=now)))
    audit.signed(db.session, "sign_in.ok", known.user_id, known.path)
    return token
