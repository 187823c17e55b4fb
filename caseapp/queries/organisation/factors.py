"""What there is to say of a second factor: the user's own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.access import identity
from caseapp.access.system import system_session
from caseapp.adapters import qr, totp
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models.organisation import RecoveryCode, SecondFactor, User
from caseapp.queries.organisation.controls import controls


@dataclass(frozen=True)
class Picture:
    """A secret that was begun: in letters, and as a QR code (side in modules, path)."""

    letters: str
    side: int
    path: str


@dataclass(frozen=True)
class Own:
    """A user's second factor: since when, how many recovery codes are left, from which day a role needs one."""

    home_path: str
    since: datetime | None
    left: int
    due: date | None
    picture: Picture | None


def of(actor: Actor) -> Own:
    """The actor's own."""
    with system_session("own second factor") as session:
        user = session.get_one(User, actor.user_id)
        row = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user.id))
        since = row.proved_at if row else None
        unused = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
        left = session.scalar(unused) or 0
        live = identity.live_grants(session, user.id, clock.today())
        due = controls(session).due({grant.role for grant in live})
        return Own(user.home_path, since, left, due, picture(session, user) if since is None else None)


def picture(session: Session, user: User) -> Picture | None:
    """The secret a user has begun and not proved yet, in a system session; None without one, and of one that counts."""
    row = session.scalar(select(SecondFactor).where(SecondFactor.user_id == user.id, SecondFactor.proved_at.is_(None)))
    if row is None:
        return None
    secret = row.secret
    side, path = qr.path(totp.address(secret, user.username))
    return Picture(" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), side, path)


def is_proved(session: Any, user_id: UUID) -> bool:
    """Whether a user has a second factor that counts, in a system session."""
    query = select(SecondFactor.id).where(SecondFactor.user_id == user_id, SecondFactor.proved_at.is_not(None))
    return session.scalar(query) is not None
