"""The trail cannot be forgotten: flushes, loads, refusals; and it never holds what must not be read there."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import run_side_writes, system_session
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.trust import AuditEntry, AuditSeen
from caseapp.queries.trust import trail
from caseapp.schemas.trust.trail import TrailFilter, unpacked
from caseapp.services.trust import audit
from tests import rows

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
        assert [(seen.user_id, seen.times, seen.opened, who) for seen, who in found] == [(cast.users["bo"], 2, 2, "Bo")]
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
