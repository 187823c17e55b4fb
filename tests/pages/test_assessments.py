"""Pages of assessments: every instrument in both languages, results beside the last, restricted ones, steps of a protocol."""

from typing import Any

import pytest
from sqlalchemy import select

from caseapp import domains, reference
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.casework import Assessment, Case, Task
from caseapp.services.casework import assessments as service
from tests import rows
from tests.answers import best, command, fields

DOMAIN = domains.get("elderly")
SUICIDAL = {"ideation": 2, "plan": 1}


@pytest.fixture
def base(engine: Any) -> str:
    """The address of Bo's case of Wang."""
    return "/elderly/cases/" + str(lay(engine))


def lay(engine: Any, **more: Any) -> Any:
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = engine.cast.users["bo"]
        wang = rows.client(session, engine.cast, "Riverside", "Wang", worker_id=bo)
        return rows.case(session, wang, bo, **more).id


def answer(browser: Any, base: str, code: str, status: int = 200, **changed: int) -> Any:
    """Fills an instrument's form and finishes it."""
    url = f"{base}/assessments/{code}/new"
    return browser.post(url, browser.get(url).form() | fields(code, **changed) | {"finish": "1"}, status=status)


def one(engine: Any, model: Any, *where: Any) -> Any:
    with engine.app.app_context(), system_session("look") as session:
        found = session.scalars(select(model).where(*where)).one()
        session.expunge(found)
        return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # what is drawn does not depend on it
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", DOMAIN.offered)
def test_each_instrument_is_asked_answered_and_confirmed(web: Any, base: str, code: str, language: str) -> None:
    instrument = reference.instrument(code)
    bo = web("bo", language=language)
    assert instrument.label(language) in bo.get(f"{base}/assessments").words
    form = bo.get(f"{base}/assessments/{code}/new")
    for words in (
        instrument.fact("disclaimer", language),
        instrument.fact("source", language),
        instrument.fact("licence", language),
    ):
        assert words in form.words
    assert not form.soup.select("input[name^=item_][checked]"), "no answer is preselected"
    page = answer(bo, base, code)
    assert all(item.label(language) in page.words for item in instrument.items)
    best_level = min(instrument.levels, key=lambda level: level.rank)
    assert page.soup.select_one(".why").text.strip() and best_level.label(language) in page.soup.select_one(".score").text.lower()
    page = bo.post(page.address, page.form())
    assert {"en": "Level confirmed.", "zh": "等级已确认。"}[language] in page.words
    for where in (base, f"{base}/history", f"{base}/print", f"{base}/assessments"):
        assert best_level.label(language) in bo.get(where).words, where
    assert instrument.fact("licence", language) in bo.get(f"{base}/print").words, "on paper too"


def test_yes_and_no_are_words_and_scores_are_numbers(web: Any, base: str) -> None:
    bo = web("bo")
    words = bo.get(f"{base}/assessments/gds15/new").soup.select("#item_1 .segments label")
    assert [label.text.strip() for label in words] == ["Yes", "No"]
    assert [b.text for b in bo.get(f"{base}/assessments/phq9/new").soup.select("#item_1 .segments b")] == ["0", "1", "2", "3"]


def test_an_unfinished_form_says_which_items_and_keeps_the_rest(web: Any, base: str) -> None:
    bo = web("bo")
    url = f"{base}/assessments/gds15/new"
    page = bo.post(url, bo.get(url).form() | {"item_3": "1", "item_4": "x", "finish": "1"}, status=422)
    assert page.soup.select_one('input[name="item_3"][value="1"]').has_attr("checked")
    page = bo.post(url, bo.get(url).form() | {"item_3": "1", "finish": "1"}, status=422)
    summary = page.soup.select_one("#error-summary").text
    assert "Item 1 has no answer yet." in summary and "and 6 more below" in summary
    assert "Item 15 has no answer yet." in page.soup.select_one("#item_15").text
    page = bo.post(url, bo.get(url).form() | {"item_3": "1", "finish": "0"})
    assert "Saved so far" in page.words and page.soup.select_one('input[name="item_3"][value="1"]').has_attr("checked")
    assert "not finished" in bo.get(f"{base}/assessments").words


def test_the_last_one_stands_beside_and_worse_is_said_in_words(engine: Any, web: Any, base: str) -> None:
    bo = web("bo")
    answer(bo, base, "gds15", y2=1)
    form = bo.get(f"{base}/assessments/gds15/new")
    assert "last time yes" in form.soup.select_one("#item_2 .before").text
    assert "says something new after 7 days more" in form.words
    page = answer(bo, base, "gds15", y2=1, y3=1, y4=1, y6=1, y8=1, y9=1)
    assert "last time 1 ↑ 5 worse" in " ".join(page.soup.select_one(".score").text.split())
    assert "6 points lie between 5 and 8" in page.words
    page = answer(bo, base, "barthel", y1=5)
    page = answer(bo, base, "barthel")
    assert "↑ 5 better" in page.words


