"""One life on both engines: registered, visited, a case opened, assessed, planned, returned, approved, closed; strangers see nothing."""

from datetime import timedelta

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from caseapp.models.casework import Case, Client, Review
from caseapp.models.trust import AuditEntry


def number(first17: str) -> str:
    """A citizen number with its right check character; the person is invented."""
    return first17 + check_digit(first17)


def register(bo, **more):
    page = bo.get("/clients/new")
    data = page.form() | {
        "name": "王淑华",
        "sex": "2",
        "birth": "1945-03-02",
        "document_kind": "111",
        "document_number": number("22240319450302122"),
        "residence_code": "222403101201",
        "contact_kind": "own",
        "contact_phone": "13800002206",
        "emergency_kind": "relative",
        "emergency_name": "李志强",
        "emergency_relation": "son",
        "emergency_phone": "13900001111",
        "tags": ["EL02"],
    }
    return bo.post("/clients/new", data | more)


def one(engine, model, *where):
    with engine.app.app_context(), system_session("look") as session:
        found = session.scalars(select(model).where(*where)).one()
        session.expunge(found)
        return found


def test_from_the_knock_on_the_door_to_a_closed_case(engine, web):
    bo, ann, chen, tao = web("bo"), web("ann"), web("chen"), web("tao")
    page = register(bo)
    assert "王淑华" in page.words and "No consent" in page.words
    assert number("22240319450302122") not in page.text, "numbers are masked"
    client = one(engine, Client, Client.name == "王淑华")
    assert client.next_visit_on is not None and client.klass == "P2"

    # a visit without a case
    url = f"/visits/new?client={client.id}"
    bo.post(url, bo.get(url).form() | {"outcome": "done", "note": "头晕两天"})
    assert "头晕两天" in bo.get(f"/clients/{client.id}").words

    # consent, case
    url = f"/clients/{client.id}/consents/new"
    bo.post(url, bo.get(url).form() | {"basis": "consent", "scopes": ["service", "sensitive"], "paper_place": "柜1"})
    url = f"/elderly/cases/new?client={client.id}"
    bo.post(url, bo.get(url).form() | {"source": "visit", "risk": "orange", "risk_reason": "独居跌倒", "request": "怕再摔"})
    case = one(engine, Case, Case.client_id == client.id)
    base = f"/elderly/cases/{case.id}"
    step(bo, base, "accept")

    # the plan waits for needs and an assessment
    page = bo.get(f"{base}/steps/plan")
    assert "Needs must be written" in page.words and "ability assessment" in page.words
    bo.post(f"{base}/steps/plan", page.form(), status=409)
    bo.post(f"{base}/edit", bo.get(f"{base}/edit").form() | {"needs": "夜里起身不稳", "lives_alone": "true"})
    assess(bo, base)
    step(bo, base, "plan")

    # plan: sent, returned by the supervisor, changed, approved
    plan = plan_form(bo, base)
    bo.post(f"{base}/plan/edit", plan)
    ask(bo, base, "plan")
    bo.get(f"{base}/steps/serve")
    bo.post(f"{base}/steps/serve", bo.get(f"{base}/steps/serve").form(), status=409)
    review = latest(engine, case.id, "plan")
    assert (
        "You asked for this" in bo.get(f"/reviews/{review.id}").words or "Another role" in bo.get(f"/reviews/{review.id}").words
    )
    ann.post(f"/reviews/{review.id}", {"version": "1", "approve": "1"}, status=403)
    chen.post(f"/reviews/{review.id}", {"version": "1", "return": "1"}, status=422)
    chen.post(f"/reviews/{review.id}", {"version": "1", "return": "1", "text": "目标要能看见"})
    assert "目标要能看见" in bo.get(base).words
    bo.post(f"{base}/plan/edit", bo.get(f"{base}/plan/edit").form() | {"goals-0-target": "每周不超过一次"})
    ask(bo, base, "plan")
    review = latest(engine, case.id, "plan")
    assert review.round == 2
    page = chen.get(f"/reviews/{review.id}")
    assert page.soup.select("ins"), "what changed since the last time is shown"
    chen.post(f"/reviews/{review.id}", {"version": "1", "approve": "1"})
    step(bo, base, "serve")

    # a visit in the case fells nothing; a change of the plan does
    url = f"/visits/new?client={client.id}&case={case.id}"
    bo.post(url, bo.get(url).form() | {"outcome": "done", "note": "走得稳些"})
    assert latest(engine, case.id, "plan").state == "approved"
    assert "走得稳些" in bo.get(base).words

    # closing: the township returns, then approves; the worker closes; the head sees both
    step(bo, base, "evaluate")
    url = f"{base}/close"
    form = bo.get(url).form()
    outcome = next(name for name in bo.get(url).names() if name.startswith("outcome_"))
    bo.post(url, form | {"reason": "achieved", outcome: "reached", "own_view": "好多了", "send": "1"})
    review = latest(engine, case.id, "closure")
    tao.post(f"/reviews/{review.id}", {"version": "1", "return": "1", "text": "缺跟进安排"})
    bo.post(url, bo.get(url).form() | {"follow_up": "三个月后回访", "send": "1"})
    review = latest(engine, case.id, "closure")
    bo.post(f"{base}/steps/close", bo.get(f"{base}/steps/close").form(), status=409)
    tao.post(f"/reviews/{review.id}", {"version": "1", "approve": "1"})
    step(bo, base, "close")
    case = one(engine, Case, Case.id == case.id)
    assert (case.status, case.closing_reason) == ("closed", "achieved")
    words = ann.get(base).words
    assert ("缺跟进安排" in words and "Approved" in words.title()) or "approved" in words

    # strangers
    for name in ("eve", "far", "cora", "sam", "dee"):
        stranger = web(name)
        assert stranger.client.get(base, headers=stranger.headers).status_code in (403, 404)
        assert stranger.client.get(f"/clients/{client.id}", headers=stranger.headers).status_code in (403, 404)
    with engine.app.app_context(), system_session("look") as session:
        events = set(session.scalars(select(AuditEntry.event)))
    assert {"client.registered", "case.opened", "review.returned", "review.approved", "case.close"} <= events


