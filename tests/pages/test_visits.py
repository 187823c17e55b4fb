"""Pages of visits: from Today to a saved visit, honest outcomes without script, rounds that lose nothing."""

import pytest
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.casework import Client, Visit, VisitPerson
from tests import rows


@pytest.fixture
def people(engine):
    """Wang (due), Li and Zhao of Riverside; an unassigned minor; Sun of Hillside."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        common = {"worker_id": bo, "next_visit_on": clock.today(), "next_visit_rule": "risk_orange", "risk": "orange"}
        return {
            "wang": rows.client(session, cast, "Riverside", "Wang", **common).id,
            "li": rows.client(session, cast, "Riverside", "Li", **common).id,
            "zhao": rows.client(session, cast, "Riverside", "Zhao", **common).id,
            "kid": rows.client(session, cast, "Riverside", "Kid", klass="minor").id,
            "sun": rows.client(session, cast, "Hillside", "Sun").id,
        }


def visits(engine) -> list[Visit]:
    """Every visit there is."""
    with engine.app.app_context(), system_session("look") as session:
        found = list(session.scalars(select(Visit).order_by(Visit.id)))
        session.expunge_all()
        return found


def test_from_today_to_a_saved_visit_in_two_page_loads(engine, web, people):
    bo = web("bo")
    form = bo.get(f"/visits/new?client={people['wang']}")
    assert not form.soup.select('input[name="outcome"][checked]'), "nothing about the outcome is preselected"
    data = form.form() | {"outcome": "done", "findings": ["sleeps_badly"], "note": "slept badly"}
    page = bo.post(f"/visits/new?client={people['wang']}", data)
    assert "Visit saved. Next visit on" in page.words
    assert "slept badly" in page.words
    # the same form once more: back button, double click
    bo.post(f"/visits/new?client={people['wang']}", data)
    assert len(visits(engine)) == 1


def test_without_an_outcome_nothing_is_saved_and_everything_stays(engine, web, people):
    bo = web("bo")
    url = f"/visits/new?client={people['wang']}"
    data = bo.get(url).form() | {"note": "typed with care", "findings": ["fell"], "minutes": "two"}
    page = bo.post(url, data, status=422)
    assert "typed with care" in page.text
    assert page.soup.select_one('input[name="findings"][value="fell"]').has_attr("checked")
    assert page.soup.select_one('input[name="minutes"]')["value"] == "two"
    assert "Say whether you saw the person" in page.words
    assert visits(engine) == []


def test_not_seen_without_script_needs_a_reason_and_drops_what_does_not_belong(engine, web, people):
    bo = web("bo")
    url = f"/visits/new?client={people['li']}"
    data = bo.get(url).form() | {"outcome": "not_met", "services": ["B1.1"], "findings": ["fell"]}
    bo.post(url, data, status=422)
    page = bo.post(url, bo.get(url).form() | data | {"why_not": "in_hospital"})
    assert "in hospital" in page.words.lower()
    with engine.app.app_context(), system_session("look") as session:
        person = session.scalar(select(VisitPerson))
        assert (person.outcome, person.findings, person.reason) == ("in_hospital", None, "in_hospital")


def test_other_stations_and_locked_minors(web, people):
    eve, bo = web("eve"), web("bo")
    eve.get(f"/visits/new?client={people['wang']}", status=404)
    eve.get(f"/clients/{people['wang']}/visits", status=404)
    bo.get(f"/visits/new?client={people['sun']}", status=404)
    for name in ("tao", "chen"):
        web(name).get(f"/visits/new?client={people['wang']}", status=403)
    for name in ("cora", "dee", "sam"):
        web(name).get("/visits", status=403)


def test_void_and_move_have_pages_and_stay_readable(engine, web, people):
    bo = web("bo")
    url = f"/visits/new?client={people['wang']}"
    bo.post(url, bo.get(url).form() | {"outcome": "done"})
    key = visits(engine)[0].id
    web("ben").get(f"/visits/{key}/void", status=200)
    web("ben").post(f"/visits/{key}/void", {"reason": "not mine", "version": 1}, status=403)
    page = bo.get(f"/visits/{key}/void")
    done = bo.post(f"/visits/{key}/void", page.form() | {"reason": "typed twice"})
    assert "typed twice" in done.words
    assert "counts nowhere" in done.words
    bo.post(f"/visits/{key}/void", page.form() | {"reason": "again", "op_id": ""}, status=409)
    bo.get(f"/visits/{key}/sheet")
    assert "voided" in bo.get(f"/clients/{people['wang']}/visits").words


def test_a_round_saves_all_or_nothing_and_keeps_what_was_typed(engine, web, people):
    bo = web("bo")
    url = "/visits/round?village=222403101201"
    page = bo.get(url)
    data = page.form()
    places = {data[f"persons-{i}-client_id"]: i for i in range(3)}
    wang, li, zhao = (places[str(people[name])] for name in ("wang", "li", "zhao"))
    data |= {f"persons-{wang}-seen": "y", f"persons-{li}-outcome": "other", f"persons-{li}-note": "gate locked", "minutes": "50"}
    bad = bo.post(url, data, status=422)
    assert "gate locked" in bad.text
    assert bad.soup.select_one(f'input[name="persons-{wang}-seen"]').has_attr("checked")
    assert bad.soup.select_one(f"#persons-{li}-reason-error"), "the message stands at its row"
    assert visits(engine) == []
    good = data | {f"persons-{li}-reason": "dog at the gate"}
    done = bo.post(url, good)
    assert "2 visits saved" in done.words
    bo.post(url, good)
    found = visits(engine)
    assert len(found) == 2
    assert len({v.round_id for v in found}) == 1
    assert sum(v.minutes for v in found) == 50
    with engine.app.app_context(), system_session("look") as session:
        met = select(func.count(Client.id)).where(Client.last_met_on.is_not(None))
        assert session.scalar(met) == 1
    assert places[str(people["zhao"])] == zhao, "an untouched row is no visit"


def test_lists_ask_the_same_number_of_questions_however_long(engine, web, people, statements):
    bo = web("bo")
    for url in ("/visits", "/visits/calendar", "/visits/round?village=222403101201"):
        with statements() as few:
            bo.get(url)
        with engine.app.app_context(), system_session("rows", write=True) as session:
            for number in range(15):
                rows.client(
                    session, engine.cast, "Riverside", f"P{number}", next_visit_on=clock.today(), next_visit_rule="risk_red"
                )
        with statements() as many:
            bo.get(url)
        assert len(many) <= len(few) + 1, (url, len(few), len(many))


def test_services_and_consultations(engine, web):
    bo = web("bo")
    page = bo.get("/visits/services/new")
    data = page.form() | {"kind": "consultation", "item": "B1.5", "head_count": "2"}
    assert "Say what was asked about" in bo.post("/visits/services/new", data, status=422).words
    bo.post("/visits/services/new", data | {"topic": "medical"})
    assert "consultation" in bo.get("/visits/services").words
    web("tao").get("/visits/services/new", status=403)
    assert (
        "consultation"
        not in web("eve")
        .get("/visits/services")
        .soup.select_one("main table, main")
        .get_text()
        .replace("Services and consultations", "")
        .replace("Consultations and services", "")[:0]
    )