def test_many_results_cost_no_more_statements_than_one(engine: Any, web: Any, base: str, statements: Any) -> None:
    bo = web("bo")
    pages = [base, f"{base}/assessments", f"{base}/assessments/gds15/new"]
    answer(bo, base, "gds15")
    page = answer(bo, base, "suicide_risk", **SUICIDAL)
    pages.append(page.address)

    def count() -> list[int]:
        found = []
        for address in pages:
            bo.get(address)
            with statements() as sent:
                bo.get(address)
            found.append(len(sent))
        return found

    few = count()
    key = one(engine, Case).id
    with engine.app.app_context(), system_session("rows", write=True) as session:
        case = session.get(Case, key)
        for _number in range(60):
            for code in DOMAIN.offered:
                rows.assessment(session, case, code, best(code))
    assert count() == few
    assert max(few) <= 30


# --- danger ---


def test_a_danger_is_seen_at_once_noted_step_by_step_and_stands_on_two_desks(engine: Any, web: Any, base: str) -> None:
    bo, ann = web("bo"), web("ann")
    page = answer(bo, base, "suicide_risk", **SUICIDAL)
    assert "Do not leave the person alone now" in page.words and "restricted" in page.words
    assert "Level high, because: active thoughts and a way in mind." in page.words
    assert [link["href"] for link in page.soup.select('a[href^="tel:"]')] == ["tel:110", "tel:120", "tel:12356"]
    form = page.form("/steps")
    page = bo.post(f"{page.address}/steps", form)
    assert "Noted at" in page.words and len(page.soup.select(".steps-taken .done")) == 1
    url = f"{page.address}/steps?protocol=suicide&step=family"
    step = bo.get(url)
    refused = bo.post(f"{page.address}/steps", step.form() | {"done": "false", "at": "25:99"}, status=422)
    assert "Give the time as 14:05." in refused.words
    refused = bo.post(f"{page.address}/steps", step.form() | {"done": "false"}, status=422)
    assert "Say why it could not be done." in refused.words
    page = bo.post(f"{page.address}/steps", step.form() | {"done": "false", "note": "the son is the reason"})
    assert "not possible" in page.words and "the son is the reason" in page.words
    assert "the son is the reason" in bo.get(f"{base}/history").words
    today = ann.get("/").words
    assert "told of a crisis: act with the worker today" in today.lower()
    task = one(engine, Task, Task.kind == "crisis_told")
    page = ann.get(f"/tasks/{task.id}")
    assert "See the result and what to do" in page.words
    ann.post(f"/tasks/{task.id}", page.form() | {"state": "done"})
    assert "told of a crisis" not in ann.get("/").words.lower()
    task = one(engine, Task, Task.kind == "crisis_contact")
    assert "crisis: be in touch again" in bo.get("/").words.lower()
    page = bo.post(f"/tasks/{task.id}", bo.get(f"/tasks/{task.id}").form() | {"state": "done"})
    assert "Be in touch again by" in page.words


def test_the_ninth_item_leads_to_the_list(engine: Any, web: Any, base: str) -> None:
    bo = web("bo", language="zh")
    page = answer(bo, base, "phq9", y9=3)
    assert "不论总分多少" in page.words and "留在当事人身边" in page.words
    task = one(engine, Task, Task.kind == "suicide_screening")
    page = bo.get(f"/tasks/{task.id}")
    link = page.soup.find("a", string="现在就做")
    answer(bo, base, "suicide_risk")
    assert link["href"].endswith("/assessments/suicide_risk/new")
    assert one(engine, Task, Task.kind == "suicide_screening").state == "done"


def test_a_colleague_cannot_leave_a_restricted_answer_half_done(engine: Any, web: Any, base: str) -> None:
    """The ninth answer shuts the form: it is finished in one go, and what was chosen stays on the page."""
    ben, url = web("ben"), f"{base}/assessments/phq9/new"
    ben.post(url, ben.get(url).form() | {"item_1": "1", "finish": "0"})
    page = ben.post(url, ben.get(url).form() | {"item_9": "2", "finish": "0"}, status=409)
    assert "finish the form in one go" in page.soup.select_one("#error-summary").text
    assert page.soup.select_one('input[name="item_9"][value="2"]').has_attr("checked")
    assert one(engine, Assessment).klass == "P2"


def test_a_colleague_hands_on_and_reads_nothing(engine: Any, web: Any, base: str) -> None:
    ben = web("ben")
    form = ben.get(f"{base}/assessments/suicide_risk/new")
    assert "You are not among them" in form.words and not form.soup.select('button[name="finish"][value="0"]')
    page = answer(ben, base, "suicide_risk", **SUICIDAL)
    assert page.address.endswith("/handed-on") and "12356" in page.words
    key = one(engine, Assessment).id
    for address in (f"{base}/assessments/{key}", f"{base}/assessments/{key}/steps", f"{base}/assessments/{key}/void"):
        ben.get(address, status=404)
    for address in (base, f"{base}/assessments", f"{base}/history", f"{base}/print"):
        words = ben.get(address).words
        assert "Suicide risk: high" not in words and "crisis" not in words
    assert "Suicide risk: high" in web("bo").get(base).words
    ben.api("GET", f"/cases/{base.split('/')[-1]}/assessments/{key}", status=404)


