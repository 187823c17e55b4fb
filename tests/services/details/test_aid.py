"""Applications, the authority's answers, benefits and re-checks, the urgent need: what each leaves behind, and who may."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models.details.assistance import AssistanceDetail
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.details.assistance.aid import (
    EndBenefit,
    HandIn,
    MeetUrgentNeed,
    RecordAnswer,
    RecordAnswerSchema,
    TellAppeal,
    TickPapers,
    VoidAnswer,
    WriteBenefit,
    WriteRequest,
)
from caseapp.services.casework.cases import gates
from caseapp.services.casework.cases.open import open_case
from caseapp.services.details.assistance import aid, benefits, urgent
from tests import poor, rows

TODAY = clock.today()
AGO = TODAY - timedelta(days=20)


@pytest.fixture
def found(engine):
    """The family and its case, its detail known."""
    found = poor.family(engine)
    poor.detail(engine, found["case"])
    return found


def applied(actor, found, kind="dibao", **more):
    case = cases.one(found["case"])
    return case, aid.write(WriteRequest(kind, **more), case, actor)


def handed(actor, found, kind="dibao", **more):
    case, row = applied(actor, found, kind, **more)
    return case, aid.hand_in(HandIn(row.version, AGO, "the township"), row, case, actor)


def answered(row, case, actor, answer="given", **more):
    values = {"authority": "county", "paper_no": "2026-17", **more}
    return aid.answer(RecordAnswer(row.version, answer, TODAY, **values), queries.request(row.id, case), case, actor)


def tasks(case, state="open"):
    query = select(c.Task).where(c.Task.case_id == case.id, c.Task.state == state)
    return {row.kind: row.due_on for row in db.session.scalars(query)}


def tags(client_id):
    return {(row.code, row.basis) for row in db.session.scalars(select(c.TargetTag).where(c.TargetTag.client_id == client_id))}


def test_papers_are_listed_ticked_and_handed_in(as_, found):
    bo = as_("bo")
    case, row = applied(bo, found)
    assert "application" in row.papers_wanted and row.state == "preparing"
    row = aid.tick(TickPapers(row.version, ("application", "photo"), "box 3"), row, case, bo)
    assert set(row.papers_ready) == {"application", "photo"} <= set(row.papers_wanted)
    row = aid.hand_in(HandIn(row.version, AGO, "the township", "R-1"), row, case, bo)
    assert (row.state, row.receipt_no) == ("handed_in", "R-1")
    assert tasks(case) == {"aid_answer": dates.add_working_days(AGO, 20)}
    with pytest.raises(Conflict):
        aid.tick(TickPapers(row.version - 1, ()), row, case, bo)


def test_the_same_aid_is_not_applied_for_twice_at_a_time(as_, found):
    bo = as_("bo")
    case, _row = applied(bo, found)
    with pytest.raises(Conflict) as error:
        applied(bo, found)
    assert error.value.field == "aid"
    with pytest.raises(Invalid):
        applied(bo, found, "medical", for_whom=("f" * 32,))
    assert len(queries.of_case(case)) == 1


def test_given_stands_with_the_family_the_persons_and_the_next_recheck(as_, found):
    """The authority's own decision: benefit, target group of those on file whose files are open to me, re-check in half a year."""
    bo = as_("bo")
    case, row = handed(bo, found)
    row = answered(row, case, bo, amount=44000, per="month", rhythm="changeable", tag=True)
    benefit = queries.benefits(families.of_case(case))[0]
    assert (row.state, row.benefit_id, benefit.amount) == ("given", benefit.id, 44000)
    assert benefit.recheck_on == dates.add_months(TODAY, 6)
    assert tasks(case) == {"aid_recheck": benefit.recheck_on}
    assert ("SA01", "2026-17") in tags(found["client"]) and ("SA01", "2026-17") in tags(found["minor"])
    said = queries.request(row.id, case).answers[0]
    assert (said.authority, said.paper_no, said.answered_on) == ("county", "2026-17", TODAY)
    with pytest.raises(Conflict):
        answered(row, case, bo)


