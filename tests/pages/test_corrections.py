"""Corrections by every way in: begun on a page, reckoned by a worker, published by a call, corrected once more on the command line."""
# ruff: noqa: F401, F811 - fixtures are asked for by their names

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.cli.statistics import statistics
from caseapp.cli.worker import KINDS
from caseapp.extensions import db, intent
from caseapp.models.statistics import StatPreparation, StatRelease
from caseapp.services.trust import jobs
from tests.cast import PASSWORD
from tests.services.statistics.fixtures import after_quarter, county, publish
from tests.services.statistics.test_corrections import men, men_become_women


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_quarter_is_corrected_twice(engine: Any, county: Any, publish: Any, web: Any, monkeypatch: Any) -> None:
    first, pia, pat = publish(), web("pia"), web("pat")
    men_before = men_on_file(engine)
    with engine.app.app_context():
        men_become_women(county, 30)
    monkeypatch.setattr(queue, "_immediate", False)
    form = pia.get("/statistics/releases").form("/statistics/releases")
    sent = {**form, "period": "2026Q3", "correct": "y", "reason": "thirty were entered wrongly"}
    waiting = pia.post("/statistics/releases", sent)
    assert "Waits for a worker" in waiting.words
    with engine.app.app_context():
        with system_session("test") as session:
            job_id = session.scalars(select(StatPreparation.job_id).where(StatPreparation.state == "waiting")).one()
        jobs.work(job_id, KINDS)
    address = waiting.address
    assert "Waits for a second person" in pat.get(address).words
    made = pat.api("POST", f"{address}/publish", {"password": PASSWORD}, status=201).json
    assert (made["number"], made["supersedes_id"]) == (2, str(first.id))
    assert "Corrected since:" in pia.get(f"/statistics/releases/{first.id}").words
    assert "Corrects:" in web("cora").get(f"/statistics/releases/{made['id']}").words
    assert "2026Q3 / 2" in web("cora").get("/statistics/").words, "what is in force"

    def command(*words: str, typed: str | None = None) -> str:
        with engine.app.app_context():
            intent.set("write")
            guard.bind(db.session, None)
            answer = CliRunner().invoke(statistics, list(words), input=typed)
        assert answer.exit_code == 0, answer.output
        return answer.output

    with engine.app.app_context():
        men_become_women(county, 10)
    again = ("release", "--period", "2026Q3", "--as")
    assert "prepared" in command(*again, "pia", "--reason", "and ten more", "--correct")
    assert "published as no. 3" in command(*again, "pat", "--reason", "looked at", "--approve", typed=PASSWORD)
    with engine.app.app_context(), system_session("test") as session:
        rows = session.scalars(select(StatRelease).order_by(StatRelease.number)).all()
        assert [(row.edition, row.supersedes_id) for row in rows] == [(0, None), (1, rows[0].id), (2, rows[1].id)]
        assert [men(period) for period in ("2026Q3", "2026Q3.1", "2026Q3.2")] == [men_before - less for less in (0, 30, 40)]
    assert command("verify", "--all").count(" 0 faults\n") == 4, "three releases and their chain"


def men_on_file(engine: Any) -> int:
    """Men on file at the end of the quarter, by the facts it was released from."""
    with engine.app.app_context():
        return men("2026Q3")
