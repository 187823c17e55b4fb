"""The work with children on pages: the red button wherever a child is, the report step by step, care and safety, gates, strangers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.models import casework as c
from caseapp.models.details.children import ChildrenContact, ChildrenDelegation, ChildrenReport, ChildrenSafetyCheck, ChildrenTold
from caseapp.models.trust import AuditEntry
from tests import answers, children, rows


@pytest.fixture
def people(engine: Any) -> dict[str, Any]:
    """Mei of Bo with a case and a household; Old Wang; Tang of Hillside."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        cast, bo = engine.cast, engine.cast.users["bo"]
        mei = children.child(session, cast, "Riverside", "Mei", bo)
        case = children.case(session, mei, bo)
        wang = rows.client(session, cast, "Riverside", "Wang", worker_id=bo)
        house = c.Household(
            id=(key := case.id.__class__(int=case.id.int + 1)), file_id=key, station_id=mei.station_id, station_path=mei.station_path,
            klass="P2", household_no="H-1", name="Mei's", name_key="mei", created_at=clock.now(),
        )  # fmt: skip
        session.add(house)
        session.flush()
        member = c.HouseholdMember(household_id=house.id, client_id=mei.id, relation_to_head="self", created_at=clock.now())
        member.belongs_to(mei)
        session.add(member)
        mei.household_id = house.id
        tang = children.child(session, cast, "Hillside", "Tang", cast.users["eve"])
        return {
            "mei": mei.id,
            "case": case.id,
            "wang": wang.id,
            "house": house.id,
            "tang": tang.id,
            "visit": _visit(session, mei, bo),
        }


def _visit(session: Any, person: Any, worker: Any) -> Any:
    return rows.visit(session, person, worker, clock.today() - timedelta(days=9)).id


def look(engine: Any, model: Any, *where: Any) -> list[Any]:
    with engine.app.app_context(), system_session("look") as session:
        found = list(session.scalars(select(model).where(*where)).all())
        session.expunge_all()
        return found


def button(page: Any) -> list[str]:
    return [tag["href"] for tag in page.soup.select("a.btn-urgent")]


def test_the_red_button_stands_on_every_page_of_a_child_and_on_no_other(engine: Any, web: Any, people: Any) -> None:
    bo, ben = web("bo"), web("ben")
    there = [f"/children/reports/new?client={people['mei']}"]
    case = f"/children/cases/{people['case']}"
    for url in (
        f"/clients/{people['mei']}", f"/clients/{people['mei']}/history", f"/clients/{people['mei']}/consents", f"/clients/{people['mei']}/edit",
        f"/visits/new?client={people['mei']}", case, f"{case}/edit", f"{case}/visits", f"{case}/history", f"{case}/plan", f"{case}/assessments",
        f"{case}/care", f"{case}/risk",
    ):  # fmt: skip
        assert button(bo.get(url)) == there, url
    assert button(bo.get(f"/households/{people['house']}")) == [f"/children/reports/new?household={people['house']}"]
    assert button(bo.get("/children/cases")) == ["/children/reports/new"]
    for url in (f"/clients/{people['wang']}", f"/visits/new?client={people['wang']}", "/clients", "/"):
        assert button(bo.get(url)) == [], url
    page = ben.get(f"/clients/{people['mei']}")
    assert "purpose" in page.address and button(page) == there, "a colleague meets it where a purpose is asked for"
    assert button(web("tao").get(f"/clients/{people['mei']}")) == [], "who only reads cannot report here"


def test_a_report_from_the_button_to_its_end(engine: Any, web: Any, people: Any) -> None:
    bo, ann = web("bo"), web("ann")
    url = f"/children/reports/new?client={people['mei']}"
    page = bo.post(url, bo.get(url).form(), status=422)
    assert "Choose one of the answers offered." in page.words, "only situation and sentence are asked for"
    sent = page.form() | {"situation": "injuries", "sentence": "手臂上有伤"}
    page = bo.post(url, sent)
    assert page.address.endswith("/safety"), "the guide begins at once"
    again = bo.post(url, sent)
    report = look(engine, ChildrenReport)
    assert len(report) == 1 and again.address.endswith("/safety"), "sent twice, one report"
    base = f"/children/reports/{report[0].id}"
    assert "mandatory report" in ann.get("/").words.lower()
    page = bo.post(
        f"{base}/safety", bo.get(f"{base}/safety").form() | {"place": "relatives", "beside": "姑姑", "called": ["120"]}
    )
    assert page.address.endswith("/told/new")
    page = bo.post(f"{base}/told/new", page.form() | {"whom": "police_110", "name": "警号 0123", "receipt": "JS-7"})
    assert page.address.endswith("/told/new"), "civil affairs come next"
    page = bo.post(f"{base}/told/new", page.form() | {"whom": "civil_affairs"})
    assert page.address.endswith("/facts")
    page = bo.post(f"{base}/facts", page.form() | {"seen": "孩子说前天摔的", "where": "家里"})
    assert page.address.endswith("/evidence")
    page = bo.post(f"{base}/evidence", page.form() | {"evidence": ["words"]})
    assert page.address == base and "Answer of the police" in page.words
    for row in look(engine, ChildrenTold):
        form = bo.get(f"{base}/told/{row.id}").form() | {"answer": "accepted", "answered_on": clock.today().isoformat()}
        bo.post(f"{base}/told/{row.id}", form)
    bo.post(f"{base}/close", bo.get(f"{base}/close").form(), status=409)
    form = bo.get(f"{base}/outcome").form() | {"outcome": "guidance", "outcome_on": clock.today().isoformat()}
    bo.post(f"{base}/outcome", form)
    page = bo.post(f"{base}/close", bo.get(f"{base}/close").form())
    assert "closed" in page.words
    assert "From finding to report" in ann.get("/children/reports").words
    assert "Mandatory report" in ann.get(f"/children/cases/{people['case']}").words


