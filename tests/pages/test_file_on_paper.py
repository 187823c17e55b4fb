"""The whole file on paper: a cover that says how long it is kept, an index whose lines are the parts that follow, in order."""

from datetime import date
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from tests import answers, rows

DAYS = (date(2026, 9, 2), date(2026, 9, 20), date(2026, 10, 5))


@pytest.fixture
def file(engine: Any) -> str:
    """A closed case with a consent, two assessments that count and one that does not, and three visits."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo = engine.cast.users["bo"]
        wang = rows.client(session, engine.cast, "Riverside", "王淑华", worker_id=bo)
        case = rows.case(session, wang, bo, status="closed", closed_on=date(2026, 11, 1), closing_reason="achieved")
        for day in (date(2026, 8, 10), date(2026, 10, 20)):
            rows.assessment(session, case, "gbt42195", answers.best("gbt42195"), assessed_on=day)
        rows.assessment(session, case, "gbt42195", answers.best("gbt42195"), voided_at=clock.now())
        consent = c.Consent(
            client_id=wang.id, basis="consent", scopes=["service"], signed_on=date(2026, 8, 3), created_at=clock.now()
        )
        consent.signer, consent.channel, consent.paper_place = "self", "paper", "柜2-7"
        consent.text_version, consent.language = "1", "zh"
        consent.belongs_to(wang)
        session.add(consent)
        for day in DAYS:
            visit = rows.visit(session, wang, bo, day)
            visit.note = f"第 {day.month}-{day.day} 次说的话"
            session.flush()
            person = session.query(c.VisitPerson).filter_by(visit_id=visit.id).one()
            person.case_id = case.id
            person.belongs_to(case)
        return f"/elderly/cases/{case.id}"


def test_the_index_says_what_follows(web: Any, file: str) -> None:
    page = web("bo").get(f"{file}/print")
    lines = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.soup.select(".sheet-index tbody tr")
    ]
    parts = [part.h2.get_text() for part in page.soup.select("section.sheet-part")]
    assert parts == [f"{line[0]}　{line[1]}" for line in lines], "every line of the index is a part, in the same order"
    told = {line[1]: line for line in lines}
    assert told["Consent"][2] == "1" and "柜2-7" in told["Consent"][5]
    counted = {"Assessments": "#part-assessments h3", "Visits and services": "#part-records ol.timeline > li"}
    for title, entries, number in ((title, page.soup.select(which), told[title][2]) for title, which in counted.items()):
        assert str(len(entries)) == number, f"{title}: the index says {number}, {len(entries)} follow"
    assert (told["Assessments"][2], told["Visits and services"][2]) == ("2", "3"), (
        "what was voided as a result is not in the file"
    )
    assert told["Visits and services"][3] == "2 Sep 2026 – 5 Oct 2026"
    assert "Plan" not in told, "there is none, so it has no line"
    text = page.soup.select_one("#part-records").get_text()
    places = [text.index(f"第 {day.month}-{day.day} 次说的话") for day in DAYS]
    assert places == sorted(places), "read from the first visit to the last"


def test_the_cover_says_how_long_the_file_is_kept(web: Any, file: str) -> None:
    cover = web("bo").get(f"{file}/print").soup.select_one(".sheet-cover").get_text(" ", strip=True)
    assert "Sensitive" in cover and "1 Nov 2036" in cover, "of an adult ten years after closing"
    assert "Riverside" in cover and "C-" in cover


def test_nobody_else_prints_it(web: Any, file: str) -> None:
    for name in ("eve", "dee"):
        answer = web(name).client.get(f"{file}/print")
        assert answer.status_code in (403, 404), name
