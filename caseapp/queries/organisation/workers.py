"""Who works with files where: for choosing a responsible worker, and for refusing one who is not there."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import literal, or_, select

from caseapp.access.roles import CASE_READING
from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.organisation import Grant, GrantPlace, User

WORKING = ("worker", "station_head")


def in_force() -> tuple[Any, ...]:
    """That a grant (joined with its user) holds today."""
    return _in_force(clock.today())


def _in_force(today: date) -> tuple[Any, ...]:
    return (
        Grant.state == "active",
        Grant.from_on <= today,
        or_(Grant.to_on.is_(None), Grant.to_on >= today),
        User.disabled_at.is_(None),
    )


def of(actor: Actor) -> list[tuple[UUID, str]]:
    """Workers and heads under the actor's places now: (id, name), by name."""
    query = (
        select(User.id, User.name)
        .join(Grant, Grant.user_id == User.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(Grant.role.in_(WORKING), *_in_force(clock.today()), under(actor, GrantPlace.path))
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def working_at(station_path: str, roles: tuple[str, ...] = WORKING) -> list[tuple[UUID, str]]:
    """Who works at a station under one of the roles now, by name."""
    query = (
        select(User.id, User.name)
        .join(Grant, Grant.user_id == User.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(Grant.role.in_(roles), *_in_force(clock.today()), GrantPlace.path == station_path)
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def readers_of(station_path: str) -> list[tuple[UUID, str]]:
    """Everybody with a file-reading grant over a station but its heads, who read every file anyway: for naming on a file."""
    query = (
        select(User.id, User.name)
        .join(Grant, Grant.user_id == User.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(Grant.role.in_(sorted(CASE_READING - {"station_head"})), *_in_force(clock.today()))
        .where(literal(station_path).like(GrantPlace.path + "%"))
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def _at(user_id: UUID, station_path: str, roles: Any) -> bool:
    query = (
        select(Grant.id)
        .join(User, User.id == Grant.user_id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(Grant.user_id == user_id, Grant.role.in_(roles), *_in_force(clock.today()))
        .where(literal(station_path).like(GrantPlace.path + "%"))
    )
    return db.session.scalar(query.limit(1)) is not None


def works_at(user_id: UUID, station_path: str) -> bool:
    """Whether this user is a worker or head whose place covers the path."""
    return _at(user_id, station_path, WORKING)


def heads_at(user_id: UUID, station_path: str) -> bool:
    """Whether this user heads the station of the path, and so reads every file of it."""
    return _at(user_id, station_path, ("station_head",))


def reads_files_at(user_id: UUID, station_path: str) -> bool:
    """Whether this user holds any file-reading grant that covers the path."""
    return _at(user_id, station_path, sorted(CASE_READING))


def names(ids: Any) -> dict[UUID, str]:
    """Names of users by id."""
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}
