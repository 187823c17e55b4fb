"""Today of those who read no files, and of whoever looks in now and then: each alert has one act and goes when it is done."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests import rows


def add(session: Any, row: Any) -> Any:
    """A row, written at once."""
    session.add(row)
    session.flush()
    return row


def waiting(page: Any) -> list[str]:
    """What Today says that waits, one line each."""
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("ul.work > li")]


def read(session: Any, user: Any, file: Any, when: Any, kind: str = "read") -> None:
    """An entry of the trail, and that the file was opened."""
    entry = t.AuditEntry(
        at=when, kind=kind, event="client.opened", user_id=user, role="worker", channel="page", station_path=file.station_path,
        people=file.id.bytes, count=1,
    )  # fmt: skip
    add(session, entry)


@pytest.fixture
def busy(engine: Any) -> Any:
    """Bo opened 60 files yesterday, Ben read twelve times the night before, Eve was refused twenty times; Far far away too."""
    cast, today = engine.cast, clock.today()
    with engine.app.app_context(), system_session("trail", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Wang")
        away = rows.client(session, cast, "Faraway", "Fu")
        for number in range(60):
            file = person if number == 0 else rows.client(session, cast, "Riverside", f"P {number}")
            for user, opened in (("bo", 1), ("ann", 0)):  # a list is no opened file
                seen = t.AuditSeen(file_id=file.id, user_id=cast.users[user], role="worker", times=1, opened=opened)
                seen.seen_on, seen.last_at, seen.station_path = today - timedelta(days=1), clock.now(), file.station_path
                add(session, seen)
        night = clock.local(clock.now()).replace(hour=23, minute=0) - timedelta(days=2)
        for number in range(20):
            if number < 12:
                read(session, cast.users["ben"], person, night + timedelta(minutes=number))
                read(session, cast.users["ann"], person, night.replace(hour=12))
            read(session, cast.users["eve"], person, night.replace(hour=10), "refusal")
            read(session, cast.users["far"], away, night.replace(hour=10), "refusal")
    return engine


def test_days_that_stand_out_wait_for_the_auditor_until_somebody_looked(busy: Any, web: Any) -> None:
    dee = web("dee")
    lines = waiting(dee.get("/"))
    assert [line.split(" ")[0] for line in lines] == ["Bo", "Ben", "Eve"], lines
    assert "60 files opened" in lines[0] and "12 reads between" in lines[1] and "refused 20 times" in lines[2]
    url = next(a["href"] for a in dee.get("/").soup.select("ul.work a.btn") if "/many_files" in a["href"])
    page = dee.get(url)
    assert "60 files opened in a day" in page.words and "Wang" not in page.words, "by file number alone"
    asked = dee.post(url, {"finding": "asked"}, 422)
    assert "Say what was asked" in asked.words
    assert "Saved." in dee.post(url, {"finding": "asked", "note": "a shelf was put in order"}).words
    assert [line.split(" ")[0] for line in waiting(dee.get("/"))] == ["Ben", "Eve"]
    assert "a shelf was put in order" in dee.get(url).words
    with busy.app.app_context(), system_session("trail") as session:
        assert session.query(t.AuditEntry).filter(t.AuditEntry.event == "trail.reviewed").count() == 1


def test_only_over_the_own_places_and_never_of_oneself(busy: Any, web: Any) -> None:
    cast, yesterday = busy.cast, clock.today() - timedelta(days=1)
    dee, base = web("dee"), f"/audit/days/{{}}/{yesterday}/refused"
    dee.get(base.format(cast.users["far"]), 404)
    for bad in (f"/audit/days/{cast.users['eve']}/{yesterday}/other", f"/audit/days/{cast.users['eve']}/2026-13-01/refused"):
        dee.get(bad, 404)
    own = base.format(cast.users["dee"])
    assert "another auditor" in dee.get(own).words
    dee.post(own, {"finding": "in_order"}, 409)
    for who in ("ann", "bo", "tao", "cora", "sam", "sec"):
        web(who).get(base.format(cast.users["eve"]), 403)


def test_administrators_open_what_nobody_heads_and_who_never_came(engine: Any, web: Any) -> None:
    cast, now = engine.cast, clock.now()
    with engine.app.app_context(), system_session("rows", write=True) as session:
        grant = session.get_one(o.Grant, cast.grants["hal"])
        grant.state = "ended"
        for name, more in (("late", {}), ("fine", {"used_at": now})):
            user = add(session, o.User(username=name, name=name.title(), home_path=cast.paths["Hillside"], created_at=now))
            code = o.OneTimeCode(user_id=user.id, purpose="first", code_hash="-", made_at=now - timedelta(days=20), **more)
            code.expires_at = now - timedelta(days=6)
            add(session, code)
    sid = web("sid")
    lines = waiting(sid.get("/"))
    assert len(lines) == 2 and lines[0].startswith("Hillside") and lines[1].startswith("Late"), lines
    link = next(a["href"] for a in sid.get("/").soup.select("ul.work a.btn") if "/code" in a["href"])
    sid.post(link, sid.get(link).form() | {"reason": "came back"})
    assert [line.split(" ")[0] for line in waiting(sid.get("/"))] == ["Hillside"]
    assert waiting(web("oto").get("/")) == [], "nothing of another county"


def test_a_role_waits_for_the_county_and_what_others_decided_is_told_once(engine: Any, web: Any) -> None:
    cast, now = engine.cast, clock.now()
    with engine.app.app_context(), system_session("rows", write=True) as session:
        grant = o.Grant(
            user_id=cast.users["ned"], role="station_head", organisation_id=cast.places["Riverside"], state="proposed",
            from_on=clock.today(), reason="new head", proposed_at=now - timedelta(days=6),
        )  # fmt: skip
        add(session, grant)
        session.add(o.GrantPlace(grant_id=grant.id, organisation_id=cast.places["Riverside"], path=cast.paths["Riverside"]))
    cora, sec = web("cora"), web("sec")
    assert ["Ned" in line and "waiting 6 days" in line for line in waiting(cora.get("/"))] == [True]
    cora.post(f"/admin/grants/{grant_id(engine)}/confirm")
    assert waiting(cora.get("/")) == []
    page = sec.get("/")
    assert "Ned: Station head confirmed" in page.words and ["Ned" in line for line in waiting(page)] == [True]
    assert waiting(web("oto").get("/")) == [] and "Ned" not in web("oto").get("/").words


def grant_id(engine: Any) -> Any:
    """The proposed grant."""
    with engine.app.app_context(), system_session("ids") as session:
        return session.query(o.Grant.id).filter(o.Grant.state == "proposed").scalar()


def test_the_township_reads_what_others_did_since_it_was_last_here(engine: Any, web: Any) -> None:
    cast, now = engine.cast, clock.now()
    with engine.app.app_context(), system_session("rows", write=True) as session:
        person = rows.client(session, cast, "Riverside", "Wang")
        secret = rows.client(session, cast, "Riverside", "Secret", klass="P3")
        for row, step, ago in ((person, "opened", 1), (secret, "opened", 1), (person, "closed", 30)):
            case = rows.case(session, row, cast.users["bo"])
            event = c.CaseEvent(case_id=case.id, step=step, happened_on=clock.today(), at=now - timedelta(days=ago))
            event.by_id = cast.users["bo"]
            event.belongs_to(case)
            add(session, event)
    page = web("tao").get("/")
    section = next(s for s in page.soup.select("section.section") if "last here" in s.select_one("h2").text)
    said = " ".join(section.text.split())
    assert "Opened 1" in said and "Wang" in said and "Secret" not in page.words
    assert "closed" not in said.lower(), "what is a month old was told before"
