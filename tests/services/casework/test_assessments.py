"""Assessments: what they leave behind, what is refused, who sees a restricted result, and what a danger sets going."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, CaseEvent, Client, Task
from caseapp.models.details.elderly import ElderlyDetail
from caseapp.models.trust import AuditEntry
from caseapp.queries.casework import assessments as queries
from caseapp.queries.casework import cases, timeline
from caseapp.queries.casework import visits as visit_queries
from caseapp.schemas.casework.assessment import ConfirmLevel, NoteStep, RecordAssessment, VoidAssessment
from caseapp.schemas.casework.case import AssignCase
from caseapp.schemas.casework.client.parts import NamePerson, OpenForPurpose
from caseapp.schemas.casework.task import EndTask
from caseapp.schemas.casework.visit import RecordVisit
from caseapp.services.casework import assessments as service
from caseapp.services.casework import due, protocols, tasks
from caseapp.services.casework.cases import team
from caseapp.services.casework.clients import access
from caseapp.services.casework.visits import record_visit
from tests import rows
from tests.answers import command

SUICIDAL = {"ideation": 2, "plan": 1}  # high
TODAY = clock.today


@pytest.fixture
def files(app: Any, cast: Any) -> dict[str, Any]:
    """Bo's cases in Riverside: of Wang (P2), of Kid (a minor) and Wang's restricted one; ids."""
    with system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        wang = rows.client(session, cast, "Riverside", "Wang", worker_id=bo)
        kid = rows.client(session, cast, "Riverside", "Kid", klass="minor", birth_on=date(2016, 5, 1), worker_id=bo)
        return {
            "wang": rows.case(session, wang, bo).id,
            "kid": rows.case(session, kid, bo).id,
            "secret": rows.case(session, wang, bo, klass="P3", status="serving", found_on=TODAY(), opened_on=TODAY()).id,
            "person": wang.id,
        }


def record(name: str, files: Any, as_: Any, code: str, *, of: str = "wang", **changed: Any) -> Assessment:
    """Somebody records a whole assessment and it is kept; as it then lies there, whether or not that one still sees it."""
    actor = as_(name)
    key = service.record(command(code, **changed), cases.one(files[of]), actor).id
    db.session.commit()
    with system_session("look") as session:
        row = session.get_one(Assessment, key)
        session.expunge(row)
    return row


def confirm(name: str, made: Assessment, as_: Any, level: str | None = None, reason: str | None = None) -> None:
    """Somebody stands for a level, the computed one unless said."""
    actor = as_(name)
    row = queries.one(made.id)
    service.confirm(ConfirmLevel(level or str(row.computed_level), reason, row.version), row, actor)
    db.session.commit()


def open_tasks(files: Any, of: str = "wang") -> dict[str, Task]:
    """Open tasks of a case by kind, whoever may see them."""
    with system_session("look") as session:
        found = list(session.scalars(select(Task).where(Task.case_id == files[of], Task.state == "open").order_by(Task.id)))
        session.expunge_all()
    assert len({task.kind for task in found}) == len(found), "each kind once"
    return {task.kind: task for task in found}


# --- recording and confirming ---


def test_a_result_is_kept_confirmed_and_looked_at_again(files: Any, as_: Any) -> None:
    row = record("bo", files, as_, "gds15", y2=1, y3=1, y4=1, y6=1, y8=1)
    assert (row.state, row.total, row.computed_level, row.level, row.klass) == ("complete", 5, "mild", None, "P2")
    confirm("bo", row, as_)
    row = queries.one(row.id)
    assert row.level == "mild" and row.due_on is not None and 85 < (row.due_on - TODAY()).days < 95
    assert not open_tasks(files)


def test_only_the_main_instrument_sets_what_the_domain_keeps(files: Any, as_: Any) -> None:
    for code in ("gbt42195", "barthel", "gds15", "phq9", "suicide_risk"):
        confirm("bo", record("bo", files, as_, code), as_)
    detail = db.session.scalars(select(ElderlyDetail)).one()
    assert detail.care_level == "0"


def test_another_level_than_the_computed_one_needs_a_reason(files: Any, as_: Any) -> None:
    made = record("bo", files, as_, "barthel", y2=0)
    bo = as_("bo")
    row = queries.one(made.id)
    with pytest.raises(Invalid) as refused:
        service.confirm(ConfirmLevel("moderate", None, row.version), row, bo)
    assert "reason" in refused.value.fields
    with pytest.raises(Conflict):
        service.confirm(ConfirmLevel("mild", None, row.version + 1), row, bo)
    confirm("bo", made, as_, "moderate", "falls at night")
    with pytest.raises(Conflict):
        confirm("bo", made, as_)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"instrument": "mzt039"}, "instrument"),
        ({"instrument": "gbt42195", "instrument_version": "2013"}, "instrument"),
        ({"instrument": "gds15", "instrument_version": "9"}, "instrument_version"),
        ({"instrument": "child_guardianship"}, "instrument"),  # not of this domain
        ({"instrument": "nothing"}, "instrument"),
        ({"assessed_on": date(2999, 1, 1)}, "assessed_on"),
        ({"assessed_on": date(1940, 1, 1)}, "assessed_on"),
        ({"reason": "whim"}, "reason"),
        ({"answers": {"1": 1}}, "answers.2"),
        ({"answers": {"1": 7}}, "answers.1"),
        ({"answers": {"99": 1}}, "answers.99"),
        ({"conditions": {"moon": 1}}, "conditions.moon"),
    ],
)
def test_what_is_refused_at_its_field(files: Any, as_: Any, changed: Any, field: str) -> None:
    bo = as_("bo")
    given = {"instrument": "gds15", "assessed_on": TODAY(), "answers": command("gds15").answers, **changed}
    with pytest.raises(Invalid) as refused:
        service.record(RecordAssessment(**given), cases.one(files["wang"]), bo)
    assert field in refused.value.fields
    db.session.rollback()
    assert db.session.scalars(select(Assessment)).all() == []


def test_a_begun_one_goes_on_in_the_same_row_and_a_stale_one_is_told(files: Any, as_: Any) -> None:
    bo = as_("bo")
    case = cases.one(files["wang"])
    first = RecordAssessment("gds15", TODAY(), answers={"1": 1}, finish=False)
    row = service.record(first, case, bo)
    db.session.commit()
    with pytest.raises(Conflict):
        service.record(RecordAssessment("gds15", TODAY(), answers={"1": 0}, finish=False, version=9), case, bo)
    again = service.record(command("gds15"), case, bo)
    assert again.id == row.id and again.state == "complete"


def test_who_may_and_where_it_is_not_found(files: Any, as_: Any) -> None:
    for name, error in (("chen", Forbidden), ("tao", Forbidden)):
        actor = as_(name)
        with pytest.raises(error):
            service.record(command("gds15"), cases.one(files["wang"]), actor)
    for name in ("eve", "far", "cora"):
        as_(name)
        with pytest.raises(NotFound):
            cases.one(files["wang"])


# --- who sees a restricted result in an ordinary or a minor's file ---


def seen(name: str, as_: Any, files: Any, of: str = "wang") -> set[str]:
    """Instruments whose results, and kinds whose tasks and steps, somebody sees in a case and on the person's story."""
    as_(name)
    case = db.session.get(Case, files[of])
    if case is None:
        return set()
    found = {row.instrument for row in queries.of_case(case.id)}
    found |= set(db.session.scalars(select(Task.kind).where(Task.case_id == case.id)))
    found |= set(db.session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == case.id)))
    client = db.session.get(Client, case.client_id)
    if client is not None:
        moments = [*timeline.for_client(client).moments, *timeline.for_case(case).moments]
        assert {m.row.instrument for m in moments if m.kind == "assessment"} <= found
    return found


