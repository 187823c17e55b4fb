"""The head's page of doubled records: compare, join, take apart, two people; sent twice, stale, nonsense, by others, at once."""

from datetime import timedelta

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.trust import StoredResult
from tests import rows
from tests.api.test_at_once import at_once, count


@pytest.fixture
def two(engine):
    """Wang twice at Riverside, the second one's by Ben, living alone; ids and file numbers."""
    cast = engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        one = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"], file_no="P-222403101-2026-0001")
        two = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["ben"], file_no="P-222403101-2026-0002")
        two.living, two.address = "alone", "4 West lane"
        rows.visit(session, two, two.worker_id, clock.today() - timedelta(days=2))
        return {"one": one.id, "two": two.id, "old": two.file_no}


def test_from_the_list_to_one_record_and_back(engine, two, web):
    ann, bo = web("ann"), web("bo")
    listed = ann.get("/duplicates")
    assert "1 pair" in listed.words and "same name, same birth date, same village" in listed.words
    link = next(a["href"] for a in listed.soup.select("a[href*='/merge']"))
    page = ann.get(link)
    assert "Responsible worker" in page.words and "Both are on file now" in page.words and "4 West lane" in page.words
    unseen = ann.post(link, page.form() | {"from_twin": ["worker_id"]}, status=422)
    assert "Say that you compared both records" in unseen.words
    assert unseen.soup.find(id="from-worker_id").has_attr("checked"), "what was ticked is kept"
    done = ann.post(link, page.form() | {"from_twin": ["worker_id"], "seen": "y"})
    assert done.address == f"/clients/{two['one']}" and "The records are one now" in done.words and "Ben" in done.words
    assert bo.get(f"/clients/{two['two']}").address == f"/clients/{two['one']}"
    assert web("eve").client.get(f"/clients/{two['two']}").status_code == 404
    found = bo.post("/clients/search", {"q": two["old"]})
    assert f"/clients/{two['one']}" in found.text
    assert bo.api("POST", "/clients/search", {"q": two["old"]}, 200).json["items"][0]["id"] == str(two["one"])
    assert len(bo.get("/clients").soup.select("main a[href^='/clients/0']")) == 1
    listed = ann.get("/duplicates")
    back = next(a["href"] for a in listed.soup.select("a[href*='/undo']"))
    assert "No two records look alike" in listed.words
    again = ann.post(back, ann.get(back).form())
    assert "The records are two again" in again.words and "1 pair" in again.words
    assert bo.get(f"/clients/{two['two']}").address == f"/clients/{two['two']}"
    assert "taken apart already" in ann.get(back).words


def test_two_people_are_not_asked_again(engine, two, web):
    ann = web("ann")
    said = ann.post(f"/duplicates/{two['one']}/apart", {"twin": str(two["two"])})
    assert "these are two people" in said.words and "No two records look alike" in said.words
    assert "It was said before" in ann.get(f"/duplicates/{two['two']}/merge?twin={two['one']}").words
    ann.post(f"/duplicates/{two['two']}/apart", {"twin": str(two["one"])}, status=409)


def test_who_may_not_and_what_is_not_there(engine, two, web):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        hill = rows.client(session, engine.cast, "Hillside", "Wang", worker_id=engine.cast.users["eve"]).id
    page = f"/duplicates/{two['one']}/merge?twin="
    ann, bo = web("ann"), web("bo")
    assert bo.client.get(page + str(two["two"])).status_code == 403
    for name in ("chen", "tao", "cora", "sam", "dee"):
        assert web(name).client.get("/duplicates").status_code == 403
    for twin in (hill, "nonsense", "0" * 400):
        assert ann.client.get(page + str(twin)).status_code == 404
    assert web("hal").client.get(page + str(hill)).status_code == 404
    assert ann.get(page + str(two["one"]), status=422)
    assert count(engine, c.ClientMerge) == 0