def test_a_colleague_does_not_tag_a_minor_whose_file_is_shut(as_, found):
    ben = as_("ben")
    case, row = handed(ben, found)
    answered(row, case, ben, tag=True)
    db.session.commit()
    as_("bo")
    assert tags(found["client"]) and tags(found["minor"]) == set()


def test_the_months_to_the_next_recheck_are_a_setting(as_, found, engine, cast):
    with system_session("setting", write=True) as session:
        session.add(
            o.Setting(
                organisation_id=cast.places["county"],
                name="assistance.recheck_months_stable",
                value=9,
                from_on=AGO,
                set_at=clock.now(),
            )
        )
    bo = as_("bo")
    case = cases.one(found["case"])
    row = benefits.record(WriteBenefit("tekun", AGO, rhythm="stable"), case, bo)
    assert row.recheck_on == dates.add_months(AGO, 9)
    assert benefits.record(WriteBenefit("medical", AGO), case, bo).recheck_on is None


def test_paid_once_has_ended_when_it_was_given(as_, found):
    bo = as_("bo")
    case, row = handed(bo, found, "temporary")
    answered(row, case, bo, amount=100000, per="once")
    benefit = queries.benefits(families.of_case(case))[0]
    assert (benefit.to_on, benefit.end_reason, benefit.recheck_on) == (benefit.from_on, "once", None)


def test_refused_is_told_with_its_day_and_then_kept(as_, found):
    bo = as_("bo")
    case, row = handed(bo, found)
    row = answered(row, case, bo, "refused", reason="a lorry in the family's name")
    assert row.appeal_until == TODAY + timedelta(days=60) and queries.benefits(families.of_case(case)) == []
    assert tasks(case) == {"aid_appeal": dates.add_working_days(TODAY, 2)}
    with pytest.raises(Invalid):
        aid.tell_appeal(TellAppeal(row.version, TODAY - timedelta(days=1)), row, case, bo)
    aid.tell_appeal(TellAppeal(row.version, TODAY, "will ask again"), row, case, bo)
    assert tasks(case) == {} and row.appeal_note == "will ask again"


def test_more_opens_the_papers_again(as_, found):
    bo = as_("bo")
    case, row = handed(bo, found)
    row = answered(row, case, bo, "more", authority="township", reason="bank statement")
    assert row.state == "more" and tasks(case) == {}
    row = aid.hand_in(HandIn(row.version, TODAY, "the township"), row, case, bo)
    assert (row.handed_in_on, row.first_handed_in_on) == (TODAY, AGO), "figures count an application once"
    row = answered(row, case, bo)
    assert [said.answer for said in queries.request(row.id, case).answers] == ["more", "given"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answer": "refused", "authority": "county"}, "reason"),
        ({"answer": "more", "authority": "county"}, "reason"),
        ({"answer": "given", "authority": "family"}, "authority"),
        ({"answer": "given"}, "authority"),
        ({"answer": "withdrawn", "authority": "county"}, "authority"),
        ({"answer": "given", "authority": "county", "amount": "440"}, "per"),
        ({"answer": "given", "authority": "county", "amount": "-1", "per": "month"}, "amount"),
        ({"answer": "yes", "authority": "county"}, "answer"),
    ],
)
def test_an_answer_is_the_authoritys_and_whole(said, field):
    with pytest.raises(ValidationError) as error:
        RecordAnswerSchema().load({"version": 1, "answered_on": TODAY.isoformat(), **said})
    assert list(error.value.normalized_messages()) == [field]


def test_nothing_is_answered_before_it_was_handed_in(as_, found):
    bo = as_("bo")
    case, row = applied(bo, found)
    with pytest.raises(Conflict):
        answered(row, case, bo)
    row = answered(row, case, bo, "withdrawn", authority="family")
    assert row.state == "withdrawn"
    case, row = handed(bo, found)
    early = RecordAnswer(row.version, "given", AGO - timedelta(days=1), "county")
    with pytest.raises(Invalid):
        aid.answer(early, row, case, bo)


