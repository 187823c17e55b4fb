"""Who is visiting: cookie or bearer token to actor, once per request, bound to the request's session."""

from datetime import timedelta
from typing import Any

from flask import g, request, session
from flask_login import UserMixin, current_user
from sqlalchemy import update

from caseapp.access import guard, identity
from caseapp.access.system import side_write
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db, login
from caseapp.models.organisation import UserSession

API = "/api/"
SEEN_EVERY = timedelta(minutes=1)


def current_actor() -> Actor | None:
    """The actor of this request; None for a stranger."""
    actor: Actor | None = g.get("actor")
    return actor


def the_actor() -> Actor:
    """The actor where the door already made sure that there is one."""
    return g.actor


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login carries no types
    """What Flask-Login holds: the visitor behind a cookie or a token."""

    def __init__(self, visitor: identity.Visitor) -> None:
        self.visitor = visitor


@login.request_loader
def load(_request: Any) -> SignedIn | None:
    """Asked by Flask-Login once per request: a page never takes a bearer token, the API never a cookie."""
    visitor = None
    if request.path.startswith(API):
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and 20 <= len(token) <= 200:
            visitor = identity.by_token(db.session, token, clock.now(), clock.today())
    elif isinstance(cookie := session.get("sid"), str):
        visitor = identity.by_session(db.session, cookie, clock.now(), clock.today())
    return SignedIn(visitor) if visitor else None


def recognise() -> None:
    """Finds the visitor and binds the request's session to the actor."""
    g.actor = None
    guard.bind(db.session, None)
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    visitor = current_user.visitor
    g.actor, g.user_language = visitor.actor, visitor.language
    guard.bind(db.session, visitor.actor)
    if visitor.seen_at and clock.now() - visitor.seen_at > SEEN_EVERY:
        _note_seen(visitor.actor.session_id)


def _note_seen(session_id: Any) -> None:
    now = clock.now()
    side_write(lambda s: s.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now)))
