"""Reading grants and who must confirm one (contract.md section 2)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from caseapp.access.permissions import Permission as P
from caseapp.access.roles import CASE_READING, ROLES
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Grant, GrantConfirmation, GrantPlace, Organisation, User
from caseapp.queries.organisation import tree

LIVE = ("proposed", "active")


@dataclass(frozen=True)
class Waiting:
    """A proposed grant with what is needed to decide on it."""

    grant: Grant
    user: User
    places: list[Organisation]
    needed: tuple[str, ...]
    given: dict[str, GrantConfirmation]
    mine: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles that have not yet said yes."""
        return tuple(role for role in self.needed if role not in self.given)


def confirmers(role: str, user_id: UUID, paths: list[str]) -> tuple[str, ...]:
    """The roles that must each say yes before a grant starts; none for roles that read no files.

    The station's head; for a head and for more than one station the county officer and a security admin. These two
    also stand in where the place has no station yet, or where its only head is the person concerned. A station
    without a head waits for one: its first head is confirmed by the county.
    """
    if role not in CASE_READING or role == "station_head":
        return ROLES[role].confirmed_by
    stations = tree.stations_under(paths)
    roots = {_station_of(path) for path in paths} - {None}
    covered = {station.path for station in stations} | {path for path in roots if path}
    if len(covered) != 1 or heads_of(next(iter(covered))) == {user_id}:
        return ("county_officer", "security_admin")
    return ("station_head",)


def _station_of(path: str) -> str | None:
    """The station a service point belongs to; None for anything that is neither station nor point."""
    steps = path.strip("/").split("/")
    for place, step in enumerate(steps):
        if place >= 2 and step[:1] == "s" and step[1:].isdigit():
            return "/" + "/".join(steps[: place + 1]) + "/"
    return None


def heads_of(path: str) -> set[UUID]:
    """The users who head a station today."""
    today = clock.today()
    query = (
        select(Grant.user_id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(GrantPlace.path == path, Grant.role == "station_head", Grant.state == "active", Grant.from_on <= today)
        .where(or_(Grant.to_on.is_(None), Grant.to_on >= today))
    )
    return set(db.session.scalars(query))


def one(grant_id: UUID, actor: Actor) -> Grant:
    """A grant the actor may see, with its places; NotFound otherwise."""
    grant = db.session.scalar(select(Grant).where(Grant.id == grant_id).options(selectinload(Grant.places)))
    if grant is None or not (actor.may(P.GRANT_CONFIRM) or actor.may(P.GRANT_PROPOSE)):
        raise NotFound()
    return grant


def of_user(user: User) -> list[Waiting]:
    """All grants of a user that the actor may see, the newest first."""
    query = select(Grant).where(Grant.user_id == user.id).options(selectinload(Grant.places))
    found = list(db.session.scalars(query.order_by(Grant.proposed_at.desc(), Grant.id.desc())))
    return _told(found, None)


def waiting(actor: Actor) -> list[Waiting]:
    """The proposed grants that wait for the actor's very role, the oldest first."""
    query = select(Grant).where(Grant.state == "proposed", Grant.user_id != actor.user_id)
    query = query.options(selectinload(Grant.places)).order_by(Grant.proposed_at, Grant.id).limit(200)
    return [told for told in _told(list(db.session.scalars(query)), actor) if told.mine]


def is_mine(grant: Grant, actor: Actor) -> bool:
    """Whether the actor's role must confirm this grant and stands over its places."""
    paths = [place.path for place in grant.places]
    if actor.role not in confirmers(grant.role, grant.user_id, paths) or grant.user_id == actor.user_id:
        return False
    if actor.role == "security_admin":
        return True
    if actor.role == "station_head":
        covered = {s.path for s in tree.stations_under(paths)} | {s for s in map(_station_of, paths) if s}
        return all(actor.covers(path) for path in covered)
    return all(actor.covers(path) for path in paths)


def _told(found: list[Grant], actor: Actor | None) -> list[Waiting]:
    users = {u.id: u for u in db.session.scalars(select(User).where(User.id.in_({g.user_id for g in found})))}
    ids = {place.organisation_id for grant in found for place in grant.places}
    places = {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    query = select(GrantConfirmation).where(GrantConfirmation.grant_id.in_([g.id for g in found]))
    said: dict[UUID, dict[str, GrantConfirmation]] = {}
    for row in db.session.scalars(query):
        said.setdefault(row.grant_id, {})[row.as_role] = row
    return [
        Waiting(
            grant,
            users[grant.user_id],
            [places[p.organisation_id] for p in grant.places],
            confirmers(grant.role, grant.user_id, [p.path for p in grant.places]) if grant.state == "proposed" else (),
            said.get(grant.id, {}),
            actor is not None and is_mine(grant, actor) and actor.role not in said.get(grant.id, {}),
        )
        for grant in found
    ]
