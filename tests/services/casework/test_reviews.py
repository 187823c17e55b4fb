"""Reviews: never by who asked, works on it or wrote in it; for a content, not for a file; named on restricted files."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case, Review
from caseapp.models.organisation import Grant, GrantPlace, User
from caseapp.queries.casework import plans, reviews
from caseapp.schemas.casework.case import AssignCase
from caseapp.schemas.casework.client.enrolment import EndEnrolmentSchema
from caseapp.schemas.casework.client.parts import NamePerson
from caseapp.schemas.casework.plan import GoalInput, WritePlan
from caseapp.schemas.casework.review import Comment, Decide
from caseapp.services.casework import comments
from caseapp.services.casework import plans as planning
from caseapp.services.casework import reviews as service
from caseapp.services.casework.cases import team
from caseapp.services.casework.clients import access, enrolments
from tests.services.casework.course import Course, behind


@pytest.fixture
def course(as_, cast):
    """A case whose plan lies with the reviewer."""
    found = Course.of(as_, cast).to("planning")
    found.plan()
    found.ask("plan")
    return found


@pytest.fixture
def ben_supervises(as_, cast, monkeypatch):
    """Ben of Riverside has a supervisor's grant there too: "ben2"."""
    place = cast.places["Riverside"]
    with behind() as session:
        grant = Grant(
            user_id=cast.users["ben"],
            role="supervisor",
            organisation_id=place,
            state="active",
            reason="test",
            from_on=clock.today() - timedelta(days=9),
            proposed_at=clock.now(),
        )
        session.add(grant)
        session.flush()
        session.add(GrantPlace(grant_id=grant.id, organisation_id=place, path=cast.paths["Riverside"]))
        monkeypatch.setitem(cast.grants, "ben2", grant.id)
    monkeypatch.setitem(cast.users, "ben2", cast.users["ben"])


def changed(course, by, **more):
    """The plan written over by somebody."""
    actor = course.as_(by)
    plan = plans.current(course.case)
    goal = plan.goals[0]
    values = {
        "goals": (GoalInput(goal.text, goal.due_on, id=goal.id),),
        "agreed_on": clock.today(),
        "agreed_by": "self",
        "agreed_how": "signed",
        "version": plan.version,
        **more,
    }
    planning.change(WritePlan(plan.starts_on, **values), plan, course.case, actor)
    db.session.commit()


@pytest.mark.parametrize("name", ["bo", "ann", "tao"])
def test_a_plan_is_decided_by_the_supervisor_of_the_station_and_nobody_else(course, name):
    with pytest.raises(Forbidden):
        course.decide("plan", name)


@pytest.mark.parametrize(
    ("gone", "open_to_head"),
    [
        ({"to_on": -1}, True),
        ({"from_on": 1}, True),
        ({"state": "revoked"}, True),
        ({"disabled": True}, True),
        ({"to_on": 0}, False),
    ],
)
def test_where_nobody_supervises_now_the_head_decides(course, cast, gone, open_to_head):
    with behind() as session:
        grant = session.get(Grant, cast.grants["chen"])
        if "disabled" in gone:
            session.get(User, cast.users["chen"]).disabled_at = clock.now()
        for name, value in gone.items() - {("disabled", True)}:
            setattr(grant, name, value if isinstance(value, str) else clock.today() + timedelta(days=value))
    if open_to_head:
        assert course.decide("plan", "ann").state == "approved"
    else:
        with pytest.raises(Forbidden):
            course.decide("plan", "ann")


def test_a_township_without_the_permission_reads_the_queue_of_closings_only(course):
    tao = course.as_("tao")
    assert reviews.listed_for(tao) == ("closure", "file_check")
    with pytest.raises(Forbidden):
        service.approve(Decide(1), reviews.latest(course.case_id, "plan"), course.case, tao)
    key = reviews.latest(course.case_id, "plan").id
    course.as_("eve")
    with pytest.raises(NotFound):
        reviews.one(key)


def test_who_wrote_a_version_in_between_never_decides(as_, cast, ben_supervises):
    """What Ben wrote first and Bo wrote over is still not his to approve."""
    course = Course.of(as_, cast).to("planning")
    course.plan(by="ben")
    changed(course, "bo", aim="at home")
    course.ask("plan")
    with pytest.raises(Forbidden) as refused:
        course.decide("plan", "ben2")
    assert "wrote part" in str(refused.value.message)
    assert course.decide("plan", "chen").state == "approved"


def test_who_is_responsible_by_now_never_decides(course, cast, ben_supervises):
    with behind() as session:
        session.get(Case, course.case_id).worker_id = cast.users["ben"]
    with pytest.raises(Forbidden) as refused:
        course.decide("plan", "ben2")
    assert "responsible" in str(refused.value.message)


def test_an_answer_holds_for_the_content_it_saw(course):
    as_ = course.as_
    changed(course, "bo", aim="another")
    chen = as_("chen")
    row = reviews.latest(course.case_id, "plan")
    assert row.state == "fallen"
    with pytest.raises(Conflict):
        service.approve(Decide(row.version), row, course.case, chen)
    course.ask("plan")
    course.decide("plan", "chen")
    course.take("serve").visited(note="went well").assess()
    as_("bo")
    assert reviews.latest(course.case_id, "plan").state == "approved", "a visit and an assessment fell nothing"
    changed(course, "bo", aim="a third")
    assert reviews.latest(course.case_id, "plan").state == "fallen"


