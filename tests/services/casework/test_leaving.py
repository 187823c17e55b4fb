"""Everything open in the name of somebody who leaves goes to somebody; nothing stays behind, and the head is told while it does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.models.details.governance.request import GovernanceRequest
from caseapp.queries.casework import held
from caseapp.schemas.casework.handover import Leave
from caseapp.services.casework.handovers import leaving
from tests import rows
from tests.laid import referrals as laid_referrals

WHY = "Leaves at the end of the month"


@pytest.fixture
def laid(app: Any, cast: Any) -> dict[str, UUID]:
    """Of Bo's: a person, a restricted one with a case, work along in a case of Ben's, promises, a request, notes; at Hillside one of Eve's."""
    with system_session("rows", write=True) as session:
        bo, ben, ann = cast.users["bo"], cast.users["ben"], cast.users["ann"]
        plain = rows.client(session, cast, "Riverside", "plain", worker_id=bo)
        case = rows.case(session, plain, bo)
        closed = rows.client(session, cast, "Riverside", "closed", worker_id=bo, klass="P3")
        rows.case(session, closed, bo)
        bens = rows.client(session, cast, "Riverside", "bens", worker_id=ben)
        other = rows.case(session, bens, ben)
        along = c.CaseMember(case_id=other.id, user_id=bo, part="co_worker", from_on=clock.today(), created_at=clock.now())
        along.belongs_to(other)
        session.add(along)
        rows.task(session, other, "follow_up", bo)
        rows.task(session, case, "reassess", bo)
        anns = rows.client(session, cast, "Riverside", "anns", worker_id=ann, klass="P3")
        rows.assigned(session, anns, bo, "named")
        request = GovernanceRequest(
            station_id=plain.station_id,
            number="R-1",
            asked_on=clock.today(),
            channel="visit",
            division_code="222403101201",
            due_on=clock.today(),
            worker_id=bo,
            created_at=clock.now(),
        )
        request.belongs_to(plain)
        session.add(request)
        draft = t.Draft(user_id=bo, grant_id=cast.grants["bo"], form="visit", record="r", address="/visits/new")
        draft.payload, draft.saved_at, draft.expires_at = {"note": ["x"]}, clock.now(), clock.now() + timedelta(days=7)
        session.add(draft)
        laid_referrals.around(session, cast, "Riverside", case)
        for referral in session.scalars(select(c.Referral).where(c.Referral.to_path == cast.paths["Riverside"])):
            referral.assigned_to_id = bo
        ended = rows.client(session, cast, "Riverside", "ended", worker_id=bo, state="ended")
        rows.case(session, ended, bo, status="archived")
        rows.client(session, cast, "Hillside", "other", worker_id=cast.users["eve"])
        return {"plain": plain.id, "case": case.id, "along": other.id, "anns": anns.id}


def role_ends(cast: Any, name: str) -> None:
    with system_session("role ends", write=True) as session:
        session.get_one(o.Grant, cast.grants[name]).state = "ended"


def bo_of(actor: Any, cast: Any) -> o.User:
    found = held.member(cast.users["bo"], actor)
    assert found is not None
    return found


def leave(cast: Any, actor: Any, **more: Any) -> Leave:
    count = leaving.look(bo_of(actor, cast), actor).count
    return Leave(**{"reason": WHY, "version": count, "to_id": cast.users["ben"], **more})


def test_nothing_stays_behind(laid: Any, as_: Any, cast: Any) -> None:
    role_ends(cast, "bo")
    offer_waits(as_, cast, laid)
    ann = as_("ann")
    now = leaving.look(bo_of(ann, cast), ann)
    assert {part.code for part, _count, _rows in now.parts} >= {"clients", "cases", "members", "tasks", "requests", "referrals"}
    assert now.ends == {"handovers": 1, "covers": 0, "files": 1, "drafts": 1} and not now.works_here
    assert leaving.counts(ann, gone=True) == {cast.users["bo"]: now.count}
    moved = leaving.pass_everything(leave(cast, ann), bo_of(ann, cast), ann)
    assert moved.count == now.count and moved.handover_id is not None
    db.session.commit()
    with system_session("look") as session:
        for model, column, still in (
            (c.Client, "worker_id", c.Client.state == "on_file"),
            (c.Case, "worker_id", c.Case.status != "archived"),
            (c.Enrolment, "worker_id", c.Enrolment.to_on.is_(None)),
            (c.CaseMember, "user_id", c.CaseMember.to_on.is_(None)),
            (c.Task, "user_id", c.Task.state == "open"),
            (c.Referral, "assigned_to_id", c.Referral.id.is_not(None)),
            (GovernanceRequest, "worker_id", GovernanceRequest.state == "open"),
            (c.HandoverItem, "to_id", c.HandoverItem.state == "waiting"),
            (t.FileAccess, "user_id", t.FileAccess.to_on.is_(None)),
            (t.Draft, "user_id", t.Draft.id.is_not(None)),
        ):
            query = select(model).where(getattr(model, column) == cast.users["bo"], still)
            assert session.scalars(query).all() == [], model.__name__
        assert session.scalar(select(c.Client.worker_id).where(c.Client.name == "ended")) == cast.users["bo"], "history stays"
    as_("ben")
    assert {row.name for row in db.session.scalars(select(c.Client))} >= {"plain", "closed", "bens"}
    assert "anns" not in {row.name for row in db.session.scalars(select(c.Client))}
    assert held.counts(leaving.parts(), as_("ann"), gone=True) == {}
    ann = as_("ann")
    with pytest.raises(Conflict):
        leaving.pass_everything(Leave(WHY, 0, cast.users["ben"]), bo_of(ann, cast), ann)


