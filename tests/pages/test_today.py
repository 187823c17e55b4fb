"""Today: what is urgent stands on top whichever domain asks for it, a promise or a duty; what is only to come does not."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
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


def test_a_worker_reads_what_others_did_to_the_own_cases(engine: Any, web: Any) -> None:
    """A step of the head's, a plan sent back; not the own steps, not a colleague's case, not what is older; P3 of others never."""
    users, now = engine.cast.users, clock.now()
    with engine.app.app_context(), system_session("rows", write=True) as session:
        for name, worker, by, days in (
            ("Wang", "bo", "ann", 1),
            ("Zhao", "bo", "bo", 1),
            ("Sun", "ben", "ann", 1),
            ("Li", "bo", "ann", 20),
        ):
            person = rows.client(session, engine.cast, "Riverside", name, worker_id=users[worker])
            case = rows.case(session, person, users[worker], next_step_on=None)
            event = c.CaseEvent(case_id=case.id, step="assigned", happened_on=clock.today(), at=now - timedelta(days=days))
            event.by_id = users[by]
            event.belongs_to(case)
            session.add(event)
            if name == "Zhao":
                review = c.Review(
                    station_id=case.station_id, case_id=case.id, kind="plan", state="returned", asked_by_id=users["bo"]
                )
                review.asked_at, review.decided_at, review.decided_by_id = now - timedelta(days=2), now, users["ann"]
                review.content_hash, review.editors = "0" * 64, []
                review.belongs_to(case)
                session.add(review)

    def told(name: str) -> list[str]:
        found = [part for part in web(name).get("/").soup.select("section") if part.h2 and "Since you" in part.h2.text]
        return [" ".join(row.text.split()) for part in found for row in part.select("li")]

    mine = told("bo")
    assert len(mine) == 2 and mine[0].startswith("Zhao") and "returned" in mine[0].lower() and mine[1].startswith("Wang")
    assert [row.split()[0] for row in told("ben")] == ["Sun"]
