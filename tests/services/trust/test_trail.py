"""The trail cannot be forgotten: flushes, loads, refusals; and it never holds what must not be read there."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, delete, event, select, update
from uuid_utils.compat import uuid7

from caseapp.access import guard
from caseapp.access.system import run_side_writes, system_session
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.extensions import db, intent
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeen
from caseapp.queries.trust import reading, trail
from caseapp.schemas.trust.trail import TrailFilter, unpacked
from caseapp.services.trust import audit, seal
from tests import rows
from tests.engines import owned

SECRET = "the stove smokes at night"


@pytest.fixture
def person(app: Any, cast: Any) -> Any:
    with system_session("test rows", write=True) as session:
        row = rows.client(session, cast, "Riverside", "Old Wang", worker_id=cast.users["bo"])
        return row.id


def entries() -> list[AuditEntry]:
    with system_session("look at the trail") as session:
        found = list(session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id)))
        session.expunge_all()
        return found


def test_a_change_is_told_in_the_same_transaction(person: Any, as_: Any) -> None:
    as_("bo")
    audit.begin(db.session, "test")
    row = db.session.get(c.Client, person)
    row.risk, row.note, row.name = "red", SECRET, "Wang Shuhua"
    audit.record(db.session, "client.changed", row)
    db.session.commit()
    entry = entries()[-1]
    assert (entry.kind, entry.event, unpacked(entry.people)) == ("change", "client.changed", [person])
    fields = entry.changes["rows"][0]["fields"]
    assert fields["risk"] == ["green", "red"]
    assert fields["note_enc"] is None
    assert SECRET not in str(entry.changes)
    assert "Shuhua" not in str(entry.changes)


def test_what_is_rolled_back_leaves_no_trace_of_a_change(person: Any, as_: Any) -> None:
    as_("bo")
    audit.begin(db.session, "test")
    db.session.get(c.Client, person).risk = "red"
    db.session.flush()
    db.session.rollback()
    as_("bo")
    audit.begin(db.session, "test")
    row = db.session.get(c.Client, person)
    row.sex = "1"
    db.session.commit()
    assert [list(r["fields"]) for r in entries()[-1].changes["rows"]] == [["sex"]]


def test_a_read_is_one_entry_with_all_persons_and_an_index_row_each(person: Any, as_: Any, cast: Any) -> None:
    with system_session("test rows", write=True) as session:
        other = rows.client(session, cast, "Riverside", "Old Li").id
    as_("bo")
    audit.begin(db.session, "clients.index")
    db.session.scalars(select(c.Client)).all()
    audit.note_reads(db.session, 200)
    db.session.rollback()
    run_side_writes()
    reads = [entry for entry in entries() if entry.kind == "read"]
    assert len(reads) == 1
    assert set(unpacked(reads[0].people)) == {person, other}
    assert reads[0].count == 2
    with system_session("index") as session:
        seen = session.execute(select(AuditSeen.file_id, AuditSeen.user_id, AuditSeen.opened)).all()
    assert {(s.file_id, s.user_id, s.opened) for s in seen} == {(person, cast.users["bo"], 0), (other, cast.users["bo"], 0)}


def test_who_saw_this_file(person: Any, as_: Any, cast: Any) -> None:
    for _time in range(2):
        as_("bo")
        audit.begin(db.session, "clients.show")
        audit.opened(db.session, db.session.get(c.Client, person), "client.opened")
        audit.note_reads(db.session, 200)
        db.session.rollback()
        run_side_writes()
    for name in ("ann", "dee"):
        file, found = trail.who_saw(as_(name), person)
        assert file.kind == "client"
        assert [(seen.user_id, seen.times, seen.opened, who) for seen, who, _username in found.items] == [
            (cast.users["bo"], 2, 2, "Bo")
        ]
    with pytest.raises(NotFound):
        trail.who_saw(as_("hal"), person)
    numbered = trail.entries(as_("dee"), TrailFilter(file_no=file.number))
    assert [entry.event for entry in numbered.items] == ["client.opened", "client.opened"]
    assert trail.entries(as_("dee"), TrailFilter(file_no="no such number")).items == []


def test_a_refusal_is_written_although_the_request_is_rolled_back(engine: Any, web: Any) -> None:
    web("bo").get("/audit", status=403)
    with engine.app.app_context():
        told = entries()
    assert [(e.kind, e.event, e.status) for e in told if e.kind == "refusal"] == [("refusal", "forbidden", 403)]


def test_the_auditor_reads_filters_and_one_entry(engine: Any, web: Any) -> None:
    web("bo").get("/audit", status=403)
    dee = web("dee")
    page = dee.get("/audit?kind=refusal")
    assert "Role may not" in page.words
    assert "Not a valid choice" not in dee.get("/audit").words
    assert "No entry fits" in dee.get("/audit?kind=refusal&from_on=2020-01-01&to_on=2020-01-02").words
    dee.get("/audit?kind=nonsense&from_on=x&cursor=y", status=422)
    link = page.soup.select_one("th a[href*='/audit/entries/']")["href"]
    assert "Role may not (forbidden)" in dee.get(link).words


def test_dates_are_kept_apart(person: Any, as_: Any, cast: Any) -> None:
    """What happened and when it was written are two facts."""
    with system_session("test rows", write=True) as session:
        row = session.get(c.Client, person)
        visit = rows.visit(session, row, cast.users["bo"], date(2026, 9, 1))
        assert visit.happened_on < visit.created_at.date()


def many(cast: Any, person: Any, count: int) -> None:
    """Reads of Bo, Ben and Eve, a minute apart; every third holds the person."""
    with system_session("many entries", write=True) as session:
        for number in range(count):
            name = ("bo", "ben", "eve")[number % 3]
            people = [person] if name == "bo" else [uuid7()]
            entry = AuditEntry(kind="read", event="clients.index", channel="page", user_id=cast.users[name], count=1)
            entry.at, entry.people = clock.now() - timedelta(minutes=number), b"".join(one.bytes for one in people)
            entry.station_path = cast.paths["Hillside" if name == "eve" else "Riverside"]
            session.add(entry)
        session.add(AuditSeen(file_id=person, user_id=cast.users["bo"], seen_on=clock.today(), role="worker", last_at=clock.now(), station_path=cast.paths["Riverside"]))  # fmt: skip
        first = clock.local(clock.now() - timedelta(minutes=count)).date()
        if first != clock.today():
            session.add(AuditSeen(file_id=person, user_id=cast.users["bo"], seen_on=first, role="worker", last_at=clock.now(), station_path=cast.paths["Riverside"]))  # fmt: skip


def read_all(actor: Any, wanted: TrailFilter, limit: int) -> list[Any]:
    """Every page, one after the other."""
    found, cursor = [], None
    while True:
        page = trail.entries(actor, wanted, cursor, limit)
        found += [entry.id for entry in page.items]
        cursor = page.next
        if cursor is None:
            return found


def test_pages_hold_every_entry_once_whatever_the_filter(person: Any, as_: Any, cast: Any) -> None:
    many(cast, person, 90)
    dee = as_("dee")
    number = trail.numbered(dee, ids=[person])[0].number
    for wanted, count in (
        (TrailFilter(), 90),
        (TrailFilter(kind="read"), 90),
        (TrailFilter(kind="change"), 0),
        (TrailFilter(username="Ben"), 30),
        (TrailFilter(username="nobody"), 0),
        (TrailFilter(file_no=number), 30),
        (TrailFilter(file_no=number, username="bo"), 30),
        (TrailFilter(file_no=number, username="ben"), 0),
        (TrailFilter(from_on=clock.today() + timedelta(days=1)), 0),
    ):
        found = read_all(dee, wanted, 7)
        assert len(found) == len(set(found)) == count, wanted
    assert read_all(dee, TrailFilter(), 7) == read_all(dee, TrailFilter(), 200)


def test_finding_a_file_costs_the_same_for_few_and_for_many_entries(person: Any, as_: Any, cast: Any, statements: Any) -> None:
    def cost() -> int:
        dee = as_("dee")
        number = trail.numbered(dee, ids=[person])[0].number
        with statements() as sent:
            trail.entries(dee, TrailFilter(file_no=number))
        return len(sent)

    many(cast, person, 3)
    few = cost()
    db.session.rollback()
    with system_session("other days", write=True) as session:
        for day in range(40):
            row = AuditSeen(file_id=person, user_id=cast.users["ben"], seen_on=clock.today() - timedelta(days=day), role="worker")
            row.last_at, row.station_path = clock.now(), cast.paths["Riverside"]
            session.add(row)
    assert cost() == few


def test_the_order_of_the_trail_is_served_by_an_index(sqlite: Any) -> None:
    """SQLite has no statistics and would sort a year of entries for one page of them."""
    sent: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM audit_entry" in statement:
            sent.append((statement, parameters))

    with sqlite.app.app_context():
        intent.set("write")
        guard.bind(db.session, sqlite.cast.actor("dee"))
        event.listen(Engine, "before_cursor_execute", note)
        for wanted in (
            TrailFilter(),
            TrailFilter(kind="refusal"),
            TrailFilter(username="bo"),
            TrailFilter(from_on=clock.today()),
        ):
            trail.entries(sqlite.cast.actor("dee"), wanted)
        event.remove(Engine, "before_cursor_execute", note)
        plans = [
            str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()) for text, values in sent
        ]
        db.session.rollback()
    assert len(plans) == 4 and not [plan for plan in plans if "TEMP B-TREE FOR ORDER BY" in plan and "RIGHT PART" not in plan]


def test_a_day_is_read_in_its_order_and_costs_the_same_for_few_and_many(
    person: Any, as_: Any, cast: Any, statements: Any
) -> None:
    def cost(limit: int) -> int:
        dee = as_("dee")
        with statements() as sent:
            found = reading.day_of(dee, "BO", clock.today(), None, limit)
        times = [entry.at for entry in found.entries.items]
        assert times == sorted(times) and found.user.username == "bo" and set(found.numbers) == {person}
        return len(sent)

    with time_machine.travel(clock.midnight(clock.today()) + timedelta(hours=20)):
        many(cast, person, 90)
        assert cost(2) == cost(20)
        assert reading.day_of(as_("dee"), "nobody", clock.today()).user is None
        assert reading.day_of(as_("dee"), "eve", clock.today()).numbers == {}


def test_the_auditor_takes_entries_out_and_that_is_in_the_trail(engine: Any, web: Any) -> None:
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        row = rows.client(session, engine.cast, "Riverside", "Old Wang", worker_id=engine.cast.users["bo"])
        key, number = row.id, row.file_no
    web("bo").post("/clients/search", {"q": "Old Wang"})
    web("bo").get(f"/clients/{key}")
    with engine.app.app_context():
        seal.seal_all()
    dee, day = web("dee"), clock.today().isoformat()
    shown = dee.get(f"/audit/seen?username=bo&day={day}")
    assert number in shown.words and "searched for somebody" in shown.words and "Old Wang" not in shown.text
    assert dee.get("/audit/seen?username=bo&day=x").status == 200
    assert "bo" in dee.post("/audit/searches", {"q": "old  WANG"}).words.split("Searches")[-1]
    assert "Nobody searched" in dee.post("/audit/searches", {"q": "Old Li"}).words
    filters = {"username": "bo", "from_on": day, "to_on": day}
    dee.post("/audit/export", {**filters, "format": "csv"}, 422)
    told = dee.post("/audit/export", {**filters, "format": "csv", "purpose": "inspection"}).response.get_data(as_text=True)
    assert number in told and "clients.search" in told and "Old Wang" not in told
    with engine.app.app_context(), system_session("look") as session:
        [digest] = session.scalars(
            select(AuditNumber.digest)
            .join(AuditEntry, AuditEntry.id == AuditNumber.entry_id)
            .where(AuditEntry.sought.is_not(None))
        )
        reason = session.scalars(select(AuditEntry.reason).where(AuditEntry.event == "trail.exported")).one()
    assert bytes(digest).hex() in told
    assert reason.startswith("inspection csv") and "username=bo" in reason
    book = dee.client.post("/audit/export", data={"csrf_token": dee.csrf(), "format": "xlsx", "purpose": "review"})
    assert book.data[:2] == b"PK" and book.headers["Content-Disposition"].endswith('.xlsx"')
    web("bo").get("/audit/export", 403)


def test_who_saw_a_file_goes_on_over_the_page(person: Any, as_: Any, cast: Any) -> None:
    with system_session("a year of days", write=True) as session:
        for day in range(120):
            row = AuditSeen(file_id=person, user_id=cast.users["bo"], seen_on=clock.today() - timedelta(days=day), role="worker")
            row.last_at, row.station_path = clock.now(), cast.paths["Riverside"]
            session.add(row)
    ann, found, cursor = as_("ann"), [], None
    for _page in range(3):
        _file, page = trail.who_saw(ann, person, cursor)
        found += [seen.seen_on for seen, _name, _username in page.items]
        cursor = page.next
    assert cursor is None and len(set(found)) == 120 and found == sorted(found, reverse=True)


def test_an_answer_is_not_sent_when_its_read_entry_cannot_be_written(engine: Any, web: Any) -> None:
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        rows.client(session, engine.cast, "Riverside", "Old Wang", worker_id=engine.cast.users["bo"])
    bo = web("bo")
    assert "Old Wang" in bo.get("/clients").words
    token = bo.csrf()
    with engine.app.app_context(), owned() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entry RENAME TO audit_entry_lost")
    bearer = {"Authorization": f"Bearer {bo.token}"}
    for url, headers in (("/clients", bo.headers), ("/api/v1/clients", bearer)):
        answer = bo.client.get(url, headers=headers)
        assert answer.status_code == 503, url
        assert "Old Wang" not in answer.get_data(as_text=True)
    assert bo.client.post("/clients/search", data={"q": "Old", "csrf_token": token}, headers=bo.headers).status_code == 503
    assert bo.client.get("/healthz").status_code == 200


def test_a_refusal_names_the_ids_that_were_asked_for_and_no_word_that_was_typed(engine: Any, web: Any) -> None:
    with engine.app.app_context(), system_session("test rows", write=True) as session:
        person = rows.client(session, engine.cast, "Hillside", "Old Li").id
    bo = web("bo")
    bo.get(f"/clients/{person}", 404)
    bo.get("/clients/Old%20Li", 404)
    bo.get("/admin/accounts", 403)
    with engine.app.app_context():
        told = [(e.status, e.reason) for e in entries() if e.kind == "refusal"]
    assert told == [(404, f"client_id={person}"), (404, None), (403, None)]


def test_what_changed_nothing_is_an_event_and_a_read_is_a_read(engine: Any, web: Any) -> None:
    bo = web("bo")
    bo.post("/logout", status=302)
    with engine.app.app_context():
        assert [(e.kind, e.event) for e in entries()] == [("event", "sign_out")]
    assert "Signed out" in web("dee").get("/audit?kind=event").words
    assert "退出登录" in web("dee", language="zh").get("/audit?kind=event").words


def test_a_row_about_no_person_shows_its_values(app: Any, as_: Any, cast: Any) -> None:
    sam = as_("sam")
    audit.begin(db.session, "test")
    user = db.session.get(o.User, cast.users["bo"])
    user.name, user.home_path = "Bo Wang", cast.paths["Hillside"]
    grant = db.session.get(o.Grant, cast.grants["bo"])
    grant.reason = "a reason in words"
    db.session.commit()
    changed = {row["table"]: row["fields"] for row in entries()[-1].changes["rows"]}
    assert changed["user"]["name"] == ["Bo", "Bo Wang"] and changed["user"]["home_path"][1] == cast.paths["Hillside"]
    assert changed["grant"] == {"reason": None} and sam.role == "system_admin"


def test_many_rows_changed_by_one_statement_are_told_too(person: Any, as_: Any) -> None:
    """Such a statement never meets the flush, and would otherwise be the way to leave no trace."""
    as_("bo")
    audit.begin(db.session, "test")
    db.session.execute(update(c.Client).values(risk="red"), execution_options={"synchronize_session": False})
    db.session.execute(delete(c.TargetTag))
    db.session.commit()
    entry = entries()[-1]
    assert (entry.kind, [(row["table"], row["op"]) for row in entry.changes["rows"]]) == (
        "change",
        [("client", "update"), ("target_tag", "delete")],
    )
    assert entry.changes["rows"][0]["fields"] == {"risk": None}
