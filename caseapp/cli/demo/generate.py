"""Makes the whole demo: places, then station by station, then the figures of past quarters."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.access import guard, identity
from caseapp.access.system import system_session
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.desks import desks
from caseapp.cli.demo.fill import everyone
from caseapp.cli.demo.passing import passing
from caseapp.cli.demo.places import Builder, World
from caseapp.cli.demo.referrals import Referrals
from caseapp.cli.demo.source import Source, at
from caseapp.cli.demo.twice import twice
from caseapp.cli.mark import begin, finish
from caseapp.core import clock
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.organisation import Grant
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import publish_quarter
from caseapp.services.trust import audit

Say = Callable[[str], None]
RELEASED = 2  # quarters published: each is protected and attacked, which is most of what a demo costs
SHORT = Effort(sampled=1, riskiest=1)  # the attack on a demo: everybody, and two of those who know a part


def generate(seed: int, today: date, clients: int, say: Say = print, released: int = RELEASED) -> World:
    """Fills an empty, migrated database; the same seed, day and numbers give the same rows. `released` quarters are published."""
    source, batch = Source(seed, today), Batch()
    world = Builder(source, batch).build(clients)
    with system_session("demo: places", write=True, owner=True) as session:
        batch.write(session)
        begin(session, world.province, seed, today, clients)
    _people(seed, today, clients, source, world, say)
    with system_session("demo: people twice", write=True, owner=True) as session:
        twice(session, Source(f"{seed} twice", today), *world.stations[:2])
    with system_session("demo: what waits at the desks", write=True, owner=True) as session:
        desks(session, Source(f"{seed} desks", today), world)
    referrals = Referrals(Source(f"{seed} referrals", today), world)
    with system_session("demo: whom to refer") as session:
        referrals.gather(session)
    with system_session("demo: referrals", write=True, owner=True) as session:
        referrals.write(session)
    say("  referrals written")
    with system_session("demo: what passes between colleagues", write=True, owner=True) as session:
        passing(session, Source(f"{seed} passing", today), world.stations[0], world.users["worker"])
    quarters(today, world, say, released)
    with system_session("demo: complete", write=True, owner=True) as session:
        finish(session, world.province)
    return world


def _people(seed: int, today: date, clients: int, source: Source, world: World, say: Say) -> None:
    shares = _shares(source, clients, len(world.stations))
    there = done = 0

    def told(count: int) -> None:
        nonlocal there, done
        there, done = there + count, done + 1
        say(f"  {there:>7} people, {done} of {len(world.stations)} stations")

    everyone(seed, today, zip(world.stations, shares, strict=True), told)


def _shares(source: Source, clients: int, stations: int) -> list[int]:
    """How many people each station has: the first a little more, the others about the same."""
    weights = [1.2] + [0.75 + source.random() * 0.5 for _station in range(stations - 1)]
    shares = [int(clients * weight / sum(weights)) for weight in weights]
    shares[0] += clients - sum(shares)
    return shares


def quarters(today: date, world: World, say: Say, released: int = RELEASED) -> None:
    """The facts of the last quarters; all but the present one are published, oldest first."""
    now = min(today, clock.today())
    quarter, found = Quarter.of(now), []
    for _step in range(released + 1):
        found.append(quarter)
        quarter = Quarter.of(quarter.first_day - timedelta(days=1))
    for quarter in reversed(found):
        refresh(quarter)
        if quarter.last_day < now:
            _publish(quarter, world)
            say(f"  {quarter} published")


def _publish(quarter: Quarter, world: World) -> None:
    """Through the same code as in an installation, by its two officers, on the days it would have been."""
    with system_session("demo: who publishes") as session:
        officers = [
            identity.for_grant(session, world.users[name], _grant(session, world, name), clock.today())
            for name in ("province", "province2")
        ]
    maker, checker = officers
    if maker is None or checker is None:
        raise RuntimeError("an officer of the province has no grant in force")
    db.session.rollback()
    guard.bind(db.session, maker)
    audit.begin(db.session, endpoint="demo")
    day = quarter.last_day + timedelta(days=5)
    publish_quarter(quarter, "demo", maker, checker, at=at(day + timedelta(days=1), 600), cut_off=day, effort=SHORT)
    db.session.commit()
    guard.bind(db.session, None)


def _grant(session: Session, world: World, name: str) -> UUID:
    return session.scalars(select(Grant.id).where(Grant.user_id == world.users[name])).one()
