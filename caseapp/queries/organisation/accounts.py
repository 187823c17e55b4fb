"""Accounts under an administrator's places."""

from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access.scope import under
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.organisation import Organisation, User
from caseapp.queries.paging import page


def listed(actor: Actor, q: str = "", cursor: str | None = None, limit: int = 25) -> Page[User]:
    """The accounts under the actor's places, by user name; `q` is part of a name or user name."""
    query = select(User).where(under(actor, User.home_path))
    if q:
        query = query.where(or_(User.name.contains(q, autoescape=True), User.username.contains(q.lower(), autoescape=True)))
    return page(db.session, query, [User.username], cursor, limit)


def one(user_id: UUID, actor: Actor) -> User:
    """An account under the actor's places; NotFound otherwise."""
    user = db.session.get(User, user_id)
    if user is None or not actor.covers(user.home_path):
        raise NotFound()
    return user


def home_of(user: User) -> Organisation | None:
    """The place that looks after an account."""
    return db.session.scalar(select(Organisation).where(Organisation.path == user.home_path))
