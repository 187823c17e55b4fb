"""Things done at the same moment by real threads, or twice: one record, one conflict, nothing lost (both engines)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit
from caseapp.models.casework import Case, Client, IdentityDocument, Plan, Review, Visit, VisitPerson
from tests import rows

NUMBER = "22240319450302122" + check_digit("22240319450302122")  # of an invented person
PERSON = {
    "name": "王淑华",
    "sex": "2",
    "birth": "1945-03-02",
    "document": {"kind": "111", "number": NUMBER},
    "residence_code": "222403101201",
}
WITHOUT = {**PERSON, "document": None, "no_document_reason": "lost"}


def at_once(*calls):
    """Runs all at the same moment; their results in order."""
    gate = Barrier(len(calls))

    def run(call):
        gate.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, call) for call in calls]]


def count(engine, model, *where):
    with engine.app.app_context(), system_session("count") as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


@pytest.fixture
def wang(engine):
    """Wang of Riverside, Bo being responsible."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        return rows.client(
            session, engine.cast, "Riverside", "Wang", worker_id=engine.cast.users["bo"], next_visit_on=clock.today()
        ).id


# ---- calls


def test_the_same_call_four_times_at_once_makes_one_record(engine, web):
    bo = [web("bo") for _ in range(4)]
    key = {"Idempotency_Key": "the-same-key-1"}
    answers = at_once(*[lambda b=b: b.api("POST", "/clients", PERSON, **key) for b in bo])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert count(engine, Client) == count(engine, IdentityDocument) == 1


def test_a_key_is_bound_to_body_path_user_and_grant(engine, web, wang):
    bo, ben = web("bo"), web("ben")
    key = {"Idempotency_Key": "the-same-key-2"}
    path = f"/clients/{wang}/visits"
    first = bo.api("POST", path, {"outcome": "done", "happened_on": clock.today().isoformat()}, 201, **key)
    again = bo.api("POST", path, {"outcome": "done", "happened_on": clock.today().isoformat()}, 201, **key)
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    other = bo.api("POST", path, {"outcome": "refused", "happened_on": clock.today().isoformat()}, 422, **key)
    assert other.json["code"] == "idempotency_key_reused"
    assert bo.api("POST", "/clients", WITHOUT, 422, **key).json["code"] == "idempotency_key_reused"
    theirs = ben.api("POST", path, {"outcome": "done", "happened_on": clock.today().isoformat()}, 201, **key)
    assert theirs.json["id"] != first.json["id"], "another person's key is another key"
    assert count(engine, Visit) == 2
    assert bo.api("POST", path, {}, Idempotency_Key="short").status_code == 422


def test_a_refusal_is_not_remembered(engine, web):
    bo, key = web("bo"), {"Idempotency_Key": "the-same-key-3"}
    bo.api("POST", "/clients", {**WITHOUT, "name": ""}, 422, **key)
    bo.api("POST", "/clients", WITHOUT, 201, **key)
    assert count(engine, Client) == 1


def test_two_people_with_one_number_at_once_are_one_person(engine, web):
    people = [web("bo"), web("ben"), web("ann")]
    answers = at_once(*[lambda b=b: b.api("POST", "/clients", PERSON) for b in people])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"already_on_file"}
    assert count(engine, Client) == 1


def test_numbers_run_without_a_double(engine, web):
    people = [web("bo"), web("ben"), web("ann"), web("bo")]
    answers = at_once(*[lambda b=b: b.api("POST", "/clients", WITHOUT, 201) for b in people])
    found = sorted(int(answer.json["file_no"].rsplit("-", 1)[1]) for answer in answers)
    assert found == list(range(found[0], found[0] + 4))


def test_two_cases_of_one_person_at_once_are_one_case(engine, web, wang):
    people = [web("bo"), web("ann"), web("ben")]
    body = {"domain": "elderly", "client_id": str(wang), "source": "visit", "found_on": clock.today().isoformat()}
    answers = at_once(*[lambda b=b: b.api("POST", "/cases", body) for b in people])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"already_open"}
    assert count(engine, Case) == 1


