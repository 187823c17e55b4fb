"""The way of a case: what each stage demands, what may be made up for, how it ends, comes back and is shut to others."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.core import clock, dates
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent, CaseMember, Client, Consent, Household, Review, Task
from caseapp.models.trust import AuditEntry, FileAccess
from caseapp.queries.casework import cases, clients, plans, reviews
from caseapp.queries.casework import consents as consent_queries
from caseapp.schemas.casework.case import AssignCase, ChangeRisk, Decline, Restrict
from caseapp.schemas.casework.client.parts import NamePerson
from caseapp.schemas.casework.consent import WithdrawConsent
from caseapp.schemas.casework.plan import GoalInput, GoalProgress, WritePlan
from caseapp.services.casework import consents
from caseapp.services.casework import plans as planning
from caseapp.services.casework.cases import restrict, steps, team
from caseapp.services.casework.clients import access
from tests.services.casework.course import Course, behind


def tasks(case_id):
    """Open promises of a case, by kind."""
    query = select(Task).where(Task.case_id == case_id, Task.state == "open").order_by(Task.kind)
    return {row.kind: row for row in db.session.scalars(query)}


def refused(course, name, code, **more):
    """The step is not open, for that reason."""
    with pytest.raises(Conflict) as found:
        course.take(name, **more)
    assert found.value.code == code, found.value.message
    return found.value


# ---- the ordinary way


def test_every_stage_waits_for_what_the_handbook_wants(as_, cast):
    course = Course.of(as_, cast).open(risk_reason=None)
    assert (course.case.status, course.case.next_step) == ("intake", "first_contact")
    refused(course, "accept", "missing_consent")
    course.consent()
    course.take("accept")
    assert (course.case.status, course.case.opened_on, course.case.next_step) == ("assessing", clock.today(), "assessment")
    found = refused(course, "plan", "missing_assessed")
    assert found.facts["missing"] == ["assessed", "risk_named", "ability_assessment"]
    course.needs()
    refused(course, "plan", "missing_risk_named")
    bo = as_("bo")
    steps.change_risk(ChangeRisk("orange", "fell twice", course.case.version), course.case, bo)
    db.session.commit()
    refused(course, "plan", "missing_ability_assessment")
    course.assess()
    course.take("plan")
    assert (course.case.status, course.case.next_step) == ("planning", "plan")
    refused(course, "serve", "missing_plan_approved")
    course.plan()
    assert course.case.next_step == "send_plan"
    course.ask("plan")
    assert course.case.next_step == "plan_review"
    refused(course, "serve", "missing_plan_approved")
    course.decide("plan", "chen", yes=False)
    as_("bo")
    assert course.case.next_step == "fix_plan"
    course.ask("plan")
    course.decide("plan", "chen")
    as_("bo")
    assert course.case.next_step == "start_service"
    course.take("serve")
    refused(course, "evaluate", "missing_worked")
    course.visited()
    course.take("evaluate")
    assert course.case.next_step == "closing"
    refused(course, "close", "wrong_stage")
    course.write_closing()
    refused(course, "close", "missing_closure_approved")
    course.ask("closure")
    course.decide("closure", "tao")
    as_("bo")
    assert course.case.next_step == "close"
    course.take("close")
    case = course.case
    assert (case.status, case.closed_on, case.closing_reason) == ("closed", clock.today(), "achieved")
    assert {goal.outcome for goal in plans.current(case).goals} == {"reached"}
    assert (case.next_step, case.next_step_on) == ("follow_up", dates.add_months(clock.today(), 1))
    assert team.current(case.id) == []
    written = db.session.scalars(select(CaseEvent.step).where(CaseEvent.case_id == case.id)).all()
    assert {"opened", "accept", "plan", "serve", "evaluate", "ask_closing", "close", "risk_changed"} <= set(written)


def test_going_back_is_a_step_with_a_day_and_needs_no_new_paper(as_, cast):
    course = Course.of(as_, cast).to("serving")
    course.take("reassess", note="fell")
    assert course.case.status == "assessing"
    course.take("plan").take("serve")
    course.visited().take("evaluate").take("resume")
    assert course.case.status == "serving"
    with pytest.raises(Invalid) as early:
        course.take("evaluate", happened_on=clock.today() - timedelta(days=1))
    assert "happened_on" in early.value.fields
    refused(course, "accept", "wrong_stage")


def test_declined_with_a_reason_and_taken_up_after_all(as_, cast):
    course = Course.of(as_, cast).open()
    bo = as_("bo")
    steps.decline(Decline("other_service", course.case.version, "the clinic sees to it"), course.case, bo)
    db.session.commit()
    assert (course.case.status, course.case.declined_reason, course.case.next_step) == ("declined", "other_service", None)
    with pytest.raises(Forbidden):
        course.take("reopen", by="tao")
    course.take("reopen", by="ann")
    assert (course.case.status, course.case.declined_reason, course.case.opened_on) == ("assessing", None, clock.today())


@pytest.mark.parametrize("closed_to", ["visit", "plan", "edit"])
def test_a_closed_file_takes_nothing_new_but_the_follow_up(as_, cast, closed_to):
    course = Course.of(as_, cast).to("closed")
    if closed_to == "visit":
        course.visited()
        assert course.case.next_step == "follow_up"
        return
    with pytest.raises(Conflict) as found:
        course.plan() if closed_to == "plan" else course.needs()
    assert found.value.code == "wrong_stage"


def test_following_up_ends_in_the_archive(as_, cast):
    course = Course.of(as_, cast).to("closed")
    course.take("follow_up")
    assert (course.case.status, course.case.next_visit_on) == ("follow_up", dates.add_months(clock.today(), 1))
    assert course.case.next_visit_rule == "closed_follow_up"
    with behind() as session:
        session.get(Case, course.case_id).closed_on = dates.add_months(clock.today(), -7)
    course.visited()
    assert (course.case.next_visit_on, course.case.next_step) == (None, "archive")
    course.take("archive")
    assert (course.case.status, course.case.next_step) == ("archived", None)


def test_re_opening_gives_the_team_back_and_counts_no_old_approval(as_, cast):
    course = Course.of(as_, cast).open(restricted=True)
    ann = as_("ann")
    ben, bo = cast.users["ben"], cast.users["bo"]
    team.assign(AssignCase(bo, course.case.version, (ben,)), course.case, ann)
    access.name_on_file(NamePerson(cast.users["chen"]), course.case, ann)
    access.name_on_file(NamePerson(cast.users["tao"]), course.case, ann)
    db.session.commit()
    as_("ben")
    assert course.case.klass == "P3"
    course.consent()
    course.take("accept").needs().assess()
    course.take("plan").plan()
    course.ask("plan")
    course.decide("plan", "chen")
    course.take("serve", by="ben").visited(by="ben").take("evaluate").write_closing()
    course.ask("closure")
    course.decide("closure", "tao")
    course.take("close")
    as_("ben")
    with pytest.raises(NotFound):
        cases.one(course.case_id)  # the team was sent away
    course.take("reopen", by="ann")
    as_("ben")
    case = course.case
    assert (case.status, case.reopened, case.closing_reason, case.closed_on) == ("assessing", 1, None, None)
    assert {(m.user_id, m.part) for m in team.current(case.id)} == {(bo, "worker"), (ben, "co_worker")}
    assert reviews.latest(case.id, "closure").state == "fallen"
    course.take("plan").take("serve").take("evaluate")
    course.write_closing()
    refused(course, "close", "missing_closure_approved")
    course.take("resume")
    assert course.case.status == "serving"


def test_a_case_comes_back_only_for_somebody_on_file(as_, cast):
    course = Course.of(as_, cast).to("closed")
    with behind() as session:
        session.get(Client, course.client_id).state = "ended"
    refused(course, "reopen", "not_on_file", by="ann")


# ---- opening


def test_one_open_case_of_a_domain_for_each_person(as_, cast):
    course = Course.of(as_, cast).open()
    first = course.case_id
    with pytest.raises(Conflict) as second:
        course.open()
    assert second.value.code == "already_open"
    with behind() as session:
        session.get(Case, first).status = "closed"
    assert course.open().case_id != first


def test_a_household_may_have_a_case_and_a_visit_of_it_is_of_its_members(as_, cast):
    from uuid_utils.compat import uuid7

    from caseapp.models.casework import HouseholdMember

    course = Course.of(as_, cast)
    with behind() as session:
        person, key = session.get(Client, course.client_id), uuid7()
        household = Household(
            id=key, file_id=key, household_no="H1", name="home", name_key="home", station_id=person.station_id,
            station_path=person.station_path, klass="P2", created_at=clock.now(),
        )  # fmt: skip
        session.add(household)
        session.flush()
        member = HouseholdMember(household_id=key, client_id=person.id, relation_to_head="head", created_at=clock.now())
        member.belongs_to(person)
        session.add(member)
        person.household_id = key
    course.open(household_id=str(key))
    assert (course.case.client_id, course.case.household_id) == (None, key)
    course.take("accept")
    course.visited()
    assert course.case.last_met_on == clock.today()


def test_a_crisis_starts_at_once_and_everything_is_made_up_for(as_, cast):
    course = Course.of(as_, cast).open(urgency="crisis")
    case, promised = course.case, tasks(course.case_id)
    assert (case.status, case.risk, case.case_type, case.opened_on) == ("serving", "red", "crisis", clock.today())
    assert set(promised) == {"notify_later", "reassess", "urgent_intake"}
    assert (promised["urgent_intake"].for_role, promised["urgent_intake"].due_on) == ("station_head", clock.today())
    assert promised["notify_later"].user_id == cast.users["bo"]
    assert course.client.next_visit_on <= clock.today() + timedelta(days=7)
    course.consent()
    assert "notify_later" not in tasks(course.case_id), "told: the promise is kept"
    course.visited().take("evaluate").write_closing()
    refused(course, "close", "missing_closure_approved")


def test_who_may_open_one(as_, cast):
    course = Course.of(as_, cast)
    for name, error in (("tao", Forbidden), ("eve", NotFound), ("cora", NotFound)):
        with pytest.raises(error):
            course.open(by=name)
    with pytest.raises(Invalid) as elsewhere:
        course.open(worker_id=str(cast.users["eve"]))
    assert "worker_id" in elsewhere.value.fields
    with behind() as session:
        session.get(Client, course.client_id).state = "ended"
    with pytest.raises(Conflict) as off:
        course.open()
    assert off.value.code == "not_on_file"


# ---- restricted files


def test_a_running_case_is_shut_with_everything_written_in_it(as_, cast):
    course = Course.of(as_, cast).to("serving")
    course.visited(note="bruises")
    bo = as_("bo")
    steps.change_risk(ChangeRisk("red", "beaten", course.case.version), course.case, bo)
    db.session.commit()
    assert course.client.risk == "red"
    restrict.restrict(Restrict("violence at home", course.case.version), course.case, bo)
    db.session.commit()
    bo = as_("bo")
    assert course.case.klass == "P3" and course.case.status == "serving"
    with pytest.raises(Conflict):
        restrict.restrict(Restrict("again", course.case.version), course.case, bo)
    as_("ben")
    with pytest.raises(NotFound):
        cases.one(course.case_id)
    assert db.session.scalars(select(CaseEvent)).all() == [] and db.session.scalars(select(Review)).all() == []
    person = clients.one(course.client_id)
    assert (person.risk, person.last_met_on) == ("green", None), "the line tells nothing"
    with behind() as session:
        assert {entry.user_id for entry in session.scalars(select(FileAccess))} == {cast.users["bo"]}
        event = session.scalars(select(AuditEntry).where(AuditEntry.event == "case.restricted")).one()
        assert "violence" not in str(event.reason)


def test_only_who_works_on_it_or_the_head_shuts_a_case(as_, cast):
    course = Course.of(as_, cast).open()
    ben = as_("ben")
    with pytest.raises(Forbidden):
        restrict.restrict(Restrict("x", course.case.version), course.case, ben)
    ann = as_("ann")
    restrict.restrict(Restrict("x", course.case.version), course.case, ann)
    db.session.commit()
    as_("bo")
    assert course.case.klass == "P3", "the responsible worker goes on"


def test_co_workers_of_a_restricted_file_come_and_go_with_the_team(as_, cast):
    course = Course.of(as_, cast).open(restricted=True)
    ben, bo = cast.users["ben"], cast.users["bo"]
    as_("ben")
    with pytest.raises(NotFound):
        cases.one(course.case_id)
    ann = as_("ann")
    team.assign(AssignCase(bo, course.case.version, (ben,)), course.case, ann)
    db.session.commit()
    as_("ben")
    assert course.case.klass == "P3"
    ann = as_("ann")
    team.assign(AssignCase(ben, course.case.version), course.case, ann)
    db.session.commit()
    as_("bo")
    with pytest.raises(NotFound):
        cases.one(course.case_id)
    with behind() as session:
        assert len(session.scalars(select(CaseMember)).all()) == 3, "who worked when stays to be read"


# ---- consent taken back


def test_consent_taken_back_stops_what_is_new_and_only_that(as_, cast):
    course = Course.of(as_, cast).to("planning")
    bo = as_("bo")
    row = db.session.scalars(select(Consent)).one()
    consents.withdraw(WithdrawConsent(clock.today(), row.version), row, course.client, bo)
    db.session.commit()
    assert (course.client.next_visit_on, course.client.next_visit_rule) == (None, "withdrawn")
    task = db.session.scalars(select(Task).where(Task.kind == "consent_withdrawn")).one()
    assert (task.for_role, task.state) == ("station_head", "open")
    promised = task.id
    for verb in (course.needs, course.assess, course.plan, course.visited, lambda: course.take("reassess")):
        with pytest.raises(Conflict) as stopped:
            verb()
        assert stopped.value.code == "consent_withdrawn", verb
    assert course.client.name and course.case.status == "planning", "what is there stays to be read"
    course.consent()
    assert db.session.get(Task, promised).state == "done"
    assert consent_queries.has_consent(course.client_id) and course.client.next_visit_on is not None
    course.plan()


# ---- goals


def test_a_goal_goes_on_through_a_change_and_dropping_it_says_why(as_, cast):
    course = Course.of(as_, cast).to("serving")
    bo = as_("bo")
    goal, key = plans.current(course.case).goals[0], plans.current(course.case).id
    planning.note_progress(GoalProgress(3, goal.version, "walks with a stick"), goal, course.case, bo)
    db.session.commit()
    assert plans.one(key).state == "approved", "progress fells nothing"
    command = WritePlan(
        clock.today(),
        (GoalInput("walks outside", goal.due_on, id=goal.id), GoalInput("sees the doctor", goal.due_on)),
        agreed_on=clock.today(), agreed_by="self", agreed_how="signed", version=plans.one(key).version,
    )  # fmt: skip
    planning.change(command, plans.one(key), course.case, bo)
    db.session.commit()
    changed = plans.one(key)
    assert [(g.text, g.progress, g.now) for g in changed.goals] == [
        ("walks outside", 3, "walks with a stick"),
        ("sees the doctor", 0, None),
    ]
    assert (changed.state, reviews.latest(course.case_id, "plan").state) == ("draft", "fallen")
    assert course.case.next_step == "send_plan", "a changed plan is not forgotten"
    with pytest.raises(Invalid):
        planning.note_progress(GoalProgress(0, changed.goals[1].version, None, True), changed.goals[1], course.case, bo)
    with pytest.raises(Conflict):
        planning.change(command, plans.one(key), course.case, bo)  # the version is an old one


def test_closing_asks_for_the_outcome_of_every_goal(as_, cast):
    course = Course.of(as_, cast).to("evaluating")
    with pytest.raises(Invalid) as missing:
        course.write_closing(outcomes={})
    assert [name[:8] for name in missing.value.fields] == ["outcome_"]
    with pytest.raises(Conflict) as bare:
        course.ask("closure")
    assert bare.value.code == "not_ready"
    course.write_closing(satisfaction=4, own_view="better", checked=("plan",))
    assert course.case.closing["satisfaction"] == 4