def offer_waits(as_: Any, cast: Any, laid: Any) -> None:
    with system_session("row", write=True) as session:
        anns = session.get_one(c.Client, laid["anns"])
        handover = c.Handover(
            kind="offered",
            organisation_id=anns.station_id,
            path=anns.station_path,
            from_id=anns.worker_id,
            created_at=clock.now(),
        )
        session.add(handover)
        session.flush()
        item = c.HandoverItem(
            handover_id=handover.id, client_id=anns.id, from_id=anns.worker_id, to_id=cast.users["bo"], state="waiting"
        )
        item.belongs_to(anns)
        session.add(item)


def test_each_part_may_go_to_another_and_notes_of_who_stays_stay(laid: Any, as_: Any, cast: Any) -> None:
    ann = as_("ann")
    command = leave(cast, ann, parts={"requests": cast.users["ann"], "tasks": cast.users["ann"]})
    moved = leaving.pass_everything(command, bo_of(ann, cast), ann)
    assert moved.ends["drafts"] == 0
    whose = {task.kind: task.user_id for task in db.session.scalars(select(c.Task).where(c.Task.state == "open"))}
    assert whose["reassess"] == cast.users["ben"], "a promise about a case goes with the case"
    assert whose["follow_up"] == cast.users["ann"]
    assert db.session.scalars(select(GovernanceRequest)).one().worker_id == cast.users["ann"]
    member = select(c.CaseMember.user_id, c.CaseMember.to_on).where(c.CaseMember.case_id == laid["along"])
    assert {(row.user_id, row.to_on is None) for row in db.session.execute(member)} == {(cast.users["bo"], False)}, "Ben leads it"
    db.session.commit()
    with system_session("look") as session:
        assert session.scalars(select(t.Draft)).all() != []


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"to_id": None}, Invalid),
        ({"to_id": "bo"}, Invalid),
        ({"to_id": "eve"}, Invalid),
        ({"to_id": "chen"}, Invalid),
        ({"parts": {"cases": "eve"}}, Invalid),
        ({"version": 1}, Conflict),
    ],
)
def test_what_is_refused(laid: Any, as_: Any, cast: Any, more: dict[str, Any], error: Any) -> None:
    ann = as_("ann")
    if isinstance(more.get("to_id"), str):
        more = {"to_id": cast.users[more["to_id"]]}
    if "parts" in more:
        more = {"parts": {code: cast.users[name] for code, name in more["parts"].items()}}
    with pytest.raises(error):
        leaving.pass_everything(leave(cast, ann, **more), bo_of(ann, cast), ann)


def test_only_the_head_and_only_of_the_own_station(laid: Any, as_: Any, cast: Any) -> None:
    ben = as_("ben")
    with pytest.raises(Forbidden):
        leaving.pass_everything(Leave(WHY, 0, cast.users["ann"]), db.session.get_one(o.User, cast.users["bo"]), ben)
    hal = as_("hal")
    assert held.member(cast.users["bo"], hal) is None
    assert leaving.look(db.session.get_one(o.User, cast.users["bo"]), hal).count == 0


@pytest.mark.parametrize("more", [1, 60])
def test_statements_of_the_look_do_not_grow(laid: Any, as_: Any, cast: Any, statements: Any, more: int) -> None:
    with system_session("more", write=True) as session:
        for number in range(more):
            rows.case(
                session, rows.client(session, cast, "Riverside", f"p{number}", worker_id=cast.users["bo"]), cast.users["bo"]
            )
    ann = as_("ann")
    user = bo_of(ann, cast)
    with statements() as sent:
        leaving.look(user, ann)
    assert len(sent) <= 14
