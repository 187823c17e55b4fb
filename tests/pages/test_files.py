"""Files by page: papers that say something else, groups, consent taken back, restricted files, comments, and every form with two editors."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from caseapp.models.casework import Case, Client, Goal, Household, Plan, Review, TargetTag, VillageContact
from tests import rows
from tests.pages.test_one_life import assess, plan_form, step

NUMBER = "22240319450302122" + check_digit("22240319450302122")  # of an invented person
GOOD = {"name": "王淑华", "sex": "2", "birth": "1945-03-02", "no_document_reason": "lost"}


@pytest.fixture
def wang(engine):
    """Wang of Riverside, Bo's, and a case of hers in service with a plan."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = engine.cast.users["bo"]
        client = rows.client(session, engine.cast, "Riverside", "Wang", worker_id=bo)
        case = rows.case(session, client, bo, status="serving", risk_reason="alone")
        plan = Plan(case_id=case.id, number=1, state="draft", starts_on=clock.today(), created_at=clock.now(), written_by=[])
        plan.belongs_to(case)
        session.add(plan)
        session.flush()
        goal = Goal(plan_id=plan.id, position=1, due_on=clock.today(), progress=0, dropped=False, created_at=clock.now())
        goal.text = "walks safely"
        goal.belongs_to(case)
        session.add(goal)
        session.flush()
        return {"client": f"/clients/{client.id}", "case": f"/elderly/cases/{case.id}", "goal": goal.id, "id": client.id}


def one(engine, model, *where):
    with engine.app.app_context(), system_session("look") as session:
        found = session.scalars(select(model).where(*where)).one()
        session.expunge(found)
        return found


def follow(page, words):
    """The address behind a link of that name."""
    return next(a["href"] for a in page.soup.select("main a") if words in a.get_text(" "))


# ---- people


def test_a_paper_that_says_something_else_is_asked_about_and_nothing_is_lost(engine, web):
    bo = web("bo")
    sent = bo.get("/clients/new").form() | GOOD | {"document_kind": "111", "document_number": NUMBER, "no_document_reason": ""}
    page = bo.post("/clients/new", sent | {"birth": "1946", "note": "by the river"}, status=422)
    assert "Which is right?" in page.words and page.soup.select_one('[name="document_if_differs"]')
    assert "by the river" in page.text
    page = bo.post("/clients/new", page.form() | {"document_if_differs": "document"})
    assert "On file under" in page.words
    assert one(engine, Client).birth_on.year == 1945


def test_groups_are_confirmed_ended_or_never_held(engine, web, wang):
    bo = web("bo")
    url = f"{wang['client']}/tags/new"
    page = bo.post(url, bo.get(url).form() | {"code": "EL03", "status": "suspected", "basis": "neighbour"})
    confirm = follow(page, "confirm")
    bo.post(confirm, bo.get(confirm).form() | {"basis": ""}, status=422)
    page = bo.post(confirm, bo.get(confirm).form() | {"basis": "village list"})
    assert one(engine, TargetTag).status == "confirmed"
    never = follow(page, "never held")
    page = bo.post(never, bo.get(never).form() | {"reason": "mixed up"})
    assert one(engine, TargetTag).status == "cancelled"
    web("tao").get(url, status=403)
    web("eve").get(url, status=404)


def test_consent_taken_back_says_what_stops_and_every_form_keeps_the_words(engine, web, wang):
    bo = web("bo")
    url = f"{wang['client']}/consents/new"
    bo.post(url, bo.get(url).form() | {"basis": "consent", "scopes": ["service"], "paper_place": "box 1"})
    page = bo.get(f"{wang['client']}/consents")
    back = next(a["href"] for a in page.soup.select("a") if a.get("href", "").endswith("/withdraw"))
    assert bo.get(back).soup.select_one("main form"), "one page away, as giving is"
    bo.post(back, bo.get(back).form())
    assert "Consent was taken back" in bo.get(wang["client"]).words
    for path, typed in (
        (f"/visits/new?client={wang['id']}", {"outcome": "done", "note": "typed with care"}),
        (f"{wang['client']}/edit", {"note": "typed with care"}),
        (f"{wang['case']}/plan/edit", {"aim": "typed with care"}),
    ):
        page = bo.post(path, bo.get(path).form() | typed, status=409)
        assert "consent was taken back" in page.words and "typed with care" in page.text, path
    assert "consent" in web("ann").get("/").words.lower(), "the head is asked to settle what follows"


