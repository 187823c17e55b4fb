"""The crash drill in small: what is killed with -9 while people write comes back by itself, with everything that was acknowledged."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from caseapp.access.system import system_session
from caseapp.cli.drill.crash import checks
from caseapp.cli.drill.crash.play import Cast, Play
from caseapp.models import casework as c
from caseapp.models.trust import StoredResult
from tests import conftest
from tests.cast import PASSWORD

KILLS = {"sqlite": ["worker", "sealer", "server"], "postgresql": ["postgresql", "connection", "postgresql"]}
PEOPLE = (("bo", PASSWORD, "222403101201"), ("ann", PASSWORD, "222403101202"))


def test_killed_at_any_moment_it_loses_nothing(app: Flask, engine: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Last, rows are taken away behind its back: the checks must see that."""
    server = request.getfixturevalue("postgres_own") if engine.name == "postgresql" else None
    environment = {
        "CASEAPP_ENV": "test",
        "CASEAPP_DATABASE_URL": app.config["SETTINGS"].database_url,
        "CASEAPP_INSTANCE": str(tmp_path),
        "CASEAPP_DATA_KEYS": conftest.KEY,
        "CASEAPP_LOG": "text",
    }
    play = Play(environment, tmp_path, Cast(PEOPLE), 1, server, workers=1)
    found = play.run(KILLS[engine.name])
    assert found.faults == [] and found.kills.total() == 3, found
    assert found.written > 2, found  # two persons and a visit before the first kill; how much more is the machine's
    with system_session("somebody takes rows away", write=True) as session:
        visit = session.scalars(select(c.Visit.id).order_by(c.Visit.id).limit(1)).one()
        session.execute(delete(c.ServiceRecord).where(c.ServiceRecord.visit_id == visit))
        result = session.scalars(select(StoredResult.id).order_by(StoredResult.id).limit(1)).one()
        session.execute(delete(StoredResult).where(StoredResult.id == result))
    calls = [call for writer in play.writers for call in writer.calls]
    assert len(checks.lost(calls)) == 1 and len(checks.halves(calls, play.begun)) >= 3
