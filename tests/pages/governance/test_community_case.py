"""A case about a community on both engines: from the village's call to the archive, with a project; no person, no consent, no visit."""

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models.casework import Case, ServiceRecord
from caseapp.models.details.governance import GovernanceDelivery, GovernanceProject
from caseapp.models.trust import AuditEntry
from tests.pages.governance.story import day, opened, row, step, survey


def decide(browser, engine, case_id, kind):
    from caseapp.models.casework import Review

    review = row(engine, Review, Review.case_id == case_id, Review.kind == kind, Review.state == "open")
    browser.get(f"/reviews/{review.id}")
    return browser.post(f"/reviews/{review.id}", {"version": "1", "approve": "1"})


def test_from_a_call_to_a_closed_case(engine, web):
    bo, chen, tao = web("bo"), web("chen"), web("tao")
    choose = bo.get("/governance/cases/new").words
    assert "Open a case about a community" in choose
    paper = survey(bo)
    case = opened(bo)
    stored = row(engine, Case, Case.community_name == "北屯")
    assert (stored.klass, stored.subject_kind, stored.next_step) == ("P1", "community", "intake")
    page = bo.get(case)
    assert "北屯" in page.words and "Safety hazards" in page.words
    main = page.soup.select_one("main").get_text(" ")
    assert "Record a visit" not in main and "consent" not in main and "isits" not in main and "Record a service" in main

    step(bo, case, "steps/accept")
    url = f"{case}/edit"
    bo.post(url, bo.get(url).form() | {"needs": "老人冬天没有活动的地方", "strengths": "村部二楼空着", "residents": "240"})
    step(bo, case, "steps/plan")
    url = f"{case}/plan/edit"
    page = bo.get(url)
    assert "visit_days" not in page.names(), "nobody visits a community"
    goal = {"goals-0-text": "每周有一次活动", "goals-0-due_on": day(90), "goals-0-baseline": "没有", "goals-0-target": "每周"}
    bo.post(url, page.form() | goal)
    ask = f"{case}/reviews/new?kind=plan"
    assert "residents or their committee" in bo.post(ask, bo.get(ask).form(), status=409).words
    page = bo.get(url)
    assert [one["value"] for one in page.soup.select("[name=agreed_by]")] == ["committee", "residents"]
    bo.post(url, page.form() | {"agreed_by": "residents", "agreed_how": "spoken", "agreed_on": day()})
    bo.post(ask, bo.get(ask).form())
    decide(chen, engine, stored.id, "plan")

    # a project that was begun asks for targets and steps before it is delivered
    url = f"{case}/project/edit"
    sheet = {"name": "暖冬活动室", "survey_id": paper.rsplit("/", 1)[1]}
    bo.post(url, bo.get(url).form() | sheet)
    assert "needs a target" in bo.get(case).words
    page = bo.get(f"{case}/steps/serve")
    assert "needs a target" in bo.post(f"{case}/steps/serve", page.form(), status=409).words
    steps = {"steps-0-text": "收拾村部二楼", "steps-0-due_on": day(7), "steps-0-who": "社工站"}
    page = bo.post(url, bo.get(url).form() | {"target_times": "10", "target_attendances": "200", "budget": "3000"} | steps)
    assert "收拾村部二楼" in page.words and "冬天没有地方活动" in page.words, "the survey's findings stand under the need"
    step(bo, case, "steps/serve")
    assert row(engine, Case, Case.id == stored.id).next_step == "review_plan"

    # delivery: head count, who took part
    assert "At least one visit or service" in bo.get(case).words
    url = f"/governance/services/new?case={stored.id}"
    given = {"item": "D2.2", "head_count": "26", "persons": "20", "volunteers": "4", "volunteer_hours": "8", "place": "村部"}
    page = bo.post(
        url, bo.get(url).form() | given | {"parties": ["community", "organisation", "worker", "volunteers"], "minutes": "90"}
    )
    assert "26" in page.words and "8 h" in page.words and "Three-way linkage" in page.words
    record = row(engine, ServiceRecord, ServiceRecord.case_id == stored.id)
    assert (record.head_count, record.kind, record.client_id) == (26, "case", None)
    assert "26 attendances" in bo.get(case).words, "what was delivered stands in the story of the case"
    sheet = bo.get(f"{case}/project/print").words
    assert "暖冬活动室" in sheet and "Printed by Bo" in sheet and "13 %" in sheet

    step(bo, case, "steps/evaluate")
    close = bo.get(f"{case}/close")
    outcome = next(name for name in close.names() if name.startswith("outcome_"))
    given = {"reason": "achieved", outcome: "reached", "send": "1"}
    assert "deceased" not in [one["value"] for one in close.soup.select("[name=reason]")]
    refused = bo.post(f"{case}/close", close.form() | given, status=409)
    assert "result of the project" in refused.words
    url = f"{case}/project/result"
    bo.post(
        url, bo.get(url).form() | {"reached": "partly", "persons": "38", "result": "老人每周来一次", "lessons": "下次早点贴通知"}
    )
    close = bo.get(f"{case}/close")
    bo.post(f"{case}/close", close.form() | given)
    assert row(engine, Case, Case.id == stored.id).status == "closing"
    decide(tao, engine, stored.id, "closure")
    step(bo, case, "steps/close")
    ended = row(engine, Case, Case.id == stored.id)
    assert ended.status == "closed" and ended.next_visit_on is None and ended.next_step == "archive"
    step(bo, case, "steps/archive")
    for page in ("", "/history", "/print", "/project", "/plan"):
        assert "北屯" in bo.get(case + page).words or page == "/plan"
    project = row(engine, GovernanceProject, GovernanceProject.case_id == stored.id)
    assert project.steps[0]["text"] == "收拾村部二楼"
    with engine.app.app_context(), system_session("look") as session:
        events = set(session.scalars(select(AuditEntry.event)))
    assert {
        "governance.project_written",
        "governance.project_result",
        "governance.delivered",
        "governance.project_printed",
    } <= events


