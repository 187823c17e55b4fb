"""What waits at the desks of those who read no files: a head to confirm, a newcomer whose code ran out, days that stand out."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.cli.demo.names import Namer
from caseapp.cli.demo.places import Place, World
from caseapp.cli.demo.source import Source, at
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.services.organisation import codes

MANY, NIGHTS = 64, 14
PROPOSED, CAME_NOT = timedelta(days=5), timedelta(days=20)


def desks(session: Session, source: Source, world: World) -> None:
    """Rows at the second station, so that the county, both administrators and the auditor of the demo each find some."""
    place = world.stations[min(1, len(world.stations) - 1)]
    station = session.scalars(select(o.Organisation).where(o.Organisation.path == place.path)).one()
    deputy = _account(session, source, place, "deputy", source.today - PROPOSED)
    proposed = at(source.today - PROPOSED, 600)
    grant = o.Grant(
        id=source.key(proposed), user_id=deputy, role="station_head", organisation_id=station.id, state="proposed",
        from_on=source.today, reason="demo", proposed_at=proposed, proposed_by_id=world.users["sysadmin"],
    )  # fmt: skip
    session.add(grant)
    session.flush()
    session.add(o.GrantPlace(grant_id=grant.id, organisation_id=station.id, path=place.path))
    newcomer = _account(session, source, place, "latecomer", source.today - CAME_NOT)
    made = at(source.today - CAME_NOT, 610)
    code = o.OneTimeCode(
        id=source.key(made), user_id=newcomer, purpose="first", code_hash="-", made_by_id=world.users["sysadmin"], made_at=made,
        expires_at=made + codes.KEPT["first"],
    )  # fmt: skip
    session.add(code)
    people = select(c.Client.id).where(c.Client.station_path == place.path, c.Client.klass != "P3").order_by(c.Client.id)
    files = list(session.scalars(people.limit(MANY)))
    _many(session, source, place, files)
    _at_night(session, source, place, files)


def _account(session: Session, source: Source, place: Place, username: str, day: date) -> UUID:
    made = at(day)
    user = o.User(
        id=source.key(made), username=username, name=Namer(source).name("2", 33, is_korean=False), home_path=place.path,
        created_at=made,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user.id


def _many(session: Session, source: Source, place: Place, files: list[UUID]) -> None:
    """A worker who went through the whole shelf yesterday."""
    day = source.today - timedelta(days=1)
    for number, file_id in enumerate(files):
        _read(session, source, place, place.workers[0], day, 480 + 6 * number, file_id)


def _at_night(session: Session, source: Source, place: Place, files: list[UUID]) -> None:
    """The head, late in the evening three days ago."""
    day = source.today - timedelta(days=3)
    for number in range(NIGHTS if files else 0):
        _read(session, source, place, place.head, day, 1330 + 4 * number, files[number % len(files)])


def _read(session: Session, source: Source, place: Place, user: UUID, day: date, minute: int, file_id: UUID) -> None:
    when, role = at(day, minute), "station_head" if user == place.head else "worker"
    session.add(
        t.AuditEntry(
            id=source.key(when),
            at=when,
            kind="read",
            event="client.opened",
            user_id=user,
            grant_id=place.grants[user],
            role=role,
            channel="page",
            station_path=place.path,
            status=200,
            people=file_id.bytes,
            count=1,
        )
    )
    seen = session.get(t.AuditSeen, (file_id, user, day))
    if seen is None:
        seen = t.AuditSeen(file_id=file_id, user_id=user, seen_on=day, role=role, times=0, opened=0, station_path=place.path)
        session.add(seen)
    seen.times, seen.opened, seen.last_at = seen.times + 1, seen.opened + 1, when
