"""Assessments of a case: begun and gone on with, a level that a person stands for, and what follows from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from caseapp.core import clock, dates
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.elderly import ElderlyDetail
from caseapp.queries.casework import assessments as queries
from caseapp.schemas.casework.assessment import ConfirmLevel, RecordAssessment, VoidAssessment
from caseapp.services.casework import assessments as service
from tests.services.casework.course import Course, behind, best_answers


@pytest.fixture
def course(as_, cast):
    """A case that is being assessed."""
    return Course.of(as_, cast).to("assessing")


def record(course, by="bo", on=None, **more):
    """One more, or a begun one gone on with."""
    actor = course.as_(by)
    row = service.record(RecordAssessment("gbt42195", on or clock.today(), **more), course.case, actor)
    db.session.commit()
    return queries.one(row.id)


def confirm(course, row, level, reason=None, by="bo"):
    key, version = row.id, row.version
    actor = course.as_(by)
    done = service.confirm(ConfirmLevel(level, reason, version), queries.one(key), actor)
    db.session.commit()
    return queries.one(done.id)


def test_a_part_is_kept_under_its_version_and_gone_on_with(course):
    first = dict(list(best_answers().items())[:9])
    row = record(course, answers=first, finish=False)
    key = row.id
    assert (row.state, row.total, row.computed_level) == ("partial", None, None)
    with pytest.raises(Invalid) as missing:
        record(course, answers=first)
    assert len(missing.value.fields) == 26 - 9 and all(name.startswith("answers.") for name in missing.value.fields)
    with pytest.raises(Conflict):
        record(course, by="ben", answers=first, finish=False, version=99)
    row = record(course, answers=best_answers())
    assert (row.id, row.state, row.total, row.computed_level, row.instrument_version) == (key, "complete", 90, "0", "2022")
    assert record(course, answers=first, finish=False).id != key, "the next one is another"


@pytest.mark.parametrize(
    ("conditions", "level"),
    [({}, "0"), ({"coma": 1}, "4"), ({"dementia": 1}, "1"), ({"dementia": 1, "fall": 3}, "1"), ({"fall": 1, "lost": 1}, "1")],
)
def test_conditions_raise_the_level_once(course, conditions, level):
    assert record(course, answers=best_answers(), conditions=conditions).computed_level == level


def test_a_level_counts_when_somebody_stands_for_it(course):
    course.visited()
    row = record(course, answers=best_answers())
    again = row.id
    assert course.case.next_step == "assessment" and db.session.scalar(select(ElderlyDetail.care_level)) is None
    with pytest.raises(Invalid) as bare:
        confirm(course, row, "3")
    assert "reason" in bare.value.fields
    with pytest.raises(Invalid):
        confirm(course, queries.one(again), "9", "x")
    row = confirm(course, queries.one(again), "3", "fell twice this week")
    assert (row.level, row.computed_level, row.confirmed_by_id) == ("3", "0", course.cast.users["bo"])
    assert row.due_on == dates.add_months(clock.today(), 6), "sooner for severe impairment"
    assert db.session.scalar(select(ElderlyDetail.care_level)) == "3"
    assert course.client.next_visit_rule == "ability_severe_fortnightly", "visits follow the level"
    with pytest.raises(Conflict):
        confirm(course, row, "2", "again")


def test_the_one_before_counts_again_when_the_last_is_void(course):
    first = confirm(
        course, record(course, answers=best_answers(), on=clock.today() - timedelta(days=400)), "1", "seen at home"
    ).id
    second = confirm(course, record(course, answers=best_answers(), reason="regular"), "4", "in bed").id
    assert queries.latest(course.client_id, "gbt42195").id == second
    actor = course.as_("bo")
    row = queries.one(second)
    service.void(VoidAssessment("of another person", row.version), row, actor)
    db.session.commit()
    assert queries.latest(course.client_id, "gbt42195").id == first
    assert db.session.scalar(select(ElderlyDetail.care_level)) == "1"
    with pytest.raises(Conflict):
        service.void(VoidAssessment("again", queries.one(second).version), queries.one(second), actor)
    course.needs().take("plan")
    with behind() as session:
        session.get(Case, course.case_id).status = "serving"
    course.visited()
    assert course.case.next_step in ("reassess", "visit")
    assert queries.one(first).due_on < clock.today(), "a new assessment is overdue"
    assert course.case.next_step == "reassess"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"answers": {"Z9": 1}}, "answers.Z9"),
        ({"answers": {"A1": 9}}, "answers.A1"),
        ({"conditions": {"moon": 1}, "finish": False}, "conditions.moon"),
        ({"on": clock.today() + timedelta(days=1), "finish": False}, "assessed_on"),
        ({"on": clock.today().replace(year=1900), "finish": False}, "assessed_on"),
        ({"reason": "because", "finish": False}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(course, more, field):
    with pytest.raises(Invalid) as refused:
        record(course, **more)
    assert field in refused.value.fields


def test_where_and_by_whom_not(course, as_, cast):
    with pytest.raises(Forbidden):
        record(course, by="chen", answers=best_answers())
    with pytest.raises(NotFound):
        record(course, by="eve", answers=best_answers())
    with behind() as session:
        session.get(Case, course.case_id).status = "closed"
    with pytest.raises(Conflict):
        record(course, answers=best_answers())