def test_who_reported_is_not_on_paper_unless_asked_for(engine: Any, web: Any, people: Any) -> None:
    ben, ann = web("ben"), web("ann")
    url = f"/children/reports/new?client={people['mei']}"
    ben.post(url, ben.get(url).form() | {"situation": "other", "sentence": "怕回家"})
    report = look(engine, ChildrenReport)[0]
    sheet = ann.get(f"/children/reports/{report.id}/print")
    main = sheet.soup.select_one("article.sheet").get_text(" ")
    assert "Ben" not in main and "Ann" not in main, "neither who reported nor who printed"
    assert "Ben" in ann.get(f"/children/reports/{report.id}/print?named=1").soup.select_one("article.sheet").get_text(" ")
    for url in (
        f"/children/cases/{report.case_id}",
        f"/children/cases/{report.case_id}/print",
        f"/children/cases/{report.case_id}/history",
    ):
        said = ann.get(url).soup.select_one("main").get_text(" ")
        assert "Ben" not in said, url


def test_what_a_colleague_supervisor_township_stranger_and_bureau_meet(engine: Any, web: Any, people: Any) -> None:
    ben = web("ben")
    url = f"/children/reports/new?client={people['mei']}"
    ben.post(url, ben.get(url).form() | {"situation": "injuries", "sentence": "SECRETWORD on the arm"})
    report = look(engine, ChildrenReport)[0]
    base, case = f"/children/reports/{report.id}", f"/children/cases/{report.case_id}"
    assert "SECRETWORD" in ben.get(base).text and case not in ben.get(base).text
    ben.get(case, status=404)
    ben.get(f"{base}/close", status=404)
    for name in ("chen", "tao", "eve"):
        browser = web(name)
        for path in (base, f"{base}/print"):
            assert browser.client.get(path, headers=browser.headers).status_code == 404, (name, path)
        assert browser.client.get(f"{base}/safety", headers=browser.headers).status_code in (403, 404)
        assert "SECRETWORD" not in browser.get("/children/reports").text
        assert browser.client.get(case, headers=browser.headers).status_code == 404
    for name in ("cora", "pia", "sam", "dee", "con"):
        browser = web(name)
        assert browser.client.get(base, headers=browser.headers).status_code in (403, 404)
        assert browser.client.get("/children/reports", headers=browser.headers).status_code == 403
    for name in ("chen", "tao"):
        browser = web(name)
        page = browser.get(f"/clients/{people['mei']}")
        browser.post(page.address + "", page.form() | {"purpose": "supervision"})
        words = browser.get(f"/clients/{people['mei']}").words
        assert "Mei" in words and "report" not in words.lower().replace("mandatory reports", ""), (
            "the opened file shows nothing of it"
        )
        assert report.report_no not in browser.get("/").text
    ben_api = web("ben")
    for path in (f"/cases/{report.case_id}", f"/cases/{report.case_id}/visits"):
        assert ben_api.api("GET", path).status_code == 404
    listed = ben_api.api("GET", "/cases?domain=children").json["items"]
    assert listed == []
    found = ben_api.post("/clients/search", {"q": "Mei"})
    assert "Mei" in found.words and "SECRETWORD" not in found.text
    assert "SECRETWORD" not in ben_api.post("/clients/duplicates", {"name": "Mei"}).text
    told = "".join(str(e.changes) + str(e.reason) + e.event for e in look(engine, AuditEntry))
    assert "SECRETWORD" not in told and "injuries" not in told


