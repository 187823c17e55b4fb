"""Marriage and family: the cooling-off period as a promise, its two terms in words."""

from datetime import timedelta
from typing import Any

from caseapp.core import clock, dates
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests.pages.affairs.story import one, opened, rows_of, send


def waiting(engine: Any) -> list[Any]:
    """By when the end of a cooling-off period is promised to be thought of."""
    return [row.due_on for row in rows_of(engine, c.Task, c.Task.kind == "cooling_off", c.Task.state == "open")]


def test_a_divorce_application_starts_its_clock(engine: Any, web: Any, person: Any) -> None:
    bo, today = web("bo"), clock.today()
    case = opened(bo, person, "family", "MF02")
    applied = today - timedelta(days=10)
    page = send(bo, f"{case}/family", topics=["upbringing", "money"], applied_on=applied.isoformat(), cooling_state="running")
    cools = dates.next_working_day(applied + timedelta(days=30))
    assert waiting(engine) == [cools]
    assert "Either side can withdraw" in page.words and "holidays of 2027" in page.words, (
        "the second term ends in a year not arranged"
    )
    send(bo, f"{case}/family", applied_on=(applied + timedelta(days=2)).isoformat())
    assert waiting(engine) == [dates.next_working_day(applied + timedelta(days=32))], "moved, not doubled"
    assert "Say on which day" in send(bo, f"{case}/family", 422, cooling_state="withdrawn").words
    early = (applied - timedelta(days=1)).isoformat()
    assert "before the application" in send(bo, f"{case}/family", 422, cooling_state="withdrawn", cooling_ended_on=early).words
    send(bo, f"{case}/family", cooling_state="withdrawn", cooling_ended_on=today.isoformat())
    assert waiting(engine) == []
    assert "registry took" in send(bo, f"{case}/family", 422, applied_on="", cooling_state="running", cooling_ended_on="").words


def test_the_kind_may_change_but_not_into_violence(engine: Any, web: Any, person: Any) -> None:
    bo = web("bo")
    case = opened(bo, person, "family", "MF01")
    send(bo, f"{case}/family", kind="MF03", situation="孩子不肯上学")
    assert one(engine, m.AffairsDetail).kind == "MF03" and one(engine, m.FamilyMatter).situation == "孩子不肯上学"
    assert "answers offered" in send(bo, f"{case}/family", 422, kind="MF04").words
    assert one(engine, c.Case).klass == "P2"


def test_two_editors_strangers_and_reviewers(web: Any, person: Any) -> None:
    bo, ben = web("bo"), web("ben")
    case = opened(bo, person, "family", "MF02")
    slow = ben.get(f"{case}/family").form()
    send(bo, f"{case}/family", wishes="想先分开住一阵")
    assert "想先分开住一阵" in ben.post(f"{case}/family", slow | {"wishes": "想和好"}, status=409).words
    for name, status in (("eve", 404), ("far", 404), ("chen", 403), ("tao", 403), ("dee", 403)):
        web(name).get(f"{case}/family", status=status)
    for name, status in (("eve", 404), ("chen", 200), ("tao", 200), ("cora", 403)):
        web(name).get(f"{case}/matter", status=status)
