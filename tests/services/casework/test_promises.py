"""Promises made once, moved, kept by another verb, fallen away; each for whom it was made."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import Case, Task
from caseapp.queries.casework import cases
from caseapp.services.casework import tasks
from tests import rows

TODAY = clock.today()
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def case(app: Any, cast: Any, as_: Any) -> tuple[Case, Any]:
    """Bo's case of Wang, and Bo."""
    with system_session("rows", write=True) as session:
        wang = rows.client(session, cast, "Riverside", "Wang", worker_id=cast.users["bo"])
        key = rows.case(session, wang, cast.users["bo"]).id
    bo = as_("bo")
    return cases.one(key), bo


def stand() -> list[tuple[str, Any, str | None, str]]:
    db.session.flush()
    found = db.session.scalars(select(Task).order_by(Task.due_on, Task.for_role.desc(), Task.state))
    return [(row.kind, row.due_on, row.for_role, row.state) for row in found]


def test_the_same_is_promised_once_to_each(case):
    row, bo = case
    for day in (TODAY, LATER):
        tasks.promise_once(row, "follow_up", day, bo, user_id=bo.user_id)
    tasks.promise_once(row, "follow_up", TODAY, bo, for_role="station_head")
    assert sorted(stand(), key=str) == sorted(
        [("follow_up", LATER, None, "open"), ("follow_up", TODAY, "station_head", "open")], key=str
    )


def test_the_next_one_ends_the_one_before(case):
    row, bo = case
    tasks.promise_next(row, "follow_up", TODAY, bo)
    tasks.promise_next(row, "follow_up", TODAY, bo)
    assert stand() == [("follow_up", TODAY, None, "open")]
    tasks.promise_next(row, "follow_up", LATER, bo)
    assert stand() == [("follow_up", TODAY, None, "done"), ("follow_up", LATER, None, "open")]
    tasks.promise_next(row, "follow_up", None, bo)
    assert [state for *_rest, state in stand()] == ["done", "done"]


def test_kept_and_fallen_away_by_kind(case):
    row, bo = case
    for kind in ("reassess", "no_document", "follow_up"):
        tasks.promise(row, kind, TODAY, bo, user_id=bo.user_id)
    db.session.flush()
    tasks.keep(row, ("reassess",), bo)
    tasks.cancel(row, bo, "moved away", ("no_document",))
    states = {kind: state for kind, _on, _role, state in stand()}
    assert states == {"reassess": "done", "no_document": "cancelled", "follow_up": "open"}
    ended = db.session.scalars(select(Task).where(Task.state == "cancelled")).one()
    assert (ended.ended_reason, ended.ended_by_id) == ("moved away", bo.user_id)
