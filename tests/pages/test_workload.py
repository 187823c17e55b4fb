"""What each worker carries: heads, risk and ways, as facts; the head alone says how far a village lies."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.organisation import Setting
from tests import rows

EAST, WEST = "222403101201", "222403101202"


@pytest.fixture
def laid(engine: Any) -> Any:
    """Bo: a high-risk case in the east, visits late, soon and far off. Ben: a restricted file. Nobody: one person. Hillside: one."""
    cast, today = engine.cast, clock.today()
    bo, ben = cast.users["bo"], cast.users["ben"]
    with engine.app.app_context(), system_session("rows", write=True) as session:
        wang = rows.client(session, cast, "Riverside", "Wang", worker_id=bo, next_visit_on=today - timedelta(days=2))
        rows.case(session, wang, bo, risk="red")
        rows.case(session, wang, bo, risk="red", status="closed")
        rows.client(session, cast, "Riverside", "Li", worker_id=bo, residence_code=WEST, next_visit_on=today + timedelta(days=30))
        rows.client(session, cast, "Riverside", "Yu", worker_id=bo, next_visit_on=today + timedelta(days=31))
        secret = rows.client(session, cast, "Riverside", "Secret", klass="P3", worker_id=ben)
        rows.case(session, secret, ben, risk="orange")
        rows.client(session, cast, "Riverside", "Nobody's")
        rows.client(session, cast, "Hillside", "Eve's", worker_id=cast.users["eve"])
    return engine


def lines(page: Any) -> dict[str, list[str]]:
    """Worker → persons, weight, cases, visits."""
    found = {}
    for row in page.soup.select("table tbody tr"):
        found[row.select_one("th").text.strip()] = [" ".join(cell.text.split()) for cell in row.select("td")]
    return found


def test_loads_by_risk_and_distance(laid: Any, web: Any) -> None:
    ann = web("ann")
    assert ann.get("/").soup.find("a", href="/oversight/workload"), "one tap from Today"
    found = lines(ann.get("/oversight/workload"))
    assert found["Bo"] == ["3", "6", "High risk 1", "near 2"], "4 for the case, 1 for each visit of the month"
    assert found["Ben"] == ["1", "3", "Medium risk 1", "0"] and found["Ann"] == ["0", "0", "0", "0"]
    assert found["Nobody named"] == ["1", "0", "0", "0"] and "Eve" not in found
    form = ann.get("/oversight/distances").form() | {"far": [EAST], "remote": [WEST]}
    assert "Saved." in ann.post("/oversight/distances", form).words
    assert lines(ann.get("/oversight/workload"))["Bo"] == ["3", "9", "High risk 1", "far 1, remote 1"]


def test_what_cannot_be_is_refused_and_a_stale_form_too(laid: Any, web: Any) -> None:
    ann = web("ann")
    form = ann.get("/oversight/distances").form()
    assert "Leave one of the two" in ann.post("/oversight/distances", form | {"far": [EAST], "remote": [EAST]}, 422).words
    ann.post("/oversight/distances", form | {"far": ["222403102201"]}, 422)
    ann.post("/oversight/distances", form | {"far": [EAST]})
    later = ann.get("/oversight/distances").form() | {"version": form["version"], "far": [WEST]}
    ann.post("/oversight/distances", later, 409)
    with laid.app.app_context(), system_session("settings") as session:
        held = session.query(Setting).filter_by(name="workload.villages").one()
        assert held.value == {"far": [EAST], "remote": [], "version": 1} and held.organisation_id == laid.cast.places["Riverside"]


def test_for_the_head_alone(laid: Any, web: Any) -> None:
    for who in ("bo", "chen", "tao", "cora", "sam"):
        for url in ("/oversight/workload", "/oversight/distances"):
            web(who).get(url, 403)
    assert lines(web("hal").get("/oversight/workload"))["Eve"][0] == "1"