def test_a_restricted_result_in_an_open_file_is_seen_by_worker_head_and_who_is_named(files: Any, as_: Any, cast: Any) -> None:
    row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
    record("bo", files, as_, "gds15")
    bo = as_("bo")
    protocols.note_step(NoteStep("suicide", "call_head"), queries.one(row.id), cases.one(files["wang"]), bo)
    db.session.commit()
    all_of_it = {"suicide_risk", "gds15", "crisis_told", "crisis_contact", "protocol_step"}
    assert seen("bo", as_, files) == seen("ann", as_, files) == all_of_it
    for name in ("ben", "chen", "tao"):
        assert seen(name, as_, files) == {"gds15"}, name
    for name in ("eve", "hal", "far", "cora", "pia", "sam", "dee"):
        assert seen(name, as_, files) == set(), name
    ann = as_("ann")
    access.name_on_file(NamePerson(cast.users["chen"], None), cases.one(files["wang"]), ann)
    db.session.commit()
    assert seen("chen", as_, files) == all_of_it and seen("tao", as_, files) == {"gds15"}


def test_nobody_is_named_on_a_file_that_holds_nothing_restricted(files: Any, as_: Any, cast: Any) -> None:
    record("bo", files, as_, "gds15")
    ann = as_("ann")
    with pytest.raises(Conflict):
        access.name_on_file(NamePerson(cast.users["chen"], None), cases.one(files["wang"]), ann)


