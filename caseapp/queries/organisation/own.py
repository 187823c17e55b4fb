"""The own account: devices, grants of every state, and who lately got a role where I work."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from caseapp.access.identity import IDLE, LONGEST
from caseapp.access.roles import CASE_READING
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.organisation import Grant, Organisation, User, UserSession

RECENT = timedelta(days=30)
LONGEST_AWAY, FIRST_LOOK = timedelta(days=14), timedelta(days=7)


def devices(actor: Actor) -> list[UserSession]:
    """The signed-in devices of the actor's user, the last used first."""
    now = clock.now()
    query = select(UserSession).where(
        UserSession.user_id == actor.user_id,
        UserSession.ended_at.is_(None),
        UserSession.seen_at > now - IDLE,
        UserSession.started_at > now - LONGEST,
    )
    return list(db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id)))


def account(actor: Actor) -> User:
    """The actor's user."""
    return db.session.get_one(User, actor.user_id)


def grants(actor: Actor) -> list[Any]:
    """The actor's grants that are in force or wait: rows (id, role, state, from_on, to_on, place)."""
    query = (
        select(Grant.id, Grant.role, Grant.state, Grant.from_on, Grant.to_on, Organisation.short_name.label("place"))
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.user_id == actor.user_id, Grant.state.in_(("active", "proposed")))
        .where((Grant.to_on.is_(None)) | (Grant.to_on >= clock.today()))
        .order_by(Grant.proposed_at, Grant.id)
    )
    return list(db.session.execute(query))


def last_here(actor: Actor) -> datetime:
    """When the user was last here before this session began; at most two weeks ago, a week where there was no time before."""
    now = clock.now()
    began = select(UserSession.started_at).where(UserSession.id == actor.session_id).scalar_subquery()
    query = select(func.max(UserSession.seen_at)).where(UserSession.user_id == actor.user_id, UserSession.seen_at < began)
    last: datetime | None = db.session.scalar(query)
    return max(last, now - LONGEST_AWAY) if last is not None else now - FIRST_LOOK


def recent_for_station(actor: Actor) -> list[Any]:
    """Who may read files of my place since lately: rows (name, role, from_on, place); for Today and the account page.

    A confirmed grant is shown to the people of the place it opens (contract.md section 2).
    """
    if actor.role not in CASE_READING:
        return []
    query = (
        select(User.name, Grant.role, Grant.from_on, Organisation.short_name.label("place"))
        .join(User, User.id == Grant.user_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(
            Grant.state == "active",
            Grant.role.in_(sorted(CASE_READING)),
            Grant.user_id != actor.user_id,
            Grant.from_on >= clock.today() - RECENT,
        )
        .order_by(Grant.from_on.desc(), Grant.id.desc())
        .limit(10)
    )
    return list(db.session.execute(query))
