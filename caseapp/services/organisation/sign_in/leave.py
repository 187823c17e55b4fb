"""Leaving: what ends sessions and tokens, one or all of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import ApiToken, UserSession
from caseapp.services.trust import audit


def end_all(session: Any, user_id: UUID, *, but: UUID | None = None) -> None:
    """Ends every session and token of a user, at once."""
    now = clock.now()
    query = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    session.execute((query.where(UserSession.id != but) if but else query).values(ended_at=now))
    tokens = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.ended_at.is_(None))
    session.execute(tokens.values(ended_at=now))


def end_everybodys(session: Any) -> None:
    """Ends every session and token there is: after a restore, those are back that were ended since the backup."""
    for kind in (UserSession, ApiToken):
        session.execute(update(kind).where(kind.ended_at.is_(None)).values(ended_at=clock.now()))


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