def test_a_purpose_opens_a_minors_file_and_nothing_restricted_in_it(files: Any, as_: Any) -> None:
    record("bo", files, as_, "suicide_risk", of="kid", **SUICIDAL)
    record("bo", files, as_, "phq9", of="kid")
    ben = as_("ben")
    kid = db.session.scalars(select(Client).where(Client.name == "Kid")).one()
    access.open_for_purpose(OpenForPurpose("cover", None), kid, ben)
    db.session.commit()
    assert seen("ben", as_, files, "kid") == {"phq9"}
    assert seen("bo", as_, files, "kid") == seen("ann", as_, files, "kid") >= {"phq9", "suicide_risk", "crisis_told"}


def test_who_becomes_responsible_sees_it_and_who_was_does_not(files: Any, as_: Any, cast: Any) -> None:
    record("bo", files, as_, "suicide_risk", **SUICIDAL)
    ann = as_("ann")
    case = cases.one(files["wang"])
    team.assign(AssignCase(worker_id=cast.users["ben"], version=case.version), case, ann)
    db.session.commit()
    assert "suicide_risk" in seen("ben", as_, files) and seen("bo", as_, files) == {"assigned"}
    assert open_tasks(files)["crisis_contact"].user_id == cast.users["ben"]


def test_the_result_makes_no_open_form_of_the_case_stale_and_shows_no_date(files: Any, as_: Any) -> None:
    as_("ann")
    due.refresh_due(db.session.get(Client, files["person"]))
    db.session.commit()
    before = db.session.execute(select(Case.version, Case.next_visit_on, Case.risk).where(Case.id == files["wang"])).one()
    confirm("bo", record("bo", files, as_, "suicide_risk", now=1), as_)
    as_("ben")
    after = db.session.execute(select(Case.version, Case.next_visit_on, Case.risk).where(Case.id == files["wang"])).one()
    assert after == before
    assert db.session.get(Client, files["person"]).next_visit_rule not in ("suicide_imminent", "suicide_high")


def test_a_colleague_hands_a_restricted_result_on(files: Any, as_: Any) -> None:
    """Whoever meets the danger may ask, and does not become a reader of the file by asking."""
    ben = as_("ben")
    case = cases.one(files["wang"])
    assert not access.will_read(ben, case, "P3")
    with pytest.raises(Conflict) as refused:
        service.record(command("suicide_risk", finish=False, **SUICIDAL), case, ben)
    assert refused.value.code == "restricted"
    db.session.rollback()
    row = record("ben", files, as_, "suicide_risk", **SUICIDAL)
    assert seen("ben", as_, files) == set()
    assert {"suicide_risk", "crisis_told", "crisis_contact"} <= seen("bo", as_, files) & seen("ann", as_, files)
    found = open_tasks(files)
    assert found["crisis_contact"].user_id == queries_worker(files)
    as_("ben")
    with pytest.raises(NotFound):
        queries.one(row.id)


