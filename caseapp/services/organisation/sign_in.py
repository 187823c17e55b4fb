"""Signing in and out; switching the grant; choosing the language."""

import secrets
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import identity
from caseapp.access.guard import actor_of
from caseapp.access.system import side_write, system_session
from caseapp.adapters import passwords
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Forbidden
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import Credential, User, UserSession
from caseapp.schemas.organisation.sign_in import SignIn
from caseapp.services.trust import audit

REFUSED = _l("User name or password is wrong.")


def sign_in(command: SignIn, *, device: str, address: str) -> str | None:
    """A new session for a user whose password matches: its token, else None; both are in the trail."""
    with system_session("sign-in") as session:
        query = select(User, Credential.password_hash).outerjoin(Credential, Credential.user_id == User.id)
        found = session.execute(query.where(User.username == command.username.lower())).one_or_none()
        stored = found.password_hash if found and found.User.disabled_at is None else None
        right = passwords.matches(stored, command.password)
        if found is None or not right:
            audit.signed(db.session, "sign_in.failed", found.User.id if found else None, "/")
            return None
        user_id, path = found.User.id, found.User.home_path
        grants = identity.live_grants(session, user_id, clock.today())
    token, now = secrets.token_urlsafe(32), clock.now()
    row = UserSession(
        user_id=user_id,
        token_hash=identity.digest(token),
        grant_id=grants[0].id if grants else None,
        device=device[:60],
        kind="phone" if "Mobile" in device else "web",
        started_at=now,
        seen_at=now,
    )
    side_write(lambda s: s.add(row))
    audit.signed(db.session, "sign_in.ok", user_id, path)
    return token


def sign_out(actor: Actor) -> None:
    """Ends the actor's session."""
    db.session.execute(update(UserSession).where(UserSession.id == actor.session_id).values(ended_at=clock.now()))


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