# ---- restricted files


def test_a_case_is_shut_and_the_head_names_who_reviews_it(engine, web, wang):
    bo, ann, chen = web("bo"), web("ann"), web("chen")
    page = bo.get(f"{wang['case']}/restrict")
    assert "persons named on it" in page.words
    bo.post(f"{wang['case']}/restrict", page.form() | {"reason": ""}, status=422)
    page = bo.post(f"{wang['case']}/restrict", page.form() | {"reason": "violence at home"})
    assert "Restricted file" in page.words
    bo.get(f"{wang['case']}/named", status=403)
    web("ben").get(wang["case"], status=404)
    chen.get(wang["case"], status=404)
    url = f"{wang['case']}/named"
    page = ann.post(url, ann.get(url).form() | {"user_id": str(engine.cast.users["chen"])})
    assert "Chen" in page.words and "named by the head" in page.words
    assert "Restricted file" in chen.get(wang["case"]).words
    end = next(f["action"] for f in page.soup.select("main form") if f["action"].endswith("/end"))
    page = ann.post(end, {})
    assert "named by the head" not in page.words
    chen.get(wang["case"], status=404)
    url = f"{wang['case']}/tags/new"
    page = bo.post(url, bo.get(url).form() | {"code": "MD01", "status": "confirmed"})
    assert "Target groups of this file" in page.words
    assert one(engine, TargetTag).klass == "P3"
    web("ben").get(url, status=404)


# ---- comments


def test_comments_stand_at_the_file_and_at_the_plan(web, wang):
    bo, chen, ann = web("bo"), web("chen"), web("ann")
    page = chen.get(wang["case"])
    action = next(f["action"] for f in page.soup.select("form") if f.get("action", "").endswith("/comments"))
    form = page.form("/comments")
    chen.post(action, form | {"text": "how is she at night?"})
    chen.post(action, form | {"text": "let us talk", "private": "y", "op_id": "another-one-1"})
    words = bo.get(wang["case"]).words
    assert "how is she at night?" in words and "let us talk" in words and "only for the worker" in words
    words = ann.get(wang["case"]).words
    assert "how is she at night?" in words and "let us talk" not in words
    plan = f"{wang['case']}/plan"
    assert chen.get(plan).soup.select('form[action$="/comments"]')
    for left in (1, 0):
        settle = bo.get(wang["case"]).soup.select('form[action$="/settle"]')
        page = bo.post(settle[0]["action"], {})
        assert len(page.soup.select('form[action$="/settle"]')) == left
    assert "Settled" in page.words
    web("tao").get(wang["case"])


# ---- two editors


def conflicting(first, second, url, mine, theirs):
    """Both opened the form; the other saved first. The answer to the second."""
    drawn, there = second.get(url).form(), first.get(url).form()
    first.post(url, there | theirs)
    page = second.post(url, drawn | mine, status=409)
    assert "saved" in page.words
    return page