def test_an_answer_recorded_by_mistake_takes_its_benefit_along(as_, found):
    bo = as_("bo")
    case, row = handed(bo, found)
    row = answered(row, case, bo)
    row = queries.request(row.id, case)
    row = aid.void_answer(VoidAnswer(row.version, "another family's paper"), row.answers[0], row, case, bo)
    benefit = queries.benefits(families.of_case(case))[0]
    assert (row.state, row.benefit_id, benefit.end_reason) == ("handed_in", None, "wrong")
    assert "aid_answer" in tasks(case) and "aid_recheck" not in tasks(case)
    row = queries.request(row.id, case)
    with pytest.raises(Conflict):
        aid.void_answer(VoidAnswer(row.version, "once more"), row.answers[0], row, case, bo)


def test_a_recheck_moves_the_day_or_ends_the_benefit(as_, found):
    bo = as_("bo")
    case = cases.one(found["case"])
    benefit = benefits.record(
        WriteBenefit("dibao", AGO - timedelta(days=400), amount=40000, per="month", rhythm="stable"), case, bo
    )
    assert benefit.recheck_on < TODAY and "aid_recheck" in tasks(case)
    row = aid.start_recheck(benefit, case, bo)
    assert aid.start_recheck(benefit, case, bo).id == row.id and row.purpose == "recheck"
    row = aid.hand_in(HandIn(row.version, AGO, "the township"), row, case, bo)
    answered(row, case, bo, amount=52000, per="month")
    assert (benefit.amount, benefit.checked_on, benefit.recheck_on) == (52000, TODAY, dates.add_months(TODAY, 12))
    assert tasks(case) == {"aid_recheck": benefit.recheck_on}
    row = aid.start_recheck(benefit, case, bo)
    row = aid.hand_in(HandIn(row.version, TODAY, "the township"), row, case, bo)
    answered(row, case, bo, "refused", reason="income rose")
    assert (benefit.to_on, benefit.end_reason, benefit.recheck_on) == (TODAY, "recheck", None)
    assert set(tasks(case)) == {"aid_appeal"}


def test_a_benefit_ends_and_its_promise_with_it(as_, found):
    bo = as_("bo")
    case = cases.one(found["case"])
    benefit = benefits.record(WriteBenefit("dibao", AGO, rhythm="stable"), case, bo)
    with pytest.raises(Conflict):
        benefits.record(WriteBenefit("dibao", AGO), case, bo)
    with pytest.raises(Invalid):
        benefits.end(EndBenefit(benefit.version, AGO - timedelta(days=1), "moved"), benefit, case, bo)
    benefits.end(EndBenefit(benefit.version, TODAY, "moved"), benefit, case, bo)
    assert tasks(case) == {}
    with pytest.raises(Conflict):
        benefits.end(EndBenefit(benefit.version, TODAY, "moved"), benefit, case, bo)


def test_the_family_is_the_same_in_its_next_case(as_, found, engine, cast):
    """A benefit recorded in a closed case is looked after in the new one, its promise with it."""
    bo = as_("bo")
    case = cases.one(found["case"])
    benefit = benefits.record(WriteBenefit("dibao", AGO, rhythm="stable"), case, bo)
    case.status = "closed"
    household = OpenCase("assistance", "visit", TODAY, household_id=found["household"])
    second = open_case(household, bo)
    assert second.case_no.startswith("SA-")
    second = cases.one(second.id)
    assert [row.id for row in queries.benefits(families.of_case(second))] == [benefit.id]
    aid.start_recheck(queries.benefit(benefit.id, families.of_case(second)), second, bo)
    assert benefit.case_id == benefit.file_id == second.id
    assert "aid_recheck" not in tasks(case) and "aid_recheck" in tasks(second)