def test_a_record_changed_meanwhile_is_a_conflict(engine, two, web):
    ann, ben = web("ann"), web("ben")
    link = f"/duplicates/{two['one']}/merge?twin={two['two']}"
    form = ann.get(link).form() | {"seen": "y"}
    version = ben.api("GET", f"/clients/{two['two']}", None, 200).json["version"]
    ben.api("PATCH", f"/clients/{two['two']}", {"version": version, "living": "children"}, 200)
    told = ann.post(link, form, status=409)
    assert "changed this meanwhile" in told.words
    assert ann.post(link, told.form() | {"seen": "y"}).address == f"/clients/{two['one']}"


def test_sent_twice_at_once_is_joined_once(engine, two, web):
    ann, twin = web("ann"), web("ann")
    link = f"/duplicates/{two['one']}/merge?twin={two['two']}"
    form = ann.get(link).form() | {"seen": "y"}
    pages = at_once(lambda: ann.post(link, form), lambda: twin.post(link, form | {"csrf_token": twin.csrf()}))
    assert {page.address for page in pages} == {f"/clients/{two['one']}"}
    assert count(engine, c.ClientMerge) == 1


def test_both_ways_at_once_is_one_way(engine, two, web):
    ann, other = web("ann"), web("ann")
    links = [f"/duplicates/{two[a]}/merge?twin={two[b]}" for a, b in (("one", "two"), ("two", "one"))]
    forms = [browser.get(link).form() | {"seen": "y"} for browser, link in zip((ann, other), links, strict=True)]

    def send(browser, link, form):
        return browser.client.post(link, data=form, headers=browser.headers).status_code

    answers = at_once(lambda: send(ann, links[0], forms[0]), lambda: send(other, links[1], forms[1]))
    assert sorted(answers) in ([302, 404], [302, 409])
    assert count(engine, c.ClientMerge) == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_visit_written_while_records_are_joined_is_not_lost(engine, two, web, turn):
    """Either it was there before and moves along, or it finds the record gone; never does it hang on what nobody reads."""
    ann, ben = web("ann"), web("ben")
    link = f"/duplicates/{two['one']}/merge?twin={two['two']}"
    form = ann.get(link).form() | {"seen": "y"}
    body = {"outcome": "done", "happened_on": clock.today().isoformat()}
    _joined, answer = at_once(
        lambda: ann.client.post(link, data=form, headers=ann.headers),
        lambda: ben.api("POST", f"/clients/{two['two']}/visits", body),
    )
    assert answer.status_code in (201, 404)
    assert count(engine, c.ClientMerge) == 1
    assert count(engine, c.VisitPerson, c.VisitPerson.client_id == two["two"]) == 0
    assert count(engine, c.VisitPerson, c.VisitPerson.client_id == two["one"]) == (2 if answer.status_code == 201 else 1)
    assert count(engine, StoredResult) == 1


def test_statements_do_not_grow_with_the_pairs(sqlite, statements):
    from tests.page import Browser

    ann = Browser(sqlite, "ann")
    counts = []
    for pairs in (1, 40):
        with sqlite.app.app_context(), system_session("rows", write=True) as session:
            for number in range(pairs):
                for _again in range(2):
                    one = rows.client(session, sqlite.cast, "Riverside", f"P{pairs}x{number}", worker_id=sqlite.cast.users["bo"])
                match = c.StationMatch(
                    client_id=one.id, pair_id=one.id, other_station_id=sqlite.cast.places["Hillside"], found_at=clock.now()
                )
                match.belongs_to(one)
                session.add(match)
        ann.get("/duplicates")
        with statements() as sent:
            ann.get("/duplicates")
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 24


def test_the_lists_are_served_by_indexes(sqlite):
    from sqlalchemy import text

    from caseapp.queries.casework.clients import lookalikes

    with sqlite.app.app_context(), system_session("plans") as session:
        for part in (lookalikes._papers, lookalikes._phones, lookalikes._names, lookalikes._births):
            query = part(sqlite.cast.actor("ann", session)).limit(400)
            sql = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
            plan = [row[-1] for row in session.execute(text("EXPLAIN QUERY PLAN " + sql))]
            scans = [step for step in plan if step.startswith("SCAN") and "USING" not in step]
            assert scans == [], plan