def test_two_editors_of_a_plan(engine, web, wang):
    bo, ann = web("bo"), web("ann")
    url = f"{wang['case']}/plan/edit"
    page = conflicting(ann, bo, url, {"aim": "by Bo", "goals-0-text": "walks, says Bo"}, {"aim": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words and "walks, says Bo" in page.words
    bo.post(url, page.form() | {"keep-aim": "both"})
    plan = one(engine, Plan)
    assert "by Ann" in plan.aim and "by Bo" in plan.aim
    assert one(engine, Goal).text == "walks, says Bo"


def test_two_editors_of_what_is_known_of_a_case(web, wang):
    page = conflicting(web("ann"), web("bo"), f"{wang['case']}/edit", {"needs": "by Bo"}, {"needs": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words


def test_two_editors_of_a_goal(web, wang):
    url = f"{wang['case']}/plan/goals/{wang['goal']}"
    page = conflicting(web("ann"), web("bo"), url, {"progress": "2", "now": "by Bo"}, {"progress": "1", "now": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words


def test_two_editors_of_a_closing(engine, web, wang):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.scalars(select(Case)).one().status = "evaluating"
    url = f"{wang['case']}/close"
    outcome = {f"outcome_{wang['goal']}": "reached", "reason": "achieved"}
    page = conflicting(web("ann"), web("bo"), url, outcome | {"own_view": "by Bo"}, outcome | {"own_view": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words
    assert one(engine, Case).closing["own_view"] == "by Ann"


def test_two_editors_of_a_household_and_a_village_contact(engine, web, wang):
    bo, ann = web("bo"), web("ann")
    bo.post("/households/new", bo.get("/households/new").form() | {"name": "Home"})
    home = one(engine, Household)
    page = conflicting(ann, bo, f"/households/{home.id}/edit", {"note": "by Bo"}, {"note": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words
    new = bo.get("/villages/contacts/new").form() | {"division_code": "222403101201", "role": "cadre", "name": "金村长"}
    bo.post("/villages/contacts/new", new)
    contact = one(engine, VillageContact)
    page = conflicting(ann, bo, f"/villages/contacts/{contact.id}/edit", {"note": "by Bo"}, {"note": "by Ann"})
    assert "by Bo" in page.words and "by Ann" in page.words


def test_two_editors_of_the_words_of_a_visit(engine, web, wang):
    bo, twin = web("bo"), web("bo")
    url = f"/visits/new?client={wang['id']}"
    page = bo.post(url, bo.get(url).form() | {"outcome": "done", "note": "first"})
    found = re.search(r"/visits/([0-9a-f-]{36})", page.text)
    url = f"/visits/{found[1]}/amend"
    page = conflicting(twin, bo, url, {"note": "on the phone"}, {"note": "at the desk"})
    assert "on the phone" in page.words and "at the desk" in page.words


# ---- a file by page, by hand


def test_a_plan_goes_back_and_a_closing_can_be_taken_back(engine, web):
    """The head decides where nobody supervises; the worker takes a request back."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo_id = engine.cast.users["bo"]
        person = rows.client(session, engine.cast, "Riverside", "Zhao", worker_id=bo_id)
        case = rows.case(session, person, bo_id, status="assessing", risk_reason="alone")
        base = f"/elderly/cases/{case.id}"
    bo = web("bo")
    bo.post(f"{base}/edit", bo.get(f"{base}/edit").form() | {"needs": "unsteady"})
    assess(bo, base)
    step(bo, base, "plan")
    bo.post(f"{base}/plan/edit", plan_form(bo, base))
    url = f"{base}/reviews/new?kind=plan"
    bo.post(url, bo.get(url).form() | {"kind": "plan"})
    review = one(engine, Review)
    withdraw = next(f["action"] for f in bo.get(f"/reviews/{review.id}").soup.select("form") if f["action"].endswith("/withdraw"))
    web("ben").post(withdraw, {}, status=403)
    bo.post(withdraw, {})
    assert one(engine, Review).state == "withdrawn" and one(engine, Plan).state == "draft"


def test_what_a_stay_leaves_and_that_it_can_begin_again(engine, web, wang):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.delete(session.scalars(select(Goal)).one())
        session.delete(session.scalars(select(Plan)).one())
        session.flush()
        session.scalars(select(Case)).one().status = "closed"
    bo = web("bo")
    url = f"{wang['client']}/end"
    bo.post(url, bo.get(url).form() | {"reason": "other"}, status=422)
    page = bo.post(url, bo.get(url).form() | {"reason": "institution", "note": "home at Hilltown"})
    assert "The stay on file has ended" in page.words
    url = f"{wang['client']}/enrol"
    assert "On file again" in bo.post(url, bo.get(url).form()).words
    url = f"{wang['client']}/end"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    bo.post(url, bo.get(url).form() | {"reason": "deceased", "to_on": yesterday}, status=422)
    page = bo.post(url, bo.get(url).form() | {"reason": "deceased"})
    bo.get(f"{wang['client']}/enrol")
    assert one(engine, Client).deceased_on == clock.today()
