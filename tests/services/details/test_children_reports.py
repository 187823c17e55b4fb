"""Mandatory reports: nothing stands in their way, everything becomes P3, nobody else meets anything of it, the minutes are right."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp import reference
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.details.children import ChildrenReport, ChildrenTold
from caseapp.models.trust import AuditEntry, FileAccess
from caseapp.queries.casework import cases, clients, today
from caseapp.queries.casework.duties import Whose
from caseapp.queries.details.children import reports as queries
from caseapp.queries.details.children.counts import reports as counted
from caseapp.queries.details.children.duties import duties
from caseapp.schemas.casework.assessment import NoteStep
from caseapp.schemas.casework.case import TakeStep
from caseapp.schemas.details.children import report as s
from caseapp.services.casework import assessments, closing, protocols
from caseapp.services.casework.cases import gates
from caseapp.services.details.children import filing
from caseapp.services.details.children import reports as service
from tests import answers, rows


def said(client_id=None, ago=30, **more) -> s.FileReport:
    """A report of something found some minutes ago."""
    found = clock.now() - timedelta(minutes=ago)
    return s.FileReport("unattended", "a child alone in a cold house", found, client_id, **more)


@pytest.fixture
def people(app, cast) -> dict[str, Any]:
    """Mei, a child of Bo with an open case, visited together with her brother Lin; Tang of Hillside."""
    born = clock.today().replace(year=clock.today().year - 9)
    with system_session("rows", write=True) as session:
        bo, day = cast.users["bo"], clock.today() - timedelta(days=40)
        mei = rows.client(session, cast, "Riverside", "Mei", klass="minor", birth_on=born, worker_id=bo, risk="green")
        lin = rows.client(session, cast, "Riverside", "Lin", klass="minor", birth_on=born, worker_id=bo)
        case = rows.case(session, mei, bo, domain="children", status="serving", risk="orange", risk_reason="alone")
        visit = rows.visit(session, lin, bo, day, note_enc=None)
        shared = c.VisitPerson(visit_id=visit.id, client_id=mei.id, case_id=case.id, happened_on=day, outcome="done")
        shared.belongs_to(case)
        session.add(shared)
        tang = rows.client(session, cast, "Hillside", "Tang", klass="minor", birth_on=born, worker_id=cast.users["eve"])
        return {"mei": mei.id, "lin": lin.id, "case": case.id, "visit": visit.id, "tang": tang.id}


def look(model, *where):
    with system_session("look") as session:
        found = session.scalars(select(model).where(*where)).all()
        session.expunge_all()
        return found


def test_a_colleague_without_purpose_reports_and_sees_the_report_only(as_, people, cast):
    ben = as_("ben")
    report = filing.file_report(said(people["mei"]), ben)
    db.session.commit()
    key = report.id
    ben = as_("ben")
    assert queries.one(key).sentence == "a child alone in a cold house"
    assert queries.case_of(queries.one(key)) is None, "the file is not opened by reporting"
    with pytest.raises(NotFound):
        cases.one(people["case"])
    assert db.session.scalars(select(c.Task)).all() == [] and db.session.scalars(select(c.Visit)).all() == []
    line = clients.one(people["mei"])
    assert (line.klass, line.risk) == ("minor", "green"), "the person's line shows nothing of it"
    service.note_safety(s.SafetyNow("with_suspect", queries.one(key).version), queries.one(key), ben)
    db.session.commit()
    for name in ("eve", "chen", "tao", "cora", "pia", "sam", "dee"):
        as_(name)
        with pytest.raises(NotFound):
            queries.one(key)
        assert db.session.scalars(select(ChildrenTold)).all() == []


@pytest.mark.parametrize("running", [True, False])
def test_a_reported_case_is_assessed_anew_once(as_, people, cast, running):
    """A crisis that ran already had the general promise; the report asks for the same sooner, so only its own is left."""
    with system_session("rows", write=True) as session:
        case = session.get(c.Case, people["case"])
        case.urgency = "crisis"
        rows.task(session, case, "reassess", cast.users["bo"])
        if not running:
            case.status = "closed"
    key = filing.file_report(said(people["mei"]), as_("bo")).case_id
    db.session.commit()
    assert (key == people["case"]) == running
    kinds = [task.kind for task in look(c.Task, c.Task.case_id == key, c.Task.state == "open")]
    assert kinds.count("report_assessment") == 1 and "reassess" not in kinds


def test_the_line_forgets_the_risk_of_the_reported_case(as_, people, cast):
    """It showed the orange of the case that is shut now; what is left is the blue of a colleague's case of another minor's file."""
    with system_session("rows", write=True) as session:
        mei = session.get(c.Client, people["mei"])
        mei.risk = "orange"
        rows.case(session, mei, cast.users["ben"], domain="elderly", status="serving", risk="blue", case_no="EL-2")
    filing.file_report(said(people["mei"]), as_("bo"))
    db.session.commit()
    assert look(c.Client, c.Client.id == people["mei"])[0].risk == "blue"


def test_everything_of_the_case_becomes_p3_and_the_head_is_told(as_, people, cast):
    with system_session("a purpose", write=True) as session:
        case = session.get(c.Case, people["case"])
        rows.assigned(session, case, cast.users["ben"], "purpose")
        rows.assigned(session, case, cast.users["chen"], "named")
    filing.file_report(said(people["mei"]), as_("ben"))
    db.session.commit()
    case = look(c.Case, c.Case.id == people["case"])[0]
    assert (case.klass, case.urgency, case.risk, case.status) == ("P3", "crisis", "red", "serving")
    for model in (c.CaseEvent, c.VisitPerson, c.Task, ChildrenReport):
        found = look(model, model.file_id == people["case"])
        assert found and {row.klass for row in found} == {"P3"}, model
    visit = look(c.Visit, c.Visit.id == people["visit"])[0]
    assert (visit.klass, visit.file_id) == ("P3", people["case"]), "a visit shared with the brother is shut too"
    assert all(event.by_id is None for event in look(c.CaseEvent, c.CaseEvent.step == "harm_reported")), "no name in the story"
    open_to = {
        e.user_id for e in look(FileAccess, FileAccess.file_id == people["case"]) if e.to_on is None or e.to_on >= clock.today()
    }
    assert open_to == {cast.users["bo"], cast.users["chen"]}, "the worker and who was named; purposes have ended"
    ann = as_("ann")
    kinds = [task.kind for task in today.desk(ann, None).tasks]
    assert "harm_report" in kinds
    for name, sees in (("bo", True), ("chen", True), ("ben", False), ("tao", False)):
        as_(name)
        assert (db.session.get(c.Case, people["case"]) is not None) == sees, name


def test_a_child_nobody_knows_is_put_on_file_by_the_report(as_, people, cast):
    report = filing.file_report(said(), as_("bo"))
    db.session.commit()
    child = clients.one(report.client_id)
    assert child.klass == "minor" and child.is_unidentified and child.birth_on is None and child.sex == "0"
    case = cases.one(report.case_id)
    assert (case.klass, case.status, case.urgency, case.worker_id) == ("P3", "serving", "crisis", cast.users["bo"])
    assert case.next_visit_on is not None and case.next_step is not None
    assert not look(c.Task, c.Task.case_id == case.id, c.Task.kind == "notify_later"), "nobody is warned"


def test_a_case_opened_for_another_worker_has_its_dates(as_, cast, people):
    """Who reports is not responsible: what is reckoned for the new case must reach the row all the same."""
    report = filing.file_report(said(people["lin"]), as_("ben"))
    db.session.commit()
    case = look(c.Case, c.Case.id == report.case_id)[0]
    assert case.worker_id == cast.users["bo"] and case.next_visit_on is not None and case.next_step is not None


def test_an_ended_stay_a_death_and_a_missing_consent_stand_in_no_way(as_, people):
    with system_session("gone", write=True) as session:
        row = session.get(c.Client, people["lin"])
        row.state, row.deceased_on = "ended", clock.today()
    report = filing.file_report(said(people["lin"]), as_("ben"))
    assert report.state == "open"


def test_another_station_and_bureaus_find_no_child(as_, people):
    with pytest.raises(NotFound):
        filing.file_report(said(people["tang"]), as_("bo"))
    for name in ("chen", "tao"):
        with pytest.raises(Forbidden):
            filing.file_report(said(people["mei"]), as_(name))
    for name in ("cora", "dee"):
        with pytest.raises((Forbidden, NotFound)):
            filing.file_report(said(people["mei"]), as_(name))


def told(report, actor, whom, ago):
    return service.tell(s.Tell(whom, clock.now() - timedelta(minutes=ago), "phone", "officer 12"), report, actor)


def test_the_first_authority_makes_the_minutes_and_both_must_answer(as_, people):
    bo = as_("bo")
    report = filing.file_report(said(people["mei"], ago=90), bo)
    told(report, bo, "head", 85)
    assert report.minutes is None, "the head is no authority"
    civil = told(report, bo, "hotline", 40)
    assert report.minutes == 50 and report.civil_told_on is not None and report.police_told_on is None
    police = told(report, bo, "police_110", 60)
    assert report.minutes == 30
    with pytest.raises(Invalid):
        told(report, bo, "education", 200)
    service.void_told(police, report, bo)
    assert report.minutes == 50 and report.police_told_on is None
    police = told(report, bo, "police_station", 20)
    case = cases.one(report.case_id)
    with pytest.raises(Conflict):
        service.close(s.CloseReport(report.version), report, case, bo)
    service.note_outcome(s.Outcome("guidance", clock.today(), report.version, "police"), report, bo)
    with pytest.raises(Invalid):
        service.close(s.CloseReport(report.version), report, case, bo)
    for row in (police, civil):
        service.note_answer(s.Answer(row.version, "R-1", "accepted", clock.today()), row, report, bo)
    assert queries.next_step(report) == "safety"
    service.close(s.CloseReport(report.version), report, case, bo)
    assert report.state == "closed"
    with pytest.raises(Conflict):
        told(report, bo, "education", 1)


def test_duties_follow_the_facts_and_reach_the_head_when_late(as_, people, cast):
    ben = as_("ben")
    report = filing.file_report(said(people["mei"], ago=60 * 50), ben)
    db.session.commit()
    key = report.id
    until = clock.today() + timedelta(days=7)
    for name in ("ben", "bo"):
        actor = as_(name)
        assert {d.kind for d in duties(Whose(until, actor.user_id))} >= {"tell_police", "tell_civil"}, name
    ann = as_("ann")
    assert {d.kind for d in duties(Whose(until, ann.user_id, late_of_all=True))} >= {"tell_police"}, "late: the head too"
    ben = as_("ben")
    report = queries.one(key)
    told(report, ben, "police_110", 5)
    told(report, ben, "civil_affairs", 4)
    kinds = {d.kind: d.on for d in duties(Whose(until, ben.user_id))}
    assert kinds["answer_police"] == clock.today() + timedelta(days=1) and kinds["answer_civil"] == clock.today() + timedelta(
        days=3
    )
    db.session.commit()
    ann = as_("ann")
    found = [d for d in duties(Whose(until, ann.user_id, late_of_all=True)) if d.kind.startswith(("tell", "answer"))]
    assert found == [], "not late yet"


def test_void_stays_readable_and_only_the_head_lifts_the_restriction(as_, people, cast):
    report = filing.file_report(said(people["mei"]), as_("ben"))
    db.session.commit()
    key = report.id
    for name in ("bo",):
        actor = as_(name)
        row = queries.one(key)
        with pytest.raises(Forbidden):
            service.void(s.VoidReport("wrong child", row.version), row, actor)
    actor = as_("ben")
    row = queries.one(key)
    with pytest.raises(Forbidden):
        service.void(s.VoidReport("wrong child", row.version, lift=True), row, actor)
    service.void(s.VoidReport("wrong child", row.version), row, actor)
    db.session.commit()
    assert look(c.Case, c.Case.id == people["case"])[0].klass == "P3", "never lowered by itself"
    ann = as_("ann")
    assert "harm_void" in [task.kind for task in today.desk(ann, None).tasks]
    second = filing.file_report(said(people["mei"]), ann)
    db.session.flush()
    assert second.class_before == "P3"


def test_the_head_lifts_what_only_a_mistake_restricted(as_, people):
    ann = as_("ann")
    report = filing.file_report(said(people["mei"]), ann)
    service.void(s.VoidReport("wrong child", report.version, lift=True), report, ann)
    db.session.commit()
    found = look(c.Case, c.Case.id == people["case"])[0]
    assert found.klass == "minor"
    assert {row.klass for row in look(c.VisitPerson, c.VisitPerson.file_id == people["case"])} == {"minor"}


def test_what_is_restricted_in_any_file_stays_so_when_the_file_is_opened_up(as_, people):
    """A suicide list found meanwhile, the tasks it asks for and its noted steps; the guardianship opens up with the file."""
    bo = as_("bo")
    report = filing.file_report(said(people["mei"]), bo)
    case = cases.one(people["case"])
    secret = assessments.record(answers.command("suicide_risk", now=1), case, bo)
    plain = assessments.record(answers.command("child_guardianship", c1=2), case, bo)
    step = reference.protocols()["suicide"].steps[0].code
    protocols.note_step(NoteStep(protocol="suicide", step=step, done=True), secret, case, bo)
    db.session.commit()
    keys = secret.id, plain.id, report.id
    ann = as_("ann")
    row = queries.one(keys[2])
    service.void(s.VoidReport("wrong child", row.version, lift=True), row, ann)
    db.session.commit()
    held = look(c.Case, c.Case.id == people["case"])[0]
    assert (held.klass, held.holds_restricted) == ("minor", True)
    assert {r.id: r.klass for r in look(c.Assessment, c.Assessment.case_id == people["case"])} == {
        keys[0]: "P3",
        keys[1]: "minor",
    }
    tasks = {r.klass for r in look(c.Task, c.Task.assessment_id == keys[0])}
    steps = {r.klass for r in look(c.CaseEvent, c.CaseEvent.step == "protocol_step")}
    assert (tasks, steps) == ({"P3"}, {"P3"})


def test_the_file_closes_without_approval_and_is_reviewed_afterwards(as_, people):
    bo = as_("bo")
    report = filing.file_report(said(people["mei"]), bo)
    case = cases.one(people["case"])
    case.status = "closing"
    case.closing_reason, case.closing = "achieved", {"outcomes": {}}
    db.session.flush()
    open_report = [gate for gate, _words in gates.missing(case, ("closure_approved", "reports_closed"))]
    assert open_report == ["reports_closed"], "no approval, but the report must be closed first"
    told(report, bo, "police_110", 1)
    service.note_outcome(s.Outcome("no_harm", clock.today(), report.version), report, bo)
    service.close(s.CloseReport(report.version, "they call back"), report, case, bo)
    closing.close(TakeStep(case.version), case, bo)
    db.session.commit()
    reviews = look(c.Review, c.Review.case_id == people["case"])
    assert [(row.kind, row.state, row.klass) for row in reviews] == [("file_check", "open", "P3")]
    assert look(c.Task, c.Task.kind == "name_reviewer"), "the head names somebody who may read it"


def test_figures_are_the_heads_alone(as_, people):
    ann = as_("ann")
    for ago in (10, 20, 90):
        report = filing.file_report(said(people["mei"], ago=ago), ann)
        told(report, ann, "police_110", 0)
    first = clock.today() - timedelta(days=30)
    found = counted(ann, first, clock.today())
    assert found is not None and (found.number, found.open, found.minutes) == (3, 3, 20)
    db.session.commit()
    for name in ("bo", "ben", "tao", "chen", "cora"):
        assert counted(as_(name), first, clock.today()) is None


def test_the_trail_holds_no_word_of_it(as_, people):
    bo = as_("bo")
    told(filing.file_report(said(people["mei"]), bo), bo, "police_110", 1)
    db.session.commit()
    entries = look(AuditEntry, AuditEntry.kind == "change")
    assert any(people["case"].bytes in (entry.people or b"") for entry in entries)
    text = "".join(str(entry.changes) + str(entry.reason) for entry in entries)
    for secret in ("cold house", "unattended", "officer 12", "Mei"):
        assert secret not in text