def test_two_answers_to_one_review_at_once_are_one_answer(engine, web, wang):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        case = rows.case(session, session.get(Client, wang), engine.cast.users["bo"], status="planning", risk_reason="alone")
        path = f"/cases/{case.id}"
    bo = web("bo")
    goals = [{"text": "walks", "due_on": (clock.today() + timedelta(days=30)).isoformat()}]
    agreed = {"agreed_on": clock.today().isoformat(), "agreed_by": "self", "agreed_how": "signed"}
    bo.api("POST", f"{path}/plans", {"starts_on": clock.today().isoformat(), "goals": goals, **agreed}, 201)
    asked = at_once(*[lambda b=b: b.api("POST", f"{path}/reviews", {"kind": "plan"}) for b in (web("bo"), web("ben"))])
    assert sorted(answer.status_code for answer in asked) == [201, 409]
    review = next(answer.json["id"] for answer in asked if answer.status_code == 201)
    one, two = web("chen"), web("chen")
    answers = at_once(
        lambda: one.api("POST", f"/reviews/{review}/approve", {"version": 1}),
        lambda: two.api("POST", f"/reviews/{review}/return", {"version": 1, "text": "say more"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    approved = answers[0].status_code == 200
    assert count(engine, Plan, Plan.state == ("approved" if approved else "returned")) == 1
    assert count(engine, Review, Review.state == ("approved" if approved else "returned")) == 1


def test_two_editors_at_once_one_is_told(engine, web, wang):
    bo, ann = web("bo"), web("ann")
    version = bo.api("GET", f"/clients/{wang}", status=200).json["version"]
    answers = at_once(
        lambda: bo.api("PATCH", f"/clients/{wang}", {"version": version, "note": "by Bo"}),
        lambda: ann.api("PATCH", f"/clients/{wang}", {"version": version, "note": "by Ann"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert told.json["code"] == "stale_version"
    assert bo.api("GET", f"/clients/{wang}", status=200).json["version"] == version + 1


def test_voided_once(engine, web, wang):
    bo = web("bo")
    visit = bo.api("POST", f"/clients/{wang}/visits", {"outcome": "done", "happened_on": clock.today().isoformat()}, 201).json
    path, body = f"/visits/{visit['id']}/void", {"reason": "typed twice", "version": visit["version"]}
    answers = at_once(*[lambda b=b: b.api("POST", path, body) for b in (web("bo"), web("ann"))])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_form_that_its_twin_outran_shows_what_the_twin_made(engine, web, wang):
    """Not the refusal: two clicks on "open the case" end on the case."""
    bo, twin = web("bo"), web("bo")
    url = f"/elderly/cases/new?client={wang}"
    data = bo.get(url).form() | {"source": "visit", "request": "afraid to fall"}
    pages = at_once(lambda: bo.post(url, data), lambda: twin.post(url, data | {"csrf_token": twin.csrf()}))
    assert len({page.address for page in pages}) == 1 and "/elderly/cases/" in pages[0].address
    assert count(engine, Case) == 1


# ---- pages


def test_a_double_click_saves_once_and_both_see_it(engine, web, wang):
    bo = web("bo")
    url = f"/visits/new?client={wang}"
    data = bo.get(url).form() | {"outcome": "done", "note": "slept badly"}
    twin = web("bo")
    pages = at_once(lambda: bo.post(url, data), lambda: twin.post(url, data | {"csrf_token": twin.csrf()}))
    assert all("slept badly" in page.words for page in pages)
    assert count(engine, Visit) == 1


def test_the_back_button_saves_nothing_twice_and_says_so(engine, web, wang):
    bo = web("bo")
    url = f"/visits/new?client={wang}"
    data = bo.get(url).form() | {"outcome": "done", "note": "slept badly"}
    bo.post(url, data)
    page = bo.post(url, data | {"note": "slept badly, ate well"})
    assert "This was saved before" in page.words and "slept badly" in page.words
    assert count(engine, Visit) == 1
    fresh = bo.get(url).form() | {"outcome": "done"}
    bo.post(url, fresh)
    assert count(engine, Visit) == 2, "a new form is a new visit"


def test_two_editors_on_pages_at_once_lose_no_word(engine, web, wang):
    bo, ann = web("bo"), web("ann")
    url = f"/clients/{wang}/edit"
    mine, theirs = bo.get(url).form() | {"note": "by Bo"}, ann.get(url).form() | {"note": "by Ann"}

    def send(browser, data):
        response = browser.client.post(url, data=data, headers=browser.headers)
        return response.status_code, response.text

    answers = at_once(lambda: send(bo, mine), lambda: send(ann, theirs))
    assert sorted(status for status, _text in answers) == [302, 409]
    told = next(text for status, text in answers if status == 409)
    assert "by Bo" in told and "by Ann" in told


def test_a_round_sent_twice_at_once_is_one_round(engine, web, wang):
    bo, twin = web("bo"), web("bo")
    url = "/visits/round?village=222403101201"
    page = bo.get(url)
    data = page.form() | {"persons-0-seen": "y"}
    pages = at_once(lambda: bo.post(url, data), lambda: twin.post(url, data | {"csrf_token": twin.csrf()}))
    assert {page.status for page in pages} == {200}
    assert count(engine, VisitPerson, VisitPerson.voided.is_(False)) == 1