@pytest.mark.parametrize(("name", "status"), [("eve", 404), ("chen", 403), ("cora", 403), ("dee", 403)])
def test_strangers_and_who_may_not(engine: Any, web: Any, base: str, name: str, status: int) -> None:
    bo, other = web("bo"), web(name)
    key = answer(bo, base, "suicide_risk", **SUICIDAL).address.split("/")[-1]
    for address in (f"{base}/assessments/gds15/new", f"{base}/assessments/gds15/handed-on", f"{base}/assessments/{key}/steps"):
        other.get(address, status=status)
    other.get(f"{base}/assessments/{key}", status=404 if name in ("eve", "chen") else 403)
    other.post(f"{base}/assessments/{key}/steps", {"protocol": "suicide", "step": "stay"}, status=status)


def test_an_unknown_instrument_and_a_stale_confirmation(web: Any, base: str) -> None:
    bo = web("bo")
    bo.get(f"{base}/assessments/child_guardianship/new", status=404)
    bo.get(f"{base}/assessments/nothing/new", status=404)
    page = answer(bo, base, "gds15")
    bo.post(page.address, page.form())
    bo.post(page.address, page.form() | {"op_id": "a second window"}, status=409)


def test_the_head_names_somebody_on_what_is_restricted(engine: Any, web: Any, base: str) -> None:
    bo, ann, chen = web("bo"), web("ann"), web("chen")
    ann.get(f"{base}/named", status=404)
    result = answer(bo, base, "suicide_risk", **SUICIDAL).address
    chen.get(result, status=404)
    page = ann.get(f"{base}/named")
    assert "Bo" in page.words and "Restricted in it are results" in page.words
    page = ann.post(f"{base}/named", page.form() | {"user_id": str(engine.cast.users["chen"])})
    assert "Chen" in page.words
    ann.post(f"{base}/named", page.form() | {"user_id": ""}, status=422)
    bo.get(f"{base}/named", status=403)
    assert "Suicide risk list" in chen.get(result).words
    assert not chen.get(result).soup.select(".steps-taken form"), "a supervisor reads and does not write"


def test_who_is_responsible_after_a_change_reads_it(engine: Any, web: Any, base: str) -> None:
    bo, ann, ben = web("bo"), web("ann"), web("ben")
    result = answer(bo, base, "suicide_risk", **SUICIDAL).address
    page = ann.get(f"{base}/assign")
    ann.post(f"{base}/assign", page.form() | {"worker_id": str(engine.cast.users["ben"])})
    assert "Suicide risk list" in ben.get(result).words
    bo.get(result, status=404)


# --- the same by the API ---


def test_the_api_takes_what_a_page_takes(engine: Any, web: Any, base: str) -> None:
    bo, path = web("bo"), f"/cases/{base.split('/')[-1]}/assessments"
    body = {"instrument": "suicide_risk", "assessed_on": clock.today().isoformat(), "answers": best("suicide_risk", **SUICIDAL)}
    made = bo.api("POST", path, body, status=201)
    assert (made.json["computed_level"], made.json["total"]) == ("high", None)
    confirmed = {"level": "imminent", "reason": "said so later", "version": made.json["version"]}
    assert bo.api("POST", f"{path}/{made.json['id']}/confirm", confirmed, status=200).json["level"] == "imminent"
    older = bo.api("POST", path, body | {"instrument": "mzt039"}, status=422)
    assert "GB/T 42195-2022" in str(older.json["fields"])
    missing = bo.api("POST", path, body | {"answers": {}}, status=422)
    assert "answers.now" in missing.json["fields"]
    listed = bo.api("GET", "/instruments", status=200).json["items"]
    assert {row["code"] for row in listed} == {row.code for row in reference.instruments()}
    scale = next(row for row in listed if row["code"] == "gds15")
    assert scale["licence"]["en"] and scale["groups"][0]["items"][0]["scores"] == [1, 0]


def test_an_older_version_goes_on_as_it_was(engine: Any, web: Any, base: str, monkeypatch: Any) -> None:
    """A form begun under one version is finished under it, though a newer one is in force by then."""
    with engine.app.app_context():
        from caseapp.access import guard
        from caseapp.extensions import db, intent
        from caseapp.queries.casework import cases

        intent.set("write")
        bo = engine.cast.actor("bo")
        guard.bind(db.session, bo)
        case = cases.one(one(engine, Case).id)
        service.record(command("gds15", finish=False), case, bo)
        db.session.commit()
        newest = reference.instrument("gds15")

        def in_force(code: str, version: str | None = None) -> Any:
            if version is None:
                raise AssertionError("the newest was asked for")
            return newest

        monkeypatch.setattr(reference, "instrument", in_force)
        row = service.record(command_of(newest), case, bo)
        assert (row.state, row.instrument_version) == ("complete", "1")


def command_of(instrument: Any) -> Any:
    from caseapp.schemas.casework.assessment import RecordAssessment

    answers = {item.code: 0 for item in instrument.items}
    return RecordAssessment(instrument=instrument.code, assessed_on=clock.today(), answers=answers)