def test_a_child_found_on_the_road_is_on_file_with_the_report(engine: Any, web: Any, people: Any) -> None:
    bo = web("bo")
    page = bo.get("/children/reports/new")
    wrong = bo.post(
        "/children/reports/new", page.form() | {"situation": "unattended", "sentence": "一个人在车站", "age": "99"}, status=422
    )
    assert "Under 18" in wrong.words and "一个人在车站" in wrong.text, "the message at its field, the text kept"
    bo.post("/children/reports/new", wrong.form() | {"age": "6", "sex": "2"})
    report = look(engine, ChildrenReport)[0]
    child = look(engine, c.Client, c.Client.id == report.client_id)[0]
    assert child.klass == "minor" and child.birth_precision == "estimate"
    line = web("ben").get("/clients").text
    assert child.name in line and "车站" not in line
    seen = bo.post("/children/reports/who", {"name": "Mei"})
    assert str(people["mei"]) in seen.text and str(people["tang"]) not in seen.text
    bo.post(
        "/children/reports/new",
        page.form() | {"op_id": "another-operation", "situation": "other", "sentence": "x", "client_id": str(people["tang"])},
        status=404,
    )


def test_two_write_the_facts_at_once(engine: Any, web: Any, people: Any) -> None:
    bo, ann = web("bo"), web("ann")
    url = f"/children/reports/new?client={people['mei']}"
    bo.post(url, bo.get(url).form() | {"situation": "other", "sentence": "x"})
    base = f"/children/reports/{look(engine, ChildrenReport)[0].id}"
    mine, theirs = bo.get(f"{base}/facts").form(), ann.get(f"{base}/facts").form()
    ann.post(f"{base}/facts", theirs | {"seen": "邻居说的"})
    page = bo.post(f"{base}/facts", mine | {"seen": "老师说的"}, status=409)
    assert "老师说的" in page.text and "邻居说的" in page.text


def test_statements_of_the_ledger_and_of_today_do_not_grow(engine: Any, web: Any, people: Any, statements: Any) -> None:
    ann = web("ann")

    def more(count: int) -> None:
        with engine.app.app_context(), system_session("rows", write=True) as session:
            for number in range(count):
                children.lay(session, engine.cast, "Riverside", engine.cast.users["bo"])
                children.child(session, engine.cast, "Riverside", f"kid {number}", engine.cast.users["bo"], years=14)

    def count() -> list[int]:
        found = []
        for url in ("/children/reports", "/"):
            with statements() as sent:
                ann.get(url)
            found.append(len(sent))
        return found

    more(1)
    count()
    first = count()
    more(40)
    assert count() == first


def test_care_and_safety(engine: Any, web: Any, people: Any) -> None:
    bo, eve = web("bo"), web("eve")
    base = f"/children/cases/{people['case']}"
    url = f"{base}/care/delegations/new"
    form = bo.get(url).form() | {
        "given_by": "mother", "delegate_name": "李奶奶", "relation": "grandmother", "birth_year": "1962", "reason": "work", "child_heard": "true",
    }  # fmt: skip
    page = bo.post(url, form, status=422)
    assert page.words.count("Ask, and say yes or no.") >= 4, "every reason against it is asked for"
    bars = {f"bar_{code}": "false" for code in ("harm", "habits", "neglect", "unfit")}
    page = bo.post(url, form | bars | {"bar_habits": "true"}, status=422)
    assert "may not be entrusted" in page.words and not look(engine, ChildrenDelegation)
    page = bo.post(url, form | bars | {"birth_year": str(clock.today().year - 12)}, status=422)
    assert "at least 18" in page.words and "李奶奶" in page.text
    bo.post(url, form | bars | {"child_heard": ""}, status=422)
    page = bo.post(url, form | bars)
    assert page.address.endswith("/print") and "李奶奶" in page.text
    bo.post(url, form | bars | {"op_id": "a-second-operation"}, status=409)
    row = look(engine, ChildrenDelegation)[0]
    end = f"{base}/care/delegations/{row.id}/end"
    bo.post(end, bo.get(end).form() | {"end_reason": "returned"})
    bo.post(end, {"version": "1", "ended_on": clock.today().isoformat(), "end_reason": "returned"}, status=409)

    bo.post(
        f"{base}/edit", bo.get(f"{base}/edit").form() | {"father_state": "away", "mother_state": "away", "own_view": "想妈妈"}
    )
    assert "No word from absent parents" in bo.get(base).words
    bo.post(f"{base}/care/contacts/new", bo.get(f"{base}/care").form("/care/contacts/new") | {"who": "mother"})
    assert "No word from absent parents" not in bo.get(base).words
    bo.post(f"{base}/care/contacts/new", bo.get(f"{base}/care/contacts/new").form(), status=422)
    entry = look(engine, ChildrenContact)[0]
    bo.post(f"{base}/care/contact/{entry.id}/void")
    assert look(engine, ChildrenContact)[0].voided_at is not None and "No word from absent parents" in bo.get(base).words

    url = f"{base}/care/safety/new"
    assert "item_alone" not in bo.get(url).names(), "nine years old: that line is not asked"
    bo.post(url, bo.get(url).form(), status=422)
    bo.post(url, bo.get(url).form() | {"item_water": "gap", "item_fire": "ok"})
    assert look(engine, ChildrenSafetyCheck)[0].gaps == 1 and "1 hazard" in bo.get(f"{base}/care").words
    for path in (f"{base}/care", f"{base}/care/delegations/{row.id}/print"):
        assert eve.client.get(path, headers=eve.headers).status_code == 404