def step(browser, base, name):
    """Takes one step of the workflow."""
    url = f"{base}/steps/{name}"
    return browser.post(url, browser.get(url).form())


def assess(bo, base):
    """Every item at its best, then the level confirmed."""
    url = f"{base}/assessments/gbt42195/new"
    page = bo.get(url)
    answers = {}
    for name in {tag["name"] for tag in page.soup.select("input[name^=item_]")}:
        options = [int(tag["value"]) for tag in page.soup.select(f'input[name="{name}"]')]
        answers[name] = str(max(options))
    page = bo.post(url, page.form() | answers | {"finish": "1"})
    bo.post(page.address, page.form())


def plan_form(bo, base):
    """One goal, one service, agreed."""
    due = (clock.today() + timedelta(days=60)).isoformat()
    return bo.get(f"{base}/plan/edit").form() | {
        "aim": "安全地在家生活",
        "goals-0-text": "室内外行走不摔跤",
        "goals-0-target": "不摔跤",
        "goals-0-due_on": due,
        "agreed_by": "self",
        "agreed_how": "signed",
        "agreed_on": clock.today().isoformat(),
    }


def ask(bo, base, kind):
    """Sends for review."""
    url = f"{base}/reviews/new?kind={kind}"
    return bo.post(url, bo.get(url).form() | {"kind": kind})


def latest(engine, case_id, kind):
    """The last review of a kind."""
    with engine.app.app_context(), system_session("look") as session:
        query = select(Review).where(Review.case_id == case_id, Review.kind == kind).order_by(Review.asked_at.desc())
        found = session.scalars(query.limit(1)).one()
        session.expunge(found)
        return found