def test_a_stale_form_and_an_answer_without_words_are_refused(course):
    chen = course.as_("chen")
    row = reviews.latest(course.case_id, "plan")
    with pytest.raises(Invalid):
        service.send_back(Decide(row.version), row, course.case, chen)
    with pytest.raises(Conflict) as stale:
        service.approve(Decide(row.version + 1), row, course.case, chen)
    assert stale.value.code == "stale_version"
    course.decide("plan", "chen")
    chen = course.as_("chen")
    row = reviews.latest(course.case_id, "plan")
    with pytest.raises(Conflict):
        service.send_back(Decide(row.version, "late"), row, course.case, chen)


def test_asked_once_and_taken_back_by_who_asked_is_responsible_or_heads(course):
    with pytest.raises(Conflict) as twice:
        course.ask("plan")
    assert twice.value.code == "already_asked"
    ben = course.as_("ben")
    with pytest.raises(Forbidden):
        service.withdraw(reviews.latest(course.case_id, "plan"), course.case, ben)
    ann = course.as_("ann")
    service.withdraw(reviews.latest(course.case_id, "plan"), course.case, ann)
    db.session.commit()
    course.as_("bo")
    assert plans.current(course.case).state == "draft"
    assert course.ask("plan").round == 2


def test_a_restricted_case_is_reviewed_by_whom_the_head_names(as_, cast):
    course = Course.of(as_, cast).open(restricted=True)
    course.consent()
    course.take("accept").needs().assess()
    course.take("plan").plan()
    course.ask("plan")
    for name in ("chen", "tao"):
        as_(name)
        assert reviews.waiting(reviews.ALL_KINDS).items == []
        with pytest.raises(NotFound):
            course.decide("plan", name)
    bo = as_("bo")
    with pytest.raises(Forbidden):
        access.name_on_file(NamePerson(cast.users["chen"]), course.case, bo)
    ann = as_("ann")
    with pytest.raises(Invalid):
        access.name_on_file(NamePerson(cast.users["eve"]), course.case, ann)
    access.name_on_file(NamePerson(cast.users["chen"]), course.case, ann)
    db.session.commit()
    assert course.decide("plan", "chen").state == "approved"


def test_a_closing_after_a_death_is_looked_at_afterwards(as_, cast):
    course = Course.of(as_, cast).to("serving")
    bo = as_("bo")
    given = {"reason": "deceased", "to_on": clock.today().isoformat(), "version": course.client.version}
    enrolments.end(EndEnrolmentSchema().load(given), course.client, bo)
    db.session.commit()
    assert (course.case.status, course.case.next_step) == ("closed", "closing_review")
    with pytest.raises(Forbidden):
        course.decide("closure", "bo")
    course.decide("closure", "tao", yes=False)
    as_("bo")
    assert course.case.next_step == "fix_closing"
    course.ask("closure")
    course.decide("closure", "tao")
    as_("bo")
    assert (course.case.next_step, course.case.status) == ("archive", "closed")


def test_a_closing_falls_when_it_is_written_anew_or_the_work_goes_on(as_, cast):
    course = Course.of(as_, cast).to("closing")
    course.ask("closure")
    course.decide("closure", "tao")
    course.write_closing(own_view="glad")
    as_("bo")
    assert reviews.latest(course.case_id, "closure").state == "fallen"
    course.ask("closure")
    course.take("resume")
    as_("bo")
    assert reviews.latest(course.case_id, "closure").state == "withdrawn"


def test_a_look_at_the_whole_file_is_never_by_who_wrote_in_it(as_, cast):
    course = Course.of(as_, cast).to("serving")
    course.ask("file_check")
    with pytest.raises(Forbidden):
        course.decide("file_check", "bo")
    assert course.decide("file_check", "tao").state == "approved"


def test_comments_stay_at_their_field_and_private_ones_between_two(course, cast):
    chen = course.as_("chen")
    plan = plans.current(course.case)
    field = f"goal:{plan.goals[0].id}:text"
    first = comments.add(Comment(field, "how will you see it?"), course.case, chen)
    quiet = comments.add(Comment(field, "we talk about this", private=True), course.case, chen)
    db.session.commit()
    first_id, quiet_id = first.id, quiet.id
    bo = course.as_("bo")
    assert {row.id for row in reviews.comments(course.case_id, bo, course.case.worker_id)} == {first_id, quiet_id}
    answer = comments.add(Comment(field, "by steps", reply_to_id=first_id, private=True), course.case, bo)
    assert not answer.private, "only a supervisor speaks in private"
    comments.settle(comments.one(first_id, course.case, bo), course.case, bo)
    db.session.commit()
    ann = course.as_("ann")
    seen = reviews.comments(course.case_id, ann, course.case.worker_id)
    assert first_id in {row.id for row in seen} and quiet_id not in {row.id for row in seen}
    with pytest.raises(NotFound):
        comments.one(quiet_id, course.case, ann)
    with pytest.raises(Conflict):
        comments.settle(comments.one(first_id, course.case, ann), course.case, ann)


def test_the_queue_goes_by_who_waits_longest_and_by_place(course, as_, cast):
    chen = as_("chen")
    page = reviews.waiting(reviews.listed_for(chen))
    assert [row.case_id for row in page.items] == [course.case_id]
    as_("hal")
    assert reviews.waiting(reviews.ALL_KINDS).items == []
    ann = as_("ann")
    team.assign(AssignCase(cast.users["ben"], course.case.version), course.case, ann)
    db.session.commit()
    as_("chen")
    assert db.session.scalars(select(Review.state)).all() == ["open"], "a new worker fells nothing"