def test_gates_of_a_childs_case(engine: Any, web: Any, people: Any) -> None:
    bo = web("bo")
    with engine.app.app_context(), system_session("back", write=True) as session:
        session.get(c.Case, people["case"]).status = "assessing"
    page = bo.get(f"/children/cases/{people['case']}/steps/plan")
    for words in ("guardianship assessment", "own view", "Needs must be written"):
        assert words in page.words
    bo.post(f"/children/cases/{people['case']}/steps/plan", page.form(), status=409)
    with engine.app.app_context(), system_session("consent of the child itself", write=True) as session:
        session.get(c.Case, people["case"]).status = "intake"
        mei = session.get(c.Client, people["mei"])
        consent = c.Consent(
            client_id=mei.id, basis="consent", text_version="1", language="zh", scopes=["service"], signer="self", signed_on=clock.today(), created_at=clock.now()
        )  # fmt: skip
        consent.belongs_to(mei)
        session.add(consent)
    page = bo.get(f"/children/cases/{people['case']}/steps/accept")
    assert "a guardian must have agreed first" in page.words


def test_guardianship_meets_its_gate_and_comes_again_after_half_a_year(engine: Any, web: Any, people: Any) -> None:
    bo, base = web("bo"), f"/children/cases/{people['case']}"
    with engine.app.app_context(), system_session("back", write=True) as session:
        session.get(c.Case, people["case"]).status = "assessing"
    url = f"{base}/assessments/child_guardianship/new"
    page = bo.post(url, bo.get(url).form() | answers.fields("child_guardianship", c1=1) | {"finish": "1"})
    gate = "guardianship assessment with a confirmed level"
    assert gate in bo.get(f"{base}/steps/plan").words, "computed is not confirmed"
    bo.post(page.address, page.form() | {"level": "none"})
    assert gate not in bo.get(f"{base}/steps/plan").words and "no risk" in bo.get(base).words
    assert look(engine, c.Assessment)[0].due_on == dates.add_months(clock.today(), 6)


def test_a_red_flag_leads_to_the_report(engine: Any, web: Any, people: Any) -> None:
    """The head is told, the worker has the nine situations on Today, and the red button stands beside result and task."""
    bo, ann, base = web("bo"), web("ann"), f"/children/cases/{people['case']}"
    url = f"{base}/assessments/child_guardianship/new"
    page = bo.post(url, bo.get(url).form() | answers.fields("child_guardianship", f3=1) | {"finish": "1"})
    there = [f"/children/reports/new?client={people['mei']}"]
    assert button(page) == there and "the mandatory report today" in page.words and "high risk" in page.words
    task = look(engine, c.Task, c.Task.kind == "mandatory_screen")[0]
    assert "check for the mandatory report" in bo.get("/").words.lower() and button(bo.get(f"/tasks/{task.id}")) == there
    assert "told of a crisis" in ann.get("/").words.lower()
    bo.post(there[0], bo.get(there[0]).form() | {"situation": "unattended", "sentence": "alone for two days"})
    assert look(engine, c.Task, c.Task.kind == "mandatory_screen")[0].state == "done", "the report is the answer"
    asked = look(engine, c.Task, c.Task.kind == "report_assessment")[0]
    bo.post(url, bo.get(url).form() | answers.fields("child_guardianship", f3=1) | {"finish": "1"})
    assert (asked.state, look(engine, c.Task, c.Task.id == asked.id)[0].state) == ("open", "done")


def test_what_the_author_typed_waits_although_the_file_is_closed(engine: Any, web: Any, people: Any) -> None:
    ben = web("ben")
    url = f"/children/reports/new?client={people['mei']}"
    ben.post(url, ben.get(url).form() | {"situation": "other", "sentence": "x"})
    base = f"/children/reports/{look(engine, ChildrenReport)[0].id}"
    form = ben.get(f"{base}/facts").form() | {"seen": "写到一半"}
    ben.post("/drafts", form)
    page = ben.get("/account/drafts")
    link = next(tag["href"] for tag in page.soup.select("main a[href*='draft']") if "drafts/" in tag["href"])
    assert "写到一半" in ben.get(link).text
