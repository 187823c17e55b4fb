"""Visits: what they leave behind, what is refused, and how they are undone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from caseapp.access.policy import PurposeNeeded
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, ServiceRecord, Task, Visit, VisitPerson
from caseapp.models.trust import AuditEntry
from caseapp.queries.casework import visits as q
from caseapp.schemas.casework.visit import AmendVisit, MoveVisit, RecordRound, RecordRoundSchema, RecordVisit, Seen, VoidVisit
from caseapp.services.casework.rounds import record_round
from caseapp.services.casework.visits import amend_visit, move_visit, record_visit, void_visit
from tests import rows


def said(outcome="done", **more) -> RecordVisit:
    """A visit of today."""
    return RecordVisit(outcome=outcome, happened_on=more.pop("happened_on", clock.today()), **more)


@pytest.fixture
def people(app, cast):
    """Wang and Li of Riverside, a minor and a P3 file of Riverside, Sun of Hillside: ids."""
    with system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        made = {
            "wang": rows.client(session, cast, "Riverside", "Wang", worker_id=bo, risk="orange").id,
            "li": rows.client(session, cast, "Riverside", "Li", worker_id=bo, risk="blue").id,
            "kid": rows.client(session, cast, "Riverside", "Kid", klass="minor", worker_id=cast.users["ben"]).id,
            "sun": rows.client(session, cast, "Hillside", "Sun").id,
        }
        wang = session.get(Client, made["wang"])
        made["secret"] = rows.case(session, wang, bo, klass="P3").id
    return made


def test_a_visit_without_a_case_is_kept_and_sets_the_next_date(as_, people):
    bo = as_("bo")
    wang = q.client(people["wang"])
    before = wang.version
    visit = record_visit(said(note="slept badly", findings=("sleeps_badly",), minutes=25, services=("B1.1", "B1.2")), wang, bo)
    db.session.commit()
    today = clock.today()
    assert wang.next_visit_on == today + timedelta(days=14)
    assert (wang.last_met_on, wang.last_outcome, wang.version) == (today, "done", before)
    assert visit.note == "slept badly"
    assert b"slept" not in visit.note_enc
    minutes = db.session.scalars(select(ServiceRecord.minutes).where(ServiceRecord.visit_id == visit.id)).all()
    assert sorted(minutes) == [12, 13]
    with system_session("look") as session:
        entry = session.scalar(select(AuditEntry).where(AuditEntry.event == "visit.recorded"))
        assert wang.id.bytes in entry.people


def test_two_persons_one_of_them_restricted_make_a_visit_of_the_strictest_class(as_, people, cast):
    bo = as_("bo")
    wang = q.client(people["wang"])
    command = said(case_id=people["secret"], others=(Seen("done", client_id=people["li"]),))
    visit = record_visit(command, wang, bo)
    db.session.flush()
    assert (visit.klass, visit.file_id) == ("P3", people["secret"])
    assert sorted(p.klass for p in visit.persons) == ["P2", "P3"]
    visit_id = visit.id
    db.session.commit()
    as_("ben")  # not assigned to the restricted case
    with pytest.raises(NotFound):
        q.one(visit_id)
    seen = db.session.scalars(select(VisitPerson)).all()
    assert [p.client_id for p in seen] == [people["li"]]
    assert q.client(people["wang"]).last_met_on is None, "a restricted visit shows nothing on the person's line"


def test_only_own_station_and_open_files(as_, people):
    bo = as_("bo")
    with pytest.raises(NotFound):
        q.client(people["sun"])
    wang = q.client(people["wang"])
    with pytest.raises(NotFound):
        record_visit(said(others=(Seen("done", client_id=people["sun"]),)), wang, bo)
    with pytest.raises(PurposeNeeded):
        record_visit(said(), q.client(people["kid"]), bo)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"happened_on": "tomorrow"}, "happened_on"),
        ({"happened_on": "before"}, "happened_on"),
        ({"next_choice": "other", "next_visit_on": "late"}, "next_visit_reason"),
        ({"next_choice": "other", "next_visit_on": "past"}, "next_visit_on"),
        ({"case_id": "another"}, "case_id"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(as_, people, more, field):
    bo = as_("bo")
    today = clock.today()
    days = {
        "tomorrow": today + timedelta(days=1),
        "before": today.replace(year=2020),
        "late": today + timedelta(days=60),
        "past": today - timedelta(days=1),
        "another": people["secret"],
    }
    who = "li" if "case_id" in more else "wang"
    command = said(**{key: days.get(value, value) for key, value in more.items()})
    with pytest.raises(Invalid) as refused:
        record_visit(command, q.client(people[who]), bo)
    assert field in refused.value.fields


def test_a_late_entry_is_marked_and_not_blocked(as_, people):
    bo = as_("bo")
    day = clock.today() - timedelta(days=10)
    assert record_visit(said(happened_on=day), q.client(people["li"]), bo).late
    assert not record_visit(said(happened_on=clock.today()), q.client(people["li"]), bo).late


def test_not_seen_does_not_count_as_met_and_death_leaves_a_task_not_an_end(as_, people):
    bo = as_("bo")
    li = q.client(people["li"])
    record_visit(said("not_met", reason="nobody_home"), li, bo)
    assert (li.last_met_on, li.next_visit_on) == (None, clock.today() + timedelta(days=3))
    record_visit(said("deceased", reason="deceased"), li, bo)
    db.session.flush()
    assert (li.state, li.next_visit_on) == ("on_file", None)
    assert db.session.scalars(select(Task.kind)).all() == ["end_enrolment"]


def test_voiding_leaves_every_count_and_brings_the_old_date_back(as_, people):
    bo = as_("bo")
    wang = q.client(people["wang"])
    first = record_visit(said(happened_on=clock.today() - timedelta(days=5), services=("B1.1",)), wang, bo)
    second = record_visit(said(services=("B1.1",)), wang, bo)
    db.session.commit()
    with pytest.raises(Conflict):
        void_visit(VoidVisit("typed twice", second.version + 1), second, bo)
    void_visit(VoidVisit("typed twice", second.version), q.one(second.id), bo)
    db.session.commit()
    assert wang.next_visit_on == first.happened_on + timedelta(days=14)
    count = select(func.count(VisitPerson.id)).where(VisitPerson.voided.is_(False))
    assert db.session.scalar(count) == 1
    assert db.session.scalar(select(func.count(ServiceRecord.id)).where(ServiceRecord.voided_at.is_(None))) == 1


def test_after_seven_days_only_the_head_undoes(as_, people, cast):
    with system_session("rows", write=True) as session:
        wang = session.get(Client, people["wang"])
        old = rows.visit(session, wang, cast.users["bo"], clock.today() - timedelta(days=9))
        old.created_at = clock.now() - timedelta(days=8)
        old_id, version = old.id, old.version
    bo = as_("bo")
    with pytest.raises(Forbidden):
        void_visit(VoidVisit("wrong", version + 1), q.one(old_id), bo)
    ann = as_("ann")
    visit = q.one(old_id)
    day = clock.today() - timedelta(days=7)
    moved = move_visit(MoveVisit(day, "wrong day", visit.version), visit, ann)
    db.session.commit()
    assert (moved.happened_on, moved.moved_from_id, moved.worker_id) == (day, old_id, cast.users["bo"])
    assert q.client(people["wang"]).last_met_on == day
    live = db.session.scalars(select(Visit.id).where(Visit.voided_at.is_(None))).all()
    assert live == [moved.id]


def test_a_township_reads_and_never_writes(as_, people):
    bo = as_("bo")
    visit = record_visit(said(), q.client(people["li"]), bo)
    db.session.commit()
    key, version = visit.id, visit.version
    tao = as_("tao")
    assert q.one(key).id == key
    with pytest.raises(Forbidden):
        void_visit(VoidVisit("no", version), q.one(key), tao)
    with pytest.raises(Forbidden):
        record_visit(said(), q.client(people["li"]), tao)


def test_a_death_reported_by_mistake_leaves_no_task_behind(as_, people):
    bo = as_("bo")
    li = q.client(people["li"])
    visit = record_visit(said("deceased", reason="deceased"), li, bo)
    db.session.flush()
    void_visit(VoidVisit("another Li", visit.version), visit, bo)
    assert db.session.scalars(select(Task.state)).all() == ["cancelled"]
    assert li.next_visit_on is not None


# ---- rounds


def test_a_round_is_one_tick_each_with_its_exceptions_and_moves_every_date(as_, people):
    bo = as_("bo")
    ticked = [{"client_id": str(people["wang"]), "outcome": "done"}]
    exception = {"client_id": str(people["li"]), "outcome": "not_met", "reason": "nobody_home", "note": "gate locked"}
    given = {"happened_on": clock.today().isoformat(), "minutes": 45, "services": ["B1.1"], "persons": [*ticked, exception]}
    round_id, visits = record_round(RecordRoundSchema().load(given), bo)
    db.session.commit()
    assert {visit.round_id for visit in visits} == {round_id}
    assert [visit.minutes for visit in visits] == [23, 22], "they add up"
    wang, li = q.client(people["wang"]), q.client(people["li"])
    today = clock.today()
    assert (wang.last_met_on, wang.next_visit_on) == (today, today + timedelta(days=14))
    assert (li.last_met_on, li.last_outcome, li.next_visit_on) == (None, "not_met", today + timedelta(days=3))
    served = db.session.scalars(select(ServiceRecord.client_id)).all()
    assert served == [people["wang"]], "nobody who was not seen was served"
    void_visit(VoidVisit("another day", visits[0].version), q.one(visits[0].id), bo)
    assert (wang.last_met_on, li.last_outcome) == (None, "not_met"), "one of a round is undone alone"


def test_a_round_is_written_whole_or_not_at_all_and_says_which_rows(as_, people):
    bo = as_("bo")
    rows_of = [people[name] for name in ("wang", "kid", "sun", "wang")]
    command = RecordRound(clock.today(), tuple(Seen("done", client_id=key) for key in rows_of))
    with pytest.raises(Invalid) as refused:
        record_round(command, bo)
    said_at = {place: list(fields) for place, fields in refused.value.fields["persons"].items()}
    assert said_at == {1: ["client_id"], 2: ["client_id"], 3: ["client_id"]}
    assert db.session.scalar(select(func.count(Visit.id))) == 0
    with pytest.raises(Invalid) as ahead:
        record_round(RecordRound(clock.today() + timedelta(days=1), (Seen("done", client_id=people["wang"]),)), bo)
    assert "happened_on" in ahead.value.fields


# ---- the next day


@pytest.mark.parametrize(
    ("choice", "days", "rule"),
    [
        ({}, 14, "risk_orange"),
        ({"next_choice": "earlier"}, 7, "planned"),
        ({"next_choice": "other", "next_visit_on": 5}, 5, "planned"),
        ({"next_choice": "other", "next_visit_on": 40, "next_visit_reason": "with her daughter"}, 40, "planned"),
    ],
)
def test_the_rule_proposes_and_the_worker_decides(as_, people, choice, days, rule):
    bo = as_("bo")
    wang = q.client(people["wang"])
    today = clock.today()
    given = {k: today + timedelta(days=v) if k == "next_visit_on" else v for k, v in choice.items()}
    record_visit(said(**given), wang, bo)
    assert (wang.next_visit_on, wang.next_visit_rule) == (today + timedelta(days=days), rule)
    record_visit(said(), wang, bo)
    assert wang.next_visit_rule == "risk_orange", "the next visit ends the choice"


def test_a_higher_risk_needs_its_reason_in_a_case_and_changes_person_and_case(as_, people, cast):
    with system_session("rows", write=True) as session:
        case_id = rows.case(session, session.get(Client, people["li"]), cast.users["bo"], status="serving").id
    bo = as_("bo")
    li = q.client(people["li"])
    with pytest.raises(Invalid) as bare:
        record_visit(said(case_id=case_id, risk="red"), li, bo)
    assert "risk_reason" in bare.value.fields
    db.session.rollback()
    li = q.client(people["li"])
    record_visit(said(case_id=case_id, risk="red", risk_reason="found on the floor", alert_head=True), li, bo)
    assert (li.risk, li.next_visit_on) == ("red", clock.today() + timedelta(days=7))
    task = db.session.scalars(select(Task)).one()
    assert (task.kind, task.for_role, task.due_on, task.case_id) == ("worry", "station_head", clock.today(), case_id)


def test_words_are_put_right_by_their_author_within_the_week(as_, people):
    bo = as_("bo")
    visit = record_visit(said(note="slept badly"), q.client(people["wang"]), bo)
    db.session.commit()
    key = visit.id
    visit = q.one(key)
    amend_visit(AmendVisit(version=visit.version, note="slept well", findings=("sleeps_badly",)), visit, bo)
    db.session.commit()
    assert q.one(key).note == "slept well"
    ben = as_("ben")
    visit = q.one(key)
    with pytest.raises(Forbidden):
        amend_visit(AmendVisit(version=visit.version, note="x", findings=()), visit, ben)
    db.session.rollback()
    with system_session("rows", write=True) as session:
        session.get(Visit, key).created_at = clock.now() - timedelta(days=8)
    bo = as_("bo")
    visit = q.one(key)
    with pytest.raises(Forbidden):
        amend_visit(AmendVisit(version=visit.version, note="x", findings=()), visit, bo)
