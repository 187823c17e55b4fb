"""Today: what is urgent stands on top whichever domain asks for it, a promise or a duty; what is only to come does not."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.details.children import ChildrenReport
from tests import children, rows


@pytest.fixture
def laid(engine: Any) -> None:
    """Bo's desk: a family without food, violence to be reported, a child reported and nobody told yet, a contact next week."""
    bo, cast = engine.cast.users["bo"], engine.cast
    with engine.app.app_context(), system_session("rows", write=True) as session:
        for name, domain, kind in (("Wang", "assistance", "urgent_relief"), ("Zhao", "affairs", "police_duty")):
            person = rows.client(session, cast, "Riverside", name, worker_id=bo)
            rows.task(session, rows.case(session, person, bo, domain=domain), kind, bo)
        later = rows.task(
            session, rows.case(session, rows.client(session, cast, "Riverside", "Sun", worker_id=bo), bo), "crisis_contact", bo
        )
        later.due_on = clock.today() + timedelta(days=5)
        child = children.child(session, cast, "Riverside", "Mei", bo)
        case = children.case(session, child, bo, klass="P3")
        rows.assigned(session, case, bo, "assigned")
        report = ChildrenReport(
            author_id=bo, station_id=child.station_id, case_id=case.id, client_id=child.id, report_no="MR-1", state="open",
            situation="unattended", found_at=clock.now() - timedelta(days=1), class_before="minor", created_at=clock.now(), created_by_id=bo,
        )  # fmt: skip
        report.sentence = "alone since yesterday"
        report.belongs_to(case)
        session.add(report)


def test_what_is_urgent_stands_on_top(laid: None, web: Any) -> None:
    page = web("bo").get("/")
    top = next(section for section in page.soup.select("section") if section.select_one("h2").text.strip() == "At once")
    said = [" ".join(row.text.split()) for row in top.select(".work > li")]
    for name, words in (("Wang", "urgent need, today"), ("Zhao", "report the violence"), ("Mei", "tell the police now")):
        assert sum(name in row and words in row.lower() for row in said) == 1, (name, said)
    assert not any("Sun" in row for row in said) and "Sun" in page.words, "a contact of next week waits for its day"
    assert said[0].startswith("Mei"), "what is late comes first"
    assert page.words.lower().count("report the violence") == 1, "nothing is said twice"
