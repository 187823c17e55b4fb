"""Records of a station that may be one person, for its head: joined on equal digests, names and births, never all with all.

Four statements that indexes serve: the same paper, the same own phone, the same name, the same birth with a name that sounds
alike. Pairs that were said to be two people are left out.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from caseapp.access.scope import under
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Client, ClientApart, Contact, IdentityDocument
from caseapp.queries.casework.clients.indexes import CITIZEN

MOST = 50
READ = 400  # of each statement
WEIGHT = {
    "paper": 8,
    "phone": 4,
    "name": 3,
    "sound": 2,
    "birth": 3,
    "birth_swapped": 2,
    "birth_near": 1,
    "birth_year": 1,
    "village": 1,
}
ENOUGH = 5
ONE, TWO = aliased(Client), aliased(Client)


@dataclass(frozen=True)
class Alike:
    """Two records and why they look alike, the older record first."""

    one: Client
    two: Client
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHT[reason] for reason in self.reasons)


def of_station(actor: Actor) -> list[Alike]:
    """At most fifty pairs in the actor's scope that were not said to be two people, the surest first."""
    found: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for reason, query in (("paper", _papers(actor)), ("phone", _phones(actor)), ("", _names(actor)), ("", _births(actor))):
        for one, two in db.session.execute(query.limit(READ)):
            found[one, two] |= {reason} if reason else set()
    ids = {key for pair in found for key in pair}
    people = {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(sorted(ids))))} if ids else {}
    pairs = [
        Alike(people[one], people[two], reasons_of(people[one], people[two], found[one, two]))
        for one, two in found
        if one in people and two in people
    ]
    sure = [pair for pair in pairs if pair.weight >= ENOUGH]
    return sorted(sure, key=lambda pair: (-pair.weight, pair.one.name_key, pair.one.id))[:MOST]


def reasons_of(one: Any, two: Any, known: set[str] | frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Why two records look alike, the strongest first."""
    found = set(known)
    if one.name == two.name:
        found.add("name")
    elif _sound(one.name_key) == _sound(two.name_key):
        found.add("sound")
    near = births(one.birth_on, two.birth_on)
    if near:
        found.add(near)
    if one.residence_code and one.residence_code == two.residence_code:
        found.add("village")
    return tuple(sorted(found, key=lambda reason: (-WEIGHT[reason], list(WEIGHT).index(reason))))


def births(one: date | None, two: date | None) -> str | None:
    """How two births are alike: the same, day and month the other way round, a year or a slip of one part apart."""
    if one is None or two is None:
        return None
    if one == two:
        return "birth"
    if one.year == two.year and (one.month, one.day) == (two.day, two.month):
        return "birth_swapped"
    same = (one.year == two.year) + (one.month == two.month) + (one.day == two.day)
    if same == 2 and abs(one.year - two.year) <= 10:
        return "birth_near"
    return "birth_year" if abs(one.year - two.year) <= 1 else None


def _sound(name_key: str) -> str:
    return name_key.split(" ")[0]


def _pairs(actor: Actor) -> Any:
    """Two records of one station, each pair once."""
    said = exists().where(ClientApart.one_id == ONE.id, ClientApart.other_id == TWO.id)
    query = select(ONE.id, TWO.id).where(ONE.id < TWO.id, ONE.station_id == TWO.station_id, ~said, under(actor, ONE.station_path))
    return query.where(or_(ONE.state == "on_file", TWO.state == "on_file"))


# joined in WHERE: the row rules reach an alias there, in the ON of a second join of one table they name the table itself
def _papers(actor: Actor) -> Any:
    one, two = aliased(IdentityDocument), aliased(IdentityDocument)
    same = or_(one.kind == two.kind, and_(one.kind.in_(sorted(CITIZEN)), two.kind.in_(sorted(CITIZEN))))
    query = _pairs(actor).where(one.client_id == ONE.id, two.client_id == TWO.id, two.number_index == one.number_index, same)
    return query.where(one.voided_at.is_(None), two.voided_at.is_(None)).distinct()


def _phones(actor: Actor) -> Any:
    one, two = aliased(Contact), aliased(Contact)
    query = _pairs(actor).where(one.client_id == ONE.id, two.client_id == TWO.id, one.phone_index == two.phone_index)
    return query.where(one.kind == "own", two.kind == "own").distinct()


def _names(actor: Actor) -> Any:
    """Names alone are common: something of the birth or the village has to fit as well, which `ENOUGH` sees to."""
    return _pairs(actor).where(ONE.name_key == TWO.name_key)


def _births(actor: Actor) -> Any:
    return _pairs(actor).where(ONE.birth_on == TWO.birth_on, ONE.initials == TWO.initials, ONE.sex == TWO.sex)