def test_the_months_list_is_late_first_and_of_the_own_station(as_, found, engine):
    bo = as_("bo")
    case = cases.one(found["case"])
    late = benefits.record(WriteBenefit("dibao", AGO - timedelta(days=400), rhythm="stable"), case, bo)
    far = benefits.record(WriteBenefit("tekun", AGO, rhythm="stable"), case, bo)
    late_id, far_id, day = late.id, far.id, far.recheck_on
    db.session.commit()
    bo = as_("bo")
    assert [row.id for row in queries.rechecks(dates.month_end(TODAY)).items] == [late_id]
    assert [row.id for row in queries.rechecks(day, day).items] == [far_id]
    assert queries.rechecks(dates.month_end(TODAY), None, as_("ben").user_id).items == []
    as_("eve")
    assert queries.rechecks(day).items == []


def test_something_missing_today_is_on_two_desks_and_then_seen_to(as_, found, engine, cast):
    """Opened with a need of today: worker and head have it for today; relief is asked for before the papers, which are promised."""
    as_("bo")
    client = rows_client(engine, cast)
    bo = as_("bo")
    row = open_case(
        OpenCase("assistance", "visit", TODAY, client_id=client, detail={"urgent_needs": ["heat"], "matter": "urgent"}), bo
    )
    case = cases.one(row.id)
    todo = db.session.scalars(select(c.Task).where(c.Task.case_id == case.id)).all()
    assert {(t.kind, t.user_id, t.for_role, t.due_on) for t in todo} == {
        ("urgent_relief", bo.user_id, None, TODAY),
        ("urgent_relief", None, "station_head", TODAY),
    }
    command = MeetUrgentNeed(("heat",), "half a ton of coal", "township", 50000, "the township office", True)
    request = urgent.meet(command, case, bo)
    assert (request.state, request.handed_in_on, request.urgent) == ("handed_in", TODAY, True)
    assert request.relief == {"what": "half a ton of coal", "by": "township", "worth": 50000}
    assert set(tasks(case)) == {"relief_papers", "aid_answer"}
    detail = db.session.scalars(select(AssistanceDetail).where(AssistanceDetail.case_id == case.id)).one()
    assert detail.urgent_met_on == TODAY
    event = db.session.scalars(select(c.CaseEvent).where(c.CaseEvent.step == "urgent_relief")).one()
    assert event.note == "half a ton of coal" and event.facts["urgent"]
    aid.tick(TickPapers(request.version, tuple(request.papers_wanted)), request, case, bo)
    assert set(tasks(case)) == {"aid_answer"}
    with pytest.raises(Conflict):
        urgent.meet(command, case, bo)


def rows_client(engine, cast):
    with system_session("rows", write=True) as session:
        return rows.client(session, cast, "Riverside", "赵六", worker_id=cast.users["bo"]).id


def test_an_open_application_stands_before_the_closing(as_, found):
    bo = as_("bo")
    case, row = handed(bo, found)
    assert [name for name, _words in gates.missing(case, ("applications_answered",))] == ["applications_answered"]
    answered(row, case, bo, "refused", reason="no")
    assert gates.missing(case, ("applications_answered",)) == []


@pytest.mark.parametrize(("name", "refusal"), [("eve", NotFound), ("far", NotFound), ("tao", Forbidden), ("cora", Forbidden)])
def test_strangers_and_readers_do_not_write(as_, found, name, refusal):
    other, bo = as_(name), as_("bo")
    case, row = handed(bo, found)
    benefit = benefits.record(WriteBenefit("medical", AGO), case, bo)
    verbs = (
        lambda: aid.write(WriteRequest("education"), case, other),
        lambda: aid.tick(TickPapers(row.version, ()), row, case, other),
        lambda: aid.answer(RecordAnswer(row.version, "given", TODAY, "county"), row, case, other),
        lambda: benefits.end(EndBenefit(benefit.version, TODAY, "moved"), benefit, case, other),
        lambda: urgent.meet(MeetUrgentNeed(("food",), "rice", "village"), case, other),
        lambda: aid.start_recheck(benefit, case, other),
    )
    for verb in verbs:
        with pytest.raises(refusal):
            verb()
