"""Absences that are covered: now and to come at a place, and those whose work the reader does."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access import covers
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Cover, User


@dataclass(frozen=True)
class Instead:
    """Whose work the reader does, and until when."""

    name: str
    until: date
    with_restricted: bool


def one(cover_id: UUID) -> Cover:
    """An absence in scope; NotFound otherwise."""
    found: Cover | None = db.session.scalar(select(Cover).where(Cover.id == cover_id))
    if found is None:
        raise NotFound()
    return found


def coming(user_id: UUID | None = None) -> list[Cover]:
    """Absences of today and later, of everybody or with one user in them."""
    query = select(Cover).where(Cover.ended_at.is_(None), Cover.to_on >= clock.today())
    if user_id is not None:
        query = query.where(or_(Cover.absent_id == user_id, Cover.cover_id == user_id))
    return list(db.session.scalars(query.order_by(Cover.from_on, Cover.id)))


def between(users: tuple[UUID, ...], from_on: date, to_on: date) -> list[Cover]:
    """Absences that touch these days and in which one of these users is absent or stands in."""
    query = select(Cover).where(Cover.ended_at.is_(None), Cover.from_on <= to_on, Cover.to_on >= from_on)
    return list(db.session.scalars(query.where(or_(Cover.absent_id.in_(users), Cover.cover_id.in_(users)))))


def mine(actor: Actor) -> dict[UUID, Instead]:
    """Whose work the actor does today; nothing is asked where it is nobody's."""
    if not actor.stands_in:
        return {}
    query = (
        select(Cover.absent_id, User.name, Cover.to_on, Cover.with_restricted)
        .join(User, User.id == Cover.absent_id)
        .where(Cover.cover_id == actor.user_id, covers.running(Cover, clock.today()))
        .order_by(Cover.to_on)
    )
    return {row.absent_id: Instead(row.name, row.to_on, row.with_restricted) for row in db.session.execute(query)}
