"""A county with figures: two large townships, two small ones; the clock stands after the third quarter.

The fixtures open contexts of their own, so that tests of pages may use them too. The county is written and its quarter is released
once for each engine; other tests get it back as it was kept, where nothing was written or replaced before they asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from flask import has_app_context
from sqlalchemy import Engine, event, select

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.periods import Quarter
from caseapp.extensions import db, intent
from caseapp.models.casework import Client
from caseapp.models.statistics import StatRelease
from caseapp.services.statistics.refresh import refresh
from caseapp.services.statistics.release import publish_quarter
from caseapp.services.trust import audit
from tests.services.statistics import world
from tests.services.statistics.work import work

Q3 = Quarter(2026, 3)


@pytest.fixture
def after_quarter() -> Iterator[None]:
    """12 October 2026."""
    with time_machine.travel(world.TODAY.isoformat() + "T02:00:00+00:00", tick=True):
        yield


@pytest.fixture
def county(engine: Any, cast: Any, after_quarter: None) -> Any:
    """People at four townships of the county and at one of the other city."""
    if engine.put("county"):
        return cast
    # an hour earlier: a test that gets the world back begins at the same minute, and what is entered later does not count
    before = time_machine.travel(f"{world.TODAY.isoformat()}T01:00:00+00:00", tick=True)
    with before, engine.app.app_context(), system_session("a world", write=True) as session:
        places, paths = cast.places, cast.paths
        worker = cast.users["bo"]
        world.people(session, places["Riverside"], paths["Riverside"], worker, 120, 1)
        world.people(session, places["Hillside"], paths["Hillside"], worker, 64, 2)
        world.people(session, places["Faraway"], paths["Faraway"], worker, 90, 3)
        for number, (code, count) in enumerate((("222403103000", 45), ("222403104000", 11))):
            station, path = world.township(session, code, paths["county"], places["county"], f"Town {number}")
            world.people(session, station, path, worker, count, 10 + number)
        stations = session.execute(select(Client.station_id, Client.station_path).distinct().order_by(Client.station_path)).all()
        for number, (station, path) in enumerate(stations):
            work(session, station, path, worker, 20 + number)
    engine.keep("county")
    return cast


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that write, of all engines, meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "WITH", "BEGIN", "PRAGMA", "SET")):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def publish(engine: Any, county: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., StatRelease]]:
    """Refreshes and releases a quarter as the province would on the command line; the release comes back detached."""
    with writes() as written:

        def run(period: Quarter = Q3) -> StatRelease:
            if has_app_context():
                db.session.rollback()
            intent.set("write")
            name = f"released_{period}_{clock.today():%Y%m%d}"
            as_known = not written and "monkeypatch" not in request.fixturenames
            if not (as_known and engine.put(name)):
                _release(engine, county, period)
                if as_known:
                    engine.keep(name)
            written.append("released")
            with engine.app.app_context(), system_session("the release") as session:
                newest = select(StatRelease).where(StatRelease.period == str(period)).order_by(StatRelease.number.desc())
                release = session.scalars(newest).first()
                assert release is not None
                session.expunge(release)
                return release

        yield run


def _release(engine: Any, cast: Any, period: Quarter) -> None:
    with engine.app.app_context():
        refresh(period)
        maker, checker = cast.actor("pia"), cast.actor("pat")
        db.session.rollback()
        guard.bind(db.session, maker)
        audit.begin(db.session)
        publish_quarter(period, "end of quarter", maker, checker)
        db.session.commit()
