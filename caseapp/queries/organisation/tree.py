"""The organisation tree for those who administer it and for those who choose a place in it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.organisation import Division, Grant, GrantPlace, Organisation, Purchase
from caseapp.queries.paging import page
from caseapp.reference import naming


def one(organisation_id: UUID, actor: Actor) -> Organisation:
    """A node under the actor's places; NotFound otherwise."""
    row = db.session.get(Organisation, organisation_id)
    if row is None or not actor.covers(row.path):
        raise NotFound()
    return row


def roots(actor: Actor) -> list[Organisation]:
    """The nodes the actor's grant begins at."""
    query = select(Organisation).where(Organisation.path.in_(actor.paths), Organisation.kind != "contractor")
    return list(db.session.scalars(query.order_by(Organisation.path)))


def children(row: Organisation) -> list[Organisation]:
    """What stands right below a node, in the order of paths, closed ones last."""
    query = select(Organisation).where(Organisation.parent_id == row.id)
    return list(db.session.scalars(query.order_by(Organisation.closed_on.is_not(None), Organisation.path)))


def above(row: Organisation) -> list[Organisation]:
    """The chain from the root down to a node's parent."""
    query = select(Organisation).where(Organisation.path.in_(_chain(row.path)[:-1]))
    return list(db.session.scalars(query.order_by(Organisation.path)))


def parent_of(row: Organisation) -> Any:
    """The node above, or None."""
    return db.session.get(Organisation, row.parent_id) if row.parent_id else None


def search(actor: Actor, q: str, cursor: str | None = None, limit: int = 25, kinds: tuple[str, ...] = ()) -> Page[Any]:
    """Open nodes under the actor's places whose name holds `q`, by path."""
    query = select(Organisation).where(under(actor, Organisation.path), Organisation.closed_on.is_(None))
    if q:
        query = query.where(
            or_(Organisation.name.contains(q, autoescape=True), Organisation.short_name.contains(q, autoescape=True))
        )
    if kinds:
        query = query.where(Organisation.kind.in_(kinds))
    return page(db.session, query, [Organisation.path], cursor, limit)


def contractors(actor: Actor) -> list[Organisation]:
    """The contractors that the actor's places buy from, by name."""
    query = select(Organisation).where(Organisation.kind == "contractor", under(actor, Organisation.path))
    return list(db.session.scalars(query.order_by(Organisation.name, Organisation.id)))


def stations_run_by(row: Organisation) -> list[Organisation]:
    """The stations that a contractor runs, by path."""
    query = select(Organisation).where(Organisation.contractor_id == row.id)
    return list(db.session.scalars(query.order_by(Organisation.closed_on.is_not(None), Organisation.path)))


def contractor_of(row: Organisation) -> Organisation | None:
    """Who runs a station."""
    return db.session.get(Organisation, row.contractor_id) if row.contractor_id else None


def division_of(row: Organisation) -> Division | None:
    """The division a node stands on."""
    return db.session.get(Division, row.division_code) if row.division_code else None


def buyers(row: Organisation) -> list[Any]:
    """Who buys from a contractor: rows (name, from_on)."""
    query = select(Organisation.name, Purchase.from_on).join(Purchase, Purchase.organisation_id == Organisation.id)
    return list(db.session.execute(query.where(Purchase.contractor_id == row.id).order_by(Organisation.path)))


def villages(township_code: str | None) -> list[Division]:
    """The villages and communities of a township that exist today."""
    query = select(Division).where(Division.parent_code == township_code, Division.level == "village", *exists_today())
    return list(db.session.scalars(query.order_by(Division.code)))


def exists_today() -> tuple[Any, ...]:
    """The expressions for a division that has begun and is not abolished."""
    today = clock.today()
    return (
        or_(Division.from_on.is_(None), Division.from_on <= today),
        or_(Division.to_on.is_(None), Division.to_on >= today),
    )


def place_name(row: Any) -> str:
    """The name of the division a node stands on; its own where it has none."""
    division = db.session.get(Division, row.division_code) if row is not None and row.division_code else None
    return division.name if division else (row.short_name if row is not None else "")


def official_names(row: Organisation) -> list[str]:
    """The official names a station or point may bear (S-4.13), a point's ending in either word; none for others."""
    if row.kind not in ("station", "service_point"):
        return []
    parent = parent_of(row)
    if row.kind == "station":
        upper = parent_of(parent)
        county = place_name(upper) if upper is not None and upper.kind == "county" else ""
        return [naming.station_name(county, place_name(parent))[0]]
    township = place_name(parent_of(parent))
    return [naming.point_name(township, place_name(row), ending)[0] for ending in naming.endings()]


def next_number(parent: Organisation, mark: str, session: Any = None) -> int:
    """The next free number of a path segment ("s3") below a node."""
    start = parent.path + mark
    found = (session or db.session).scalars(
        select(Organisation.path).where(Organisation.path >= start, Organisation.path < start + ":")
    )
    used = [path[len(start) :].partition("/")[0] for path in found]
    return max((int(number) for number in used if number.isdigit()), default=0) + 1


def open_below(row: Organisation) -> bool:
    """Whether something below is still open."""
    query = select(Organisation.id).where(Organisation.parent_id == row.id, Organisation.closed_on.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def grants_in_force(row: Organisation) -> bool:
    """Whether a role on this very node is in force."""
    query = (
        select(func.count(Grant.id))
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(GrantPlace.organisation_id == row.id, Grant.state == "active")
        .where(or_(Grant.to_on.is_(None), Grant.to_on >= clock.today()))
    )
    return bool(db.session.scalar(query))


def counties_of(places: Iterable[Organisation]) -> dict[UUID, str]:
    """The county or area whose bureau answers for each place, by path; a place above counties stands for itself."""
    chains = {place.id: _chain(place.path) for place in places}
    query = select(Organisation.path).where(Organisation.kind.in_(("county", "management_area")))
    known = set(db.session.scalars(query.where(Organisation.path.in_({path for chain in chains.values() for path in chain}))))
    return {key: next((path for path in reversed(chain) if path in known), chain[-1]) for key, chain in chains.items()}


def _chain(path: str) -> list[str]:
    """The paths from the root down to a place, itself the last."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps))]