def test_a_result_begun_openly_is_handed_on_when_it_turns_out_restricted(files: Any, as_: Any) -> None:
    """The row changes its class under the hands of a colleague, who may finish it and loses sight of it."""
    ben = as_("ben")
    begun = service.record(command("phq9", finish=False), cases.one(files["wang"]), ben).id
    db.session.commit()
    assert seen("ben", as_, files) == {"phq9"}
    row = record("ben", files, as_, "phq9", y9=2)
    assert (row.id, row.klass, row.state) == (begun, "P3", "complete")
    assert seen("ben", as_, files) == set()
    assert {"phq9", "crisis_told"} <= seen("bo", as_, files)


def queries_worker(files: Any) -> Any:
    with system_session("look") as session:
        return session.get(Case, files["wang"]).worker_id


# --- what a danger sets going ---


def test_the_ninth_item_shuts_the_result_and_asks_for_the_list_today(files: Any, as_: Any, cast: Any) -> None:
    row = record("bo", files, as_, "phq9", y9=1)
    assert (row.klass, row.total, row.computed_level) == ("P3", 1, "none")
    found = open_tasks(files)
    assert found.keys() == {"suicide_screening", "crisis_told"}
    assert (found["suicide_screening"].user_id, found["suicide_screening"].due_on) == (cast.users["bo"], TODAY())
    assert (found["crisis_told"].for_role, found["crisis_told"].due_on) == ("station_head", TODAY())
    assert {task.klass for task in found.values()} == {"P3"} and {task.assessment_id for task in found.values()} == {row.id}
    assert seen("ben", as_, files) == set()
    record("bo", files, as_, "suicide_risk")
    assert open_tasks(files).keys() == {"crisis_told"}, "the list that was asked for has been gone through"


def test_it_asks_once_however_often_it_is_saved(files: Any, as_: Any) -> None:
    bo = as_("bo")
    case = cases.one(files["wang"])
    for answers in ({"9": 2}, {"9": 2, "1": 0}):
        service.record(RecordAssessment("phq9", TODAY(), answers=answers, finish=False), case, bo)
        db.session.commit()
    assert open_tasks(files).keys() == {"suicide_screening", "crisis_told"}, "before the form is finished"
    row = record("bo", files, as_, "phq9", y9=2)
    confirm("bo", row, as_)
    assert open_tasks(files).keys() == {"suicide_screening", "crisis_told"}


def test_a_worse_level_by_a_person_sets_it_going_and_a_better_one_stops_nothing(files: Any, as_: Any) -> None:
    row = record("bo", files, as_, "suicide_risk", ideation=1)
    assert not open_tasks(files)
    confirm("bo", row, as_, "high", "she would not look at me")
    assert open_tasks(files).keys() == {"crisis_told", "crisis_contact"}
    row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
    confirm("bo", row, as_, "low", "the daughter stays")
    assert open_tasks(files).keys() == {"crisis_told", "crisis_contact"}


def day(task: Task) -> int:
    return (task.due_on - TODAY()).days


@pytest.mark.parametrize(
    ("changed", "first", "then"),
    [(SUICIDAL, 1, 3), ({"now": 1}, 1, 1), ({"ideation": 2}, 7, 7)],
    ids=["high", "imminent", "medium"],
)
def test_contacts_go_on_by_the_rule_of_the_level(files: Any, as_: Any, changed: Any, first: int, then: int) -> None:
    with time_machine.travel("2026-11-10T09:00+08:00") as clock_:
        record("bo", files, as_, "suicide_risk", **changed)
        assert day(open_tasks(files)["crisis_contact"]) == first
        for _contact in range(3):
            clock_.shift(timedelta(days=day(open_tasks(files)["crisis_contact"])))
            bo = as_("bo")
            task = db.session.get(Task, open_tasks(files)["crisis_contact"].id)
            follows = tasks.end(EndTask("done"), task, bo)
            db.session.commit()
            assert follows is not None and day(open_tasks(files)["crisis_contact"]) == then
        record("bo", files, as_, "suicide_risk")
        assert "crisis_contact" not in open_tasks(files), "a new result in which nothing was found ends it"


def test_a_visit_keeps_the_promised_contact(files: Any, as_: Any) -> None:
    with time_machine.travel("2026-11-10T09:00+08:00") as clock_:
        record("bo", files, as_, "suicide_risk", **SUICIDAL)
        visit(files, as_, "done")
        assert day(open_tasks(files)["crisis_contact"]) == 1, "the visit of that day is where it was found"
        clock_.shift(timedelta(days=1))
        visit(files, as_, "not_met")
        assert day(open_tasks(files)["crisis_contact"]) == 0
        visit(files, as_, "done")
        assert day(open_tasks(files)["crisis_contact"]) == 3


