"""The same number at other stations: who may be asked after, who answers, and what a head reads of the other side.

Past the row rules, in sessions that are handed in: which record stands at the other station is told to nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Consent, IdentityDocument, StationMatch, TargetTag
from caseapp.models.organisation import Grant, GrantPlace, Organisation, User
from caseapp.queries.casework.clients.indexes import CITIZEN
from caseapp.queries.organisation.workers import in_force

MOST = 10  # stations that can hold one number
SHOWN = 100


@dataclass(frozen=True)
class Other:
    """What is told of the other side: the station, its phone and who heads it."""

    station: str
    phone: str | None
    heads: tuple[str, ...]


def may_look(client_id: UUID) -> bool:
    """Whether a ground that holds today covers asking other stations: a consent with that tick, a duty, an emergency."""
    query = select(Consent.basis, Consent.scopes).where(Consent.client_id == client_id, Consent.withdrawn_on.is_(None))
    free = reference.codes("consent_basis").having("looks_across")
    ticks = reference.codes("consent_scope").having("looks_across")
    return any(basis in free or ticks & set(scopes or ()) for basis, scopes in db.session.execute(query))


def numbers_of(client_id: UUID) -> list[bytes]:
    """Digests of the person's citizen numbers that count; other papers are not asked after."""
    query = select(IdentityDocument.number_index).where(
        IdentityDocument.client_id == client_id,
        IdentityDocument.kind.in_(sorted(CITIZEN)),
        IdentityDocument.voided_at.is_(None),
        IdentityDocument.number_index.is_not(None),
    )
    return list(db.session.scalars(query))


def elsewhere(session: Session, numbers: Sequence[bytes], station_id: UUID) -> list[Client]:
    """Persons on file at other stations with one of these numbers; without those who took back their last ground."""
    holders = select(IdentityDocument.client_id).where(
        IdentityDocument.number_index.in_(numbers), IdentityDocument.voided_at.is_(None)
    )
    ground, any_ground = Consent.withdrawn_on.is_(None), exists().where(Consent.client_id == Client.id)
    query = select(Client).where(
        Client.id.in_(holders),
        Client.station_id != station_id,
        Client.state == "on_file",
        Client.deceased_on.is_(None),
        or_(~any_ground, exists().where(Consent.client_id == Client.id, ground)),
    )
    return list(session.scalars(query.order_by(Client.id).limit(MOST)))


def restricted(session: Session, client_ids: Iterable[UUID]) -> set[UUID]:
    """Of these persons those about whom anything restricted is on file: they are never asked after and never answer."""
    cases = exists().where(
        Case.klass == "P3",
        or_(Case.client_id == Client.id, Case.household_id == Client.household_id),
    )
    tags = exists().where(TargetTag.client_id == Client.id, TargetTag.klass == "P3")
    query = select(Client.id).where(Client.id.in_(sorted(client_ids)), or_(Client.klass == "P3", cases, tags))
    return set(session.scalars(query))


def open_to_answer(done: bool = False) -> list[tuple[StationMatch, Client]]:
    """What a head has to settle with other stations, the oldest first, or what was settled, the latest first."""
    query = select(StationMatch, Client).join(Client, Client.id == StationMatch.client_id)
    if done:
        query = query.where(StationMatch.state != "open").order_by(StationMatch.decided_at.desc(), StationMatch.id)
    else:
        query = query.where(StationMatch.state == "open").order_by(StationMatch.found_at, StationMatch.id)
    rows = [(row[0], row[1]) for row in db.session.execute(query.limit(SHOWN))]
    silent = _silent([match for match, _client in rows])
    return [(match, client) for match, client in rows if match.pair_id not in silent]


def one(match_id: UUID) -> tuple[StationMatch, Client]:
    """One of them; NotFound outside the scope, and where anything restricted came to be on file on either side."""
    query = select(StationMatch, Client).join(Client, Client.id == StationMatch.client_id).where(StationMatch.id == match_id)
    found = db.session.execute(query).one_or_none()
    if found is None or _silent([found[0]]):
        raise NotFound()
    return found[0], found[1]


def _silent(matches: Sequence[StationMatch]) -> set[UUID]:
    """Pairs of which a side has become restricted since."""
    if not matches:
        return set()
    with system_session("has a side of a match become restricted") as session:
        query = select(StationMatch.pair_id, StationMatch.client_id)
        sides = session.execute(query.where(StationMatch.pair_id.in_(sorted(m.pair_id for m in matches)))).all()
        shut = restricted(session, {side.client_id for side in sides})
    return {side.pair_id for side in sides if side.client_id in shut}


def others(matches: Iterable[StationMatch]) -> dict[UUID, Other]:
    """The other stations of matches with phone and heads, by station; names of colleagues, no person on file."""
    wanted = sorted({match.other_station_id for match in matches})
    if not wanted:
        return {}
    with system_session("who heads the other station") as session:
        stations = session.execute(select(Organisation).where(Organisation.id.in_(wanted))).scalars().all()
        query: Any = (
            select(GrantPlace.organisation_id, User.name)
            .join(Grant, Grant.id == GrantPlace.grant_id)
            .join(User, User.id == Grant.user_id)
            .where(GrantPlace.organisation_id.in_(wanted), Grant.role == "station_head", *in_force())
            .order_by(User.name, User.id)
        )
        heads: dict[UUID, list[str]] = {}
        for station_id, name in session.execute(query):
            heads.setdefault(station_id, []).append(name)
        return {row.id: Other(row.name, row.phone, tuple(heads.get(row.id, ()))) for row in stations}
