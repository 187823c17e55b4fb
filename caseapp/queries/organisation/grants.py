"""Reading grants: of a user, and those that wait for the reader's confirmation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, selectinload

from caseapp.access.permissions import Permission as P
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.organisation import Grant, GrantConfirmation, Organisation, User
from caseapp.queries.organisation.confirmers import Confirmers

LIVE = ("proposed", "active")
LOT = 200
HeadGrant = aliased(Grant)


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


def waiting(actor: Actor, limit: int = 50) -> list[Waiting]:
    """The first proposed grants that wait for the actor's very role, the oldest first.

    What a role must confirm depends on stations and heads, so candidates are judged in lots; one lot is the rule.
    """
    found: list[Waiting] = []
    last: Grant | None = None
    while len(found) < limit:
        query = _candidates(actor)
        if last is not None:
            older = and_(Grant.proposed_at == last.proposed_at, Grant.id > last.id)
            query = query.where(or_(Grant.proposed_at > last.proposed_at, older))
        rows = list(db.session.scalars(query.order_by(Grant.proposed_at, Grant.id).limit(LOT)))
        found += [told for told in _told(rows, actor) if told.mine]
        if len(rows) < LOT:
            break
        last = rows[-1]
    return found[:limit]


def _candidates(actor: Actor) -> Select[Any]:
    """Proposed grants of others to which the actor's role has not said anything, without those it cannot be asked about."""
    said = select(GrantConfirmation.grant_id).where(GrantConfirmation.as_role == actor.role)
    query = select(Grant).where(Grant.state == "proposed", Grant.user_id != actor.user_id, Grant.id.not_in(said))
    if actor.role != "station_head":
        # a worker's place is one station: county and security stand in only where the worker is its only head
        heads = select(HeadGrant.user_id).where(HeadGrant.role == "station_head", HeadGrant.state == "active")
        query = query.where(or_(Grant.role != "worker", Grant.user_id.in_(heads)))
    return query.options(selectinload(Grant.places))


def is_mine(grant: Grant, actor: Actor, known: Confirmers) -> bool:
    """Whether the actor's role must confirm this grant and stands over its places."""
    paths = [place.path for place in grant.places]
    if grant.user_id == actor.user_id or actor.role not in known.needed(grant.role, grant.user_id, paths):
        return False
    if actor.role == "security_admin":
        return True
    return all(actor.covers(path) for path in (known.stations(paths) if actor.role == "station_head" else paths))


def confirmers_of(grants: Iterable[Grant], session: Any = None) -> Confirmers:
    """What is needed to say who confirms these grants, whose places are loaded."""
    return Confirmers(session or db.session, [place.path for grant in grants for place in grant.places])


def _told(found: list[Grant], actor: Actor | None) -> list[Waiting]:
    if not found:
        return []
    users = {u.id: u for u in db.session.scalars(select(User).where(User.id.in_({g.user_id for g in found})))}
    ids = {place.organisation_id for grant in found for place in grant.places}
    places = {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    query = select(GrantConfirmation).where(GrantConfirmation.grant_id.in_([g.id for g in found]))
    said: dict[UUID, dict[str, GrantConfirmation]] = {}
    for row in db.session.scalars(query):
        said.setdefault(row.grant_id, {})[row.as_role] = row
    known = confirmers_of(found)
    return [
        Waiting(
            grant,
            users[grant.user_id],
            [places[p.organisation_id] for p in grant.places],
            known.needed(grant.role, grant.user_id, [p.path for p in grant.places]) if grant.state == "proposed" else (),
            said.get(grant.id, {}),
            actor is not None and is_mine(grant, actor, known) and actor.role not in said.get(grant.id, {}),
        )
        for grant in found
    ]
