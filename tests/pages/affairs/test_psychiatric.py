"""Psychiatric community rehabilitation: steps in their order, terms in working days, what doctors say, the guardian's number."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from caseapp.models.trust import AuditEntry
from tests.pages.affairs.story import agree, entry, one, opened, rows_of, send

NUMBER = "13900001111"


@pytest.fixture
def case(web: Any, person: Any) -> str:
    """Bo's case about Wang."""
    return opened(web("bo"), person, "psychiatric")


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def promised(engine: Any) -> dict[str, Any]:
    """What is promised of the rehabilitation: kind → by when."""
    found = rows_of(engine, c.Task, c.Task.kind.startswith("rehab_"), c.Task.state == "open")
    return {task.kind: task.due_on for task in found}


def step(browser: Any, case: str, name: str, day: str, status: int = 200, **more: Any) -> Any:
    return send(browser, f"{case}/rehab-steps/new", status, step=name, happened_on=day, **more)


def test_the_terms_run_from_step_to_step_and_say_when_they_are_late(engine: Any, web: Any, case: str) -> None:
    bo, today = web("bo"), clock.today()
    applied = today - timedelta(days=40)
    step(bo, case, "applied", applied.isoformat())
    due = dates.add_working_days(applied, 5)
    assert promised(engine) == {"rehab_register": due}
    page = bo.get(case)
    late = dates.working_days_between(due, today)
    assert f"{late} working days late" in page.words, page.words
    page = bo.get(f"{case}/matter")
    assert f"{late} working days late" in page.words and "5 working days" in page.words

    registered = today - timedelta(days=3)
    page = step(bo, case, "registered", registered.isoformat())
    assert promised(engine) == {"rehab_refer": dates.add_working_days(registered, 5)}
    done_late = dates.working_days_between(due, registered)
    assert f"{done_late} working days late" in page.words

    page = send(bo, entry(page, "step"), reason="日期记错了")
    assert promised(engine) == {"rehab_register": due}, "the clock runs as if the step had not been"
    assert "日期记错了" in page.words


def test_steps_come_in_their_order_and_once(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    page = step(bo, case, "registered", ago(2), 422, note="写好的话")
    assert "the step that comes before it first" in page.words and "写好的话" in page.text
    step(bo, case, "applied", ago(10))
    assert "before the step that comes before it" in step(bo, case, "registered", ago(11), 422).words
    assert "recorded already" in step(bo, case, "applied", ago(5), 409).words
    assert "not come yet" in step(bo, case, "registered", ago(-1), 422).words
    for name, day in (("registered", 9), ("referred", 8), ("assessed", 7), ("serving", 6), ("stage", 5), ("stage", 2)):
        step(bo, case, name, ago(day))
    assert promised(engine) == {"rehab_stage": dates.add_months(clock.today() - timedelta(days=2), 3)}
    step(bo, case, "closed", ago(1))
    assert promised(engine) == {}
    assert [row.step for row in rows_of(engine, m.PsychiatricStep)].count("stage") == 2


def test_the_plan_waits_for_the_comprehensive_assessment(web: Any, case: str, person: Any) -> None:
    bo = web("bo")
    agree(bo, person)
    send(bo, f"{case}/steps/accept")
    assert "comprehensive assessment" in bo.get(f"{case}/steps/plan").words
    for name, day in (("applied", 10), ("registered", 9), ("referred", 8), ("assessed", 7)):
        step(bo, case, name, ago(day))
    assert "comprehensive assessment must" not in bo.get(f"{case}/steps/plan").words


def test_what_doctors_say_is_kept_as_told_and_sealed(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    assert "fill this in" in send(bo, f"{case}/findings/diagnosis/new", 422, value="bipolar").words
    send(bo, f"{case}/findings/diagnosis/new", value="bipolar", told_by="州精神病院林医生")
    send(bo, f"{case}/findings/danger/new", value="3", told_by="镇卫生院")
    assert "result as it was told" in send(bo, f"{case}/findings/scale/new", 422, value="PANSS", told_by="林医生").words
    page = send(bo, f"{case}/findings/danger/new", value="9", told_by="镇卫生院", status=422)
    assert "answers offered" in page.words
    bo.get(f"{case}/findings/mood/new", status=404)
    page = bo.get(f"{case}/matter")
    assert "bipolar disorder" in page.words.lower() and "3: breaks things anywhere" in page.words.lower()
    assert {row.klass for row in rows_of(engine, m.PsychiatricFinding)} == {"P3"}
    assert all("林医生".encode() not in row.told_by_enc for row in rows_of(engine, m.PsychiatricFinding))
    page = send(bo, entry(page, "finding"), reason="说的是别人")
    assert "说的是别人" in page.words


def test_the_guardians_number_is_masked_and_looking_leaves_a_trace(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    page = send(bo, f"{case}/psychiatric", 422, way_in="self", guardian="王建国", guardian_phone="12")
    assert "王建国" in page.text and page.soup.select_one('[name="guardian_phone"][aria-invalid="true"]')
    page = send(bo, f"{case}/psychiatric", way_in="self", guardian="王建国", guardian_relation="father", guardian_phone=NUMBER)
    assert NUMBER not in page.text and "139****1111" in page.words
    assert NUMBER in bo.post(f"{case}/matter/guardian").text
    with engine.app.app_context(), system_session("look") as session:
        told = [row for row in session.query(AuditEntry) if row.event == "case.guardian_revealed"]
        assert len(told) == 1 and NUMBER not in repr(vars(told[0]))
    web("ben").post(f"{case}/matter/guardian", status=404)
    web("dee").post(f"{case}/matter/guardian", status=403)


def test_a_case_that_has_ended_takes_no_more_steps(engine: Any, web: Any, case: str) -> None:
    bo = web("bo")
    step(bo, case, "applied", ago(3))
    send(bo, f"{case}/decline", reason="not_wanted")
    assert one(engine, c.Case).status == "declined"
    step(bo, case, "registered", ago(1), 409)


def test_other_matters_have_other_doors(web: Any, case: str, person: Any) -> None:
    bo = web("bo")
    for page in (
        "family",
        "violence",
        "safety-plan",
        "police-report",
        "disability",
        "needs",
        "vagrant",
        "places/new",
        "identify",
    ):
        bo.get(f"{case}/{page}", status=404)
    other = opened(bo, person, "family", "MF04")
    bo.get(f"{other}/rehab-steps/new", status=404)
    taken = entry(step(bo, case, "applied", ago(3)), "step")
    for wrong in (taken.replace(case, other), taken.replace("/step/", "/finding/"), taken.replace("/step/", "/x/")):
        bo.get(wrong, status=404)
