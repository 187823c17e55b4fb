"""Organisations and grants as the actor may see them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import null, select

from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Grant, Organisation


def grants_of(actor: Actor, also: Any = None, waiting: Any = None) -> list[Any]:
    """The actor's own grants in force: rows (id, role, place, also, waiting), the last two from scalar queries that ride along."""
    today = clock.today()
    query = (
        select(
            Grant.id,
            Grant.role,
            Organisation.short_name.label("place"),
            (null() if also is None else also).label("also"),
            (null() if waiting is None else waiting).label("waiting"),
        )
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(
            Grant.user_id == actor.user_id,
            Grant.state == "active",
            Grant.from_on <= today,
            (Grant.to_on.is_(None)) | (Grant.to_on >= today),
        )
        .order_by(Grant.proposed_at, Grant.id)
    )
    return list(db.session.execute(query))


def organisation(organisation_id: UUID) -> Organisation:
    """One organisation; NotFound when there is none."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound()
    return found


def stations_of(actor: Actor) -> list[Organisation]:
    """The stations at or under the actor's places, by path: usually one."""
    query = select(Organisation).where(Organisation.kind == "station", Organisation.closed_on.is_(None))
    query = query.where(under(actor, Organisation.path)).order_by(Organisation.path)
    return list(db.session.scalars(query))


def short_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations by id, as they are spoken."""
    query = select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(sorted(ids)))
    return {row.id: row.short_name for row in db.session.execute(query)}


def register_places(actor: Actor) -> list[Organisation]:
    """Where people may come on file under the grant: stations and their service points that are open."""
    query = select(Organisation).where(Organisation.kind.in_(("station", "service_point")), Organisation.closed_on.is_(None))
    return list(db.session.scalars(query.where(under(actor, Organisation.path)).order_by(Organisation.path)))


def around(station_id: UUID) -> tuple[str, str | None, str | None]:
    """Official names of a station, of the county bureau above it and of the contractor that runs it."""
    station = organisation(station_id)
    steps = station.path.strip("/").split("/")
    paths = ["/" + "/".join(steps[:n]) + "/" for n in range(1, len(steps))]
    query = select(Organisation.name).where(Organisation.path.in_(paths), Organisation.kind == "county")
    contractor = db.session.get(Organisation, station.contractor_id) if station.contractor_id else None
    return station.name, db.session.scalar(query), contractor.name if contractor else None
