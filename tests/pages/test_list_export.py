"""A list as a file: the head's own rows under the list's filters, restricted ones on request, formula-safe, told in the trail."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.adapters import workbooks
from caseapp.core import clock
from caseapp.models.trust import AuditEntry
from caseapp.services.casework import exports
from tests import rows


@pytest.fixture
def laid(engine: Any) -> Any:
    """Riverside: one at high risk with a case, one at low risk with the worst of names, one restricted; Hillside: one."""
    cast, bo = engine.cast, engine.cast.users["bo"]
    with engine.app.app_context(), system_session("rows", write=True) as session:
        due = clock.today() + timedelta(days=2)
        wang = rows.client(session, cast, "Riverside", "Wang", risk="red", worker_id=bo, next_visit_on=due)
        rows.case(session, wang, bo, risk="red", next_step="visit", next_step_on=due)
        rows.client(session, cast, "Riverside", "=1+1", risk="blue")
        secret = rows.client(session, cast, "Riverside", "Secret", klass="P3", risk="red", worker_id=bo, next_visit_on=due)
        rows.case(session, secret, bo, klass="P3", risk="red", next_step="visit", next_step_on=due)
        rows.case(session, secret, bo, klass="P2", domain="affairs", risk="red", next_step="visit", next_step_on=due)
        rows.client(session, cast, "Hillside", "Yu", risk="red", next_visit_on=due)
    return engine


def taken(browser: Any, url: str, **more: Any) -> list[list[str]]:
    """The rows of the file that a list leads to, below the heading."""
    link = next(a["href"] for a in browser.get(url).soup.select("ul.saved a") if a["href"].startswith("/exports"))
    form = browser.get(link).form() | {"purpose": "meeting", "format": "csv"} | more
    answer = browser.post(link, form).response
    assert answer.headers["Content-Disposition"].startswith("attachment; filename="), answer.text[:400]
    found = workbooks.rows(answer.data)
    return found[next(n for n, row in enumerate(found) if row[:2] == ["Number", "Name"]) + 1 :]


@pytest.mark.parametrize(
    ("url", "open_", "all_"),
    [
        ("/clients", ["'=1+1", "Wang"], ["'=1+1", "Secret", "Wang"]),
        ("/clients?risk=red", ["Wang"], ["Secret", "Wang"]),
        ("/cases?risk=red", ["Wang"], ["Secret", "Secret", "Wang"]),
        ("/elderly/cases", ["Wang"], ["Secret", "Wang"]),
        ("/visits", ["Wang"], ["Secret", "Wang"]),
        (f"/visits?show=day&day={clock.today()}", [], []),
    ],
)
def test_what_the_list_shows(laid: Any, web: Any, url: str, open_: list[str], all_: list[str]) -> None:
    ann = web("ann")
    assert sorted(row[1] for row in taken(ann, url)) == open_
    assert sorted(row[1] for row in taken(ann, url, restricted="y")) == all_


def test_as_a_workbook_and_in_the_trail(laid: Any, web: Any) -> None:
    ann = web("ann")
    form = ann.get("/exports/new?listing=clients").form() | {"purpose": "paper", "format": "xlsx"}
    answer = ann.client.post("/exports/new", data=form)
    assert answer.data.startswith(b"PK") and b"Secret" not in answer.data
    with laid.app.app_context(), system_session("trail") as session:
        entry = session.query(AuditEntry).filter(AuditEntry.event == "list.exported").one()
        assert (entry.count, entry.reason) == (2, "clients xlsx paper: 2") and entry.user_id == laid.cast.users["ann"]


def test_a_purpose_is_asked_and_too_many_rows_are_refused(laid: Any, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = web("ann")
    form = ann.get("/exports/new?listing=clients").form()
    assert ann.post("/exports/new", form, 422).soup.select(".error"), "no purpose is preselected"
    good = form | {"purpose": "paper"}
    for wrong in ({"purpose": "fun"}, {"format": "pdf"}, {"listing": "users"}, {"query": "risk=purple"}, {"domain": "no"}):
        ann.post("/exports/new", good | wrong, 422)
    monkeypatch.setattr(exports, "MOST", 1)
    assert "more than 1 rows" in ann.post("/exports/new", good, 422).words


def test_for_the_head_alone(laid: Any, web: Any) -> None:
    for who in ("bo", "chen", "tao", "cora", "sam", "dee"):
        web(who).get("/exports/new", 403)
    assert not web("bo").get("/clients").soup.select("a[href^='/exports']")