def test_every_page_of_a_community_case_is_there_for_whoever_reads_files(engine, web):
    """What expects a person elsewhere says so with a page and not with an error."""
    bo = web("bo")
    case = opened(bo)
    for page in ("visits", "assessments", "assign", "risk", "reviews/new", "named", "restrict", "steps/accept", "decline"):
        answer = bo.client.get(f"{case}/{page}", headers=bo.headers)
        assert answer.status_code in (200, 403, 404), (page, answer.status_code)
    for name in ("ann", "chen", "tao"):
        page = web(name).get(case)
        assert "北屯" in page.words
    assert "北屯" in web("ann").get("/cases").words and "北屯" in bo.get("/").words
    found = bo.post("/clients/search", {"q": "北屯"})
    assert found.soup.select(f"main a[href='{case}']"), "a search by name finds the community"
    eve = web("eve")
    assert "北屯" not in eve.post("/clients/search", {"q": "北屯"}).soup.select_one("main").get_text()
    assert not bo.post("/clients/search", {"q": "%屯"}).soup.select(f"main a[href='{case}']")
    for page in ("", "/project", "/project/edit", "/project/print", "/edit"):
        eve.get(case + page, status=404)


def test_the_api_takes_a_community_and_gives_it_back(engine, web):
    bo = web("bo")
    body = {
        "domain": "governance",
        "community_code": "222403101201",
        "source": "village",
        "found_on": day(),
        "detail": {"matters": ["roads"]},
    }
    made = bo.api("POST", "/cases", body, status=201).json
    assert made["community_code"] == "222403101201" and made["client_id"] is None
    case = made["id"]
    assert bo.api("GET", f"/cases/{case}", status=200).json["community_name"] == "East village"
    assert bo.api("POST", "/cases", body, status=409).json["code"] == "already_open"
    bo.api("POST", "/cases", body | {"community_code": "999999999999"}, status=422)
    bo.api("POST", "/cases", body | {"domain": "elderly"}, status=422)
    visit = {"outcome": "done", "happened_on": day(), "kind": "home"}
    assert bo.api("POST", f"/cases/{case}/visits", visit).status_code in (404, 409, 422)
    refused = bo.api(
        "POST", f"/cases/{case}/assessments", {"instrument": "gbt42195", "assessed_on": day(), "reason": "first", "answers": {}}
    )
    assert refused.status_code in (404, 409, 422)
    service = {"kind": "case", "case_id": case, "item": "D2.2", "happened_on": day(), "head_count": 12}
    assert bo.api("POST", "/services", service, status=201).json["head_count"] == 12


def test_a_person_of_the_domain_has_no_project(engine, web):
    from tests import rows

    with engine.app.app_context(), system_session("rows", write=True) as session:
        person = rows.client(session, engine.cast, "Riverside", "Wang", worker_id=engine.cast.users["bo"])
        key = rows.case(session, person, engine.cast.users["bo"], domain="governance").id
    bo = web("bo")
    page = bo.get(f"/governance/cases/{key}")
    assert "No project yet" not in page.words and "Record a visit" in page.words
    bo.get(f"/governance/cases/{key}/project", status=404)
    refused = bo.post(
        "/governance/services/new",
        bo.get("/governance/services/new").form() | {"item": "D2.2", "head_count": "3", "case_id": str(key)},
        status=422,
    )
    assert "Choose one of the answers offered" in refused.words
    with engine.app.app_context(), system_session("look") as session:
        assert session.scalars(select(GovernanceDelivery)).all() == []