def visit(files: Any, as_: Any, outcome: str) -> None:
    bo = as_("bo")
    said = RecordVisit(outcome=outcome, happened_on=TODAY(), reason="away" if outcome == "not_met" else None)
    record_visit(said, visit_queries.client(files["person"]), bo)
    db.session.commit()


def test_a_void_result_asks_nothing_more_of_the_worker_and_the_head_stays_told(files: Any, as_: Any) -> None:
    row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
    bo = as_("bo")
    row = queries.one(row.id)
    service.void(VoidAssessment("another person's answers", row.version), row, bo)
    db.session.commit()
    assert open_tasks(files).keys() == {"crisis_told"}
    with pytest.raises(Conflict):
        service.void(VoidAssessment("again", row.version), row, bo)


def test_a_restricted_case_has_its_own_dates_from_the_result(files: Any, as_: Any) -> None:
    confirm("bo", record("bo", files, as_, "suicide_risk", of="secret", **SUICIDAL), as_)
    case = cases.one(files["secret"])
    assert (case.next_visit_on, case.next_visit_rule) == (TODAY() + timedelta(days=1), "suicide_high")
    assert db.session.get(Client, files["person"]).next_visit_rule != "suicide_high"
    assert cases.one(files["wang"]).next_visit_rule != "suicide_high"


# --- steps of a protocol ---


def test_each_step_is_noted_with_its_time_and_stays(files: Any, as_: Any) -> None:
    with time_machine.travel("2026-11-10T14:05+08:00") as clock_:
        row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
        bo = as_("bo")
        row, case = queries.one(row.id), cases.one(files["wang"])
        protocols.note_step(NoteStep("suicide", "stay"), row, case, bo)
        clock_.shift(timedelta(minutes=20))
        protocols.note_step(NoteStep("suicide", "family", done=False, note="her son beats her"), row, case, bo)
        protocols.note_step(NoteStep("suicide", "call_head", at=time(14, 10)), row, case, bo)
        protocols.note_step(NoteStep("suicide", "family", note="the daughter comes at six"), row, case, bo)
        db.session.commit()
        noted = [(e.facts["step"], e.facts["done"], e.facts["time"], e.note, e.klass) for e in queries.steps_of(row)]
    assert noted == [
        ("stay", True, "14:05", None, "P3"),
        ("family", False, "14:25", "her son beats her", "P3"),
        ("call_head", True, "14:10", None, "P3"),
        ("family", True, "14:25", "the daughter comes at six", "P3"),
    ]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (NoteStep("suicide", "dance"), "step"),
        (NoteStep("violence", "police"), "step"),
        (NoteStep("suicide", "stay", happened_on=date(2999, 1, 1)), "at"),
        (NoteStep("suicide", "stay", happened_on=date(2020, 1, 1)), "happened_on"),
    ],
)
def test_a_step_that_cannot_be(files: Any, as_: Any, step: NoteStep, field: str) -> None:
    row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
    bo = as_("bo")
    with pytest.raises(Invalid) as refused:
        protocols.note_step(step, queries.one(row.id), cases.one(files["wang"]), bo)
    assert field in refused.value.fields


def test_the_trail_names_the_file_and_nothing_of_what_is_restricted(files: Any, as_: Any) -> None:
    row = record("bo", files, as_, "suicide_risk", **SUICIDAL)
    bo = as_("bo")
    protocols.note_step(NoteStep("suicide", "stay"), queries.one(row.id), cases.one(files["wang"]), bo)
    db.session.commit()
    with system_session("look") as session:
        told = [str(entry.changes) for entry in session.scalars(select(AuditEntry).where(AuditEntry.kind == "change"))]
    assert any("assessment.recorded" in text for text in told) and any("case.step_noted" in text for text in told)
    for text in told:
        assert not [word for word in ("suicide", "crisis", "high", "stay") if word in text]
