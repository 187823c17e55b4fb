"""Stations at a glance: each number is its list, nothing restricted is in either, and of a minor only what the line shows."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.queries.casework.oversight.points import POINTS
from tests import answers, children, rows
from tests.laid import referrals

LATE = timedelta(days=3)


def add(session: Any, row: Any, parent: Any) -> Any:
    """A row that hangs on a person or case."""
    row.belongs_to(parent)
    session.add(row)
    session.flush()
    return row


def complete(session: Any, person: Any) -> Any:
    """Consent and a document, so that nothing is missing in the person's file."""
    now = clock.now()
    consent = c.Consent(
        client_id=person.id, basis="consent", text_version="1", language="zh", scopes=["service"], signer="self",
        channel="paper", paper_place="box", signed_on=date(2026, 1, 5), created_at=now,
    )  # fmt: skip
    add(session, consent, person)
    add(session, c.IdentityDocument(client_id=person.id, kind="111", created_at=now), person)
    return person


@pytest.fixture
def laid(engine: Any) -> dict[str, Any]:
    """Riverside: a tidy person, one with something at every point, the same again restricted, and a late child without papers."""
    cast, today, now = engine.cast, clock.today(), clock.now()
    bo = cast.users["bo"]
    with engine.app.app_context(), system_session("rows", write=True) as session:
        complete(session, rows.client(session, cast, "Riverside", "Tidy", worker_id=bo, last_met_on=today))
        for name, klass in (("Wang", "P2"), ("Secret", "P3")):
            person = rows.client(
                session, cast, "Riverside", name, klass=klass, worker_id=bo, risk="red", next_visit_on=today - LATE
            )
            case = rows.case(
                session, person, bo, status="serving", risk="red", opened_on=today - timedelta(days=90),
                next_step="visit", next_step_on=today - LATE,
            )  # fmt: skip
            review = c.Review(
                station_id=case.station_id, case_id=case.id, kind="file_check", state="open", round=1, asked_by_id=bo,
                asked_at=now - timedelta(days=30), content_hash="x" * 64, editors=[],
            )  # fmt: skip
            review.content = {}
            add(session, review, case)
            rows.assessment(
                session, case, "gds15", answers.best("gds15"), assessed_on=today - timedelta(days=200), due_on=today - LATE
            )
            referrals.unanswered(session, cast, "Riverside", case, today - LATE)
        children.child(session, cast, "Riverside", "Mei", bo, next_visit_on=today - LATE)
        complete(session, rows.client(session, cast, "Hillside", "Yu", next_visit_on=today - LATE, last_met_on=today))
    return {"riverside": cast.places["Riverside"], "hillside": cast.places["Hillside"], "faraway": cast.places["Faraway"]}


def numbers(page: Any) -> dict[str, int]:
    """The number at each point of a station page."""
    found = {}
    for link in page.soup.select(".points-of a"):
        found[re.search(r"show=(\w+)", link["href"])[1]] = int(link.select_one("b").text)
    return found


def names(page: Any) -> list[str]:
    """Who is on the list of a station page."""
    return [link.text for link in page.soup.select("ul.work .line > a")]


@pytest.mark.parametrize("who", ["tao", "chen"])
def test_each_number_is_its_list_without_what_is_restricted(laid: Any, web: Any, who: str) -> None:
    reader, url = web(who), f"/oversight/{laid['riverside']}"
    found = numbers(reader.get(url))
    assert found == {point.code: 2 if point.code in ("visits", "unseen") else 1 for point in POINTS}
    for code, count in found.items():
        page = reader.get(f"{url}?show={code}")
        listed = names(page)
        assert len(listed) == count and "Secret" not in page.words
        assert sorted(listed) == (["Mei", "Wang"] if count == 2 else ["Wang"]), code


def test_the_head_is_told_of_restricted_files_and_of_minors_too(laid: Any, web: Any) -> None:
    page = web("ann").get("/oversight")
    assert page.address == f"/oversight/{laid['riverside']}", "one station needs no table"
    found = numbers(page)
    assert found["steps"] == found["cases"] == 2 and found["visits"] == 3
    assert found["consent"] == 3 and found["papers"] == 3, "the child's file is open to the head"


def test_whoever_is_named_on_a_restricted_file_finds_it_counted(laid: Any, web: Any, engine: Any) -> None:
    with engine.app.app_context(), system_session("named", write=True) as session:
        secret = session.query(c.Case).filter(c.Case.klass == "P3").one()
        rows.assigned(session, secret, engine.cast.users["tao"], "named")
    found = numbers(web("tao").get(f"/oversight/{laid['riverside']}"))
    assert found["steps"] == found["cases"] == 2 and found["visits"] == 2, "the case is open, the person's own line is not"


def test_a_purpose_shows_what_is_missing_in_a_minors_file(laid: Any, web: Any, engine: Any) -> None:
    with engine.app.app_context(), system_session("purpose", write=True) as session:
        mei = session.query(c.Client).filter(c.Client.name == "Mei").one()
        rows.assigned(session, mei, engine.cast.users["tao"], "purpose")
    assert numbers(web("tao").get(f"/oversight/{laid['riverside']}"))["consent"] == 2


def test_side_by_side_and_only_the_stations_of_the_grant(laid: Any, web: Any) -> None:
    chen, tao = web("chen"), web("tao")
    lines = {tr.select_one("th").text.strip(): tr for tr in chen.get("/oversight").soup.select("table.stations tbody tr")}
    assert list(lines) == ["Riverside station", "Hillside station"]
    assert [int(td.text) for td in lines["Riverside station"].select("td.num")] == [3, 1], "persons seen, open cases seen"
    assert "visits 1" in " ".join(lines["Hillside station"].text.split())
    assert "Side by side" not in chen.get("/").words and chen.get("/").soup.select("table.stations tbody tr")
    for url in (
        f"/oversight/{laid['hillside']}",
        f"/oversight/{laid['faraway']}",
        f"/oversight/{laid['riverside']}?show=nothing",
    ):
        tao.get(url, 404)
    tao.get(f"/oversight/{engine_township(tao)}", 404)
    for who in ("bo", "cora", "pia", "sam", "dee", "con"):
        web(who).get("/oversight", 403)
        web(who).get(f"/oversight/{laid['riverside']}", 403)


def engine_township(browser: Any) -> Any:
    """A place of the grant that is no station."""
    return browser.engine.cast.places["rivertown"]


def test_reading_a_list_is_in_the_trail(laid: Any, web: Any, engine: Any) -> None:
    from caseapp.models.trust import AuditEntry

    tao = web("tao")
    tao.get(f"/oversight/{laid['riverside']}?show=consent")
    with engine.app.app_context(), system_session("trail") as session:
        entry = session.query(AuditEntry).filter(AuditEntry.endpoint == "oversight.station").one()
        wang = session.query(c.Client).filter(c.Client.name == "Wang").one()
        assert entry.kind == "read" and entry.count == 1 and entry.people == wang.file_id.bytes
