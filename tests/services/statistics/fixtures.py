"""A county with figures: two large townships, two small ones; the clock stands after the third quarter.

The fixtures open contexts of their own, so that tests of pages may use them too.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import has_app_context
from sqlalchemy import select

from caseapp.access import guard
from caseapp.access.system import system_session
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
    with engine.app.app_context(), system_session("a world", write=True) as session:
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
    return cast


@pytest.fixture
def publish(engine: Any, county: Any) -> Callable[..., StatRelease]:
    """Refreshes and releases a quarter as the province would on the command line; the release comes back detached."""

    def run(period: Quarter = Q3) -> StatRelease:
        if has_app_context():
            db.session.rollback()
        intent.set("write")
        with engine.app.app_context():
            refresh(period)
            maker, checker = county.actor("pia"), county.actor("pat")
            db.session.rollback()
            guard.bind(db.session, maker)
            audit.begin(db.session)
            release = publish_quarter(period, "end of quarter", maker, checker)
            db.session.commit()
            db.session.refresh(release)
            db.session.expunge(release)
            return release

    return run
