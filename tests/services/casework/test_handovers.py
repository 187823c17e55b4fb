"""Handing over inside a station: offered, accepted, declined, taken back; ordered and undone by the head; never past the rules."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.queries.casework import clients
from caseapp.queries.casework import handovers as queries
from caseapp.queries.casework.clients import merging
from caseapp.schemas.casework.client.duplicates import Merge
from caseapp.schemas.casework.client.enrolment import EndEnrolment
from caseapp.schemas.casework.handover import AnswerHandover, HandOver, Lines
from caseapp.services.casework.cases import team
from caseapp.services.casework.clients import enrolments, merge
from caseapp.services.casework.handovers import answer, offer
from tests import rows

WHY = "Goes to the other village"


@pytest.fixture
def laid(app: Any, cast: Any) -> dict[str, UUID]:
    """A person of Bo's with a case and two promises, a minor, a restricted one, and one of Eve's at Hillside."""
    with system_session("rows", write=True) as session:
        bo, eve = cast.users["bo"], cast.users["eve"]
        plain = rows.client(session, cast, "Riverside", "plain", worker_id=bo)
        case = rows.case(session, plain, bo)
        rows.task(session, case, "follow_up", bo)
        own = rows.task(session, case, "no_document", bo)
        own.case_id, own.file_id = None, plain.id
        minor = rows.client(session, cast, "Riverside", "minor", worker_id=bo, klass="minor")
        child = rows.case(session, minor, bo)
        closed = rows.client(session, cast, "Riverside", "closed", worker_id=bo, klass="P3")
        other = rows.client(session, cast, "Hillside", "other", worker_id=eve)
        return {
            "plain": plain.id,
            "case": case.id,
            "minor": minor.id,
            "child": child.id,
            "closed": closed.id,
            "other": other.id,
        }


def lines(handover: c.Handover) -> tuple[c.Handover, list[c.HandoverItem]]:
    return queries.one(handover.id)


def ids(items: list[c.HandoverItem]) -> tuple[UUID, ...]:
    return tuple(item.id for item in items)


def offered(as_: Any, cast: Any, laid: Any, *, clients: tuple[str, ...] = ("plain",), cases: tuple[str, ...] = ("case",)) -> UUID:
    bo = as_("bo")
    command = HandOver(cast.users["ben"], WHY, tuple(laid[n] for n in clients), tuple(laid[n] for n in cases))
    key = offer.offer(command, bo).id
    db.session.commit()
    return key


def owners(laid: Any, *names: str) -> set[Any]:
    with system_session("look") as session:
        found: set[Any] = set()
        for name in names:
            row = session.get(c.Client, laid[name]) or session.get_one(c.Case, laid[name])
            found.add(row.worker_id)
        return found


def test_until_it_is_accepted_nothing_changes_and_then_everything_goes(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid)
    bo, ben = cast.users["bo"], cast.users["ben"]
    assert owners(laid, "plain", "case") == {bo}
    for name in ("bo", "ben", "ann"):
        assert [one.count for one in queries.desk(as_(name))] == [2], name
    assert queries.desk(as_("eve")) == []
    actor = as_("ben")
    row, items = queries.one(key)
    assert sorted(len(line.tasks) for line in queries.lines_of(items)) == [1, 1]
    answer.answer(AnswerHandover(ids(items), True), row, items, actor)
    db.session.commit()
    assert owners(laid, "plain", "case") == {ben}
    with system_session("look") as session:
        promised = session.scalars(select(c.Task).where(c.Task.state == "open")).all()
        assert {task.user_id for task in promised} == {ben}
        assert [task.kind for task in promised].count("tell_worker") == 1, "each person is told once"
        stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == laid["plain"])).one()
        assert stay.worker_id == ben
        member = session.scalars(
            select(c.CaseMember).where(c.CaseMember.case_id == laid["case"], c.CaseMember.to_on.is_(None))
        ).one()
        assert (member.user_id, member.part) == (ben, "worker")
        events = {entry.event for entry in session.scalars(select(t.AuditEntry))}
        assert {"handover.offered", "handover.accepted"} <= events
    assert queries.desk(as_("bo")) == []


def test_who_was_told_needs_no_telling(laid: Any, as_: Any, cast: Any) -> None:
    bo = as_("bo")
    key = offer.offer(HandOver(cast.users["ben"], WHY, (laid["plain"],), told_on=clock.today()), bo).id
    db.session.commit()
    ben = as_("ben")
    row, items = queries.one(key)
    answer.answer(AnswerHandover(ids(items), True), row, items, ben)
    assert db.session.scalar(select(c.Task.id).where(c.Task.kind == "tell_worker")) is None


def test_declined_with_a_reason_and_taken_back(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid)
    ben = as_("ben")
    row, items = queries.one(key)
    answer.answer(AnswerHandover(ids(items)[:1], False, "Too far"), row, items, ben)
    with pytest.raises(Conflict):
        answer.answer(AnswerHandover(ids(items)[:1], True), row, items, ben)
    with pytest.raises(Conflict):
        offer.withdraw(Lines(ids(items)[1:]), row, items, ben)
    db.session.commit()
    bo = as_("bo")
    row, items = queries.one(key)
    offer.withdraw(Lines(ids(items)[1:]), row, items, bo)
    assert {item.state for item in items} == {"declined", "withdrawn"}
    assert items[0].answer == "Too far"
    assert owners(laid, "plain", "case") == {cast.users["bo"]}


def test_a_childs_file_opens_with_the_acceptance(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid, clients=("minor",), cases=("child",))
    ben = as_("ben")
    assert laid["child"] not in ben.open_files
    row, items = queries.one(key)
    assert len(items) == 2, "the lines say what waits; the file is closed"
    assert [line.case for line in queries.lines_of(items)] == [None, None]
    answer.answer(AnswerHandover(ids(items), True), row, items, ben)
    db.session.commit()
    assert {laid["minor"], laid["child"]} <= as_("ben").open_files
    assert not {laid["minor"], laid["child"]} & as_("bo").open_files


def test_a_restricted_file_goes_by_the_head_alone(laid: Any, as_: Any, cast: Any) -> None:
    bo = as_("bo")
    command = HandOver(cast.users["ben"], WHY, (laid["closed"],))
    with pytest.raises(Invalid):
        offer.offer(command, bo)
    with pytest.raises(NotFound):
        offer.offer(command, as_("ben"))
    offer.offer(HandOver(cast.users["ann"], WHY, (laid["closed"],)), as_("bo"))
    db.session.commit()
    assert queries.desk(as_("ben")) == [], "a colleague learns nothing"
    offer.order(command, as_("ann"))
    db.session.commit()
    assert laid["closed"] in as_("ben").open_files
    assert laid["closed"] not in as_("bo").open_files
    assert queries.desk(as_("ann")) == [], "what waited has fallen"


@pytest.mark.parametrize(
    ("name", "to", "file", "error"),
    [
        ("bo", "eve", "plain", Invalid),  # works elsewhere
        ("bo", "ned", "plain", Invalid),  # holds no role
        ("bo", "chen", "plain", Invalid),  # supervises and works on no file
        ("bo", "bo", "plain", Invalid),
        ("ben", "ann", "plain", Conflict),  # not Ben's to give
        ("eve", "hal", "plain", NotFound),
        ("ann", "eve", "plain", Invalid),
        ("ann", "ben", "other", NotFound),
        ("chen", "ben", "plain", Forbidden),
        ("tao", "ben", "plain", Forbidden),
    ],
)
def test_what_is_refused(laid: Any, as_: Any, cast: Any, name: str, to: str, file: str, error: Any) -> None:
    actor = as_(name)
    verb = offer.order if name == "ann" else offer.offer
    with pytest.raises(error):
        verb(HandOver(cast.users[to], WHY, (laid[file],)), actor)
    assert db.session.scalar(select(c.Handover.id)) is None


def test_only_who_receives_or_the_head_answers(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid)
    bo = as_("bo")
    row, items = queries.one(key)
    with pytest.raises(Forbidden):
        answer.answer(AnswerHandover(ids(items), True), row, items, bo)
    for stranger in ("eve", "hal", "tao", "chen", "cora", "sam"):
        as_(stranger)
        with pytest.raises(NotFound):
            queries.one(key)
    ann = as_("ann")
    row, items = queries.one(key)
    answer.answer(AnswerHandover(ids(items), True), row, items, ann)
    assert {item.state for item in items} == {"ordered"}
    assert owners_now(laid) == {cast.users["ben"]}


def owners_now(laid: Any) -> set[Any]:
    return {db.session.get_one(c.Client, laid["plain"]).worker_id, db.session.get_one(c.Case, laid["case"]).worker_id}


def test_a_receiver_whose_role_has_ended_takes_nothing(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid)
    with system_session("role ends", write=True) as session:
        session.get_one(o.Grant, cast.grants["ben"]).state = "ended"
    ann = as_("ann")
    row, items = queries.one(key)
    with pytest.raises(Invalid):
        answer.answer(AnswerHandover(ids(items), True), row, items, ann)


def test_what_waits_falls_with_another_worker_or_the_end(laid: Any, as_: Any, cast: Any) -> None:
    key = offered(as_, cast, laid)
    with pytest.raises(Conflict):
        offer.offer(HandOver(cast.users["ann"], WHY, (laid["plain"],)), as_("bo"))
    ann = as_("ann")
    case = db.session.get_one(c.Case, laid["case"])
    team.give(case, cast.users["ann"], ann)
    db.session.commit()
    ben = as_("ben")
    row, items = queries.one(key)
    states = {item.client_id: item.state for item in items}
    assert states == {None: "fallen", laid["plain"]: "waiting"}
    with pytest.raises(Conflict):
        answer.answer(AnswerHandover(ids(items), True), row, items, ben)
    ann = as_("ann")
    person = db.session.get_one(c.Client, laid["plain"])
    enrolments.end(EndEnrolment("deceased", clock.today(), None, person.version), person, ann)
    db.session.expire_all()
    assert {item.state for item in queries.one(key)[1]} == {"fallen"}


def test_an_order_is_undone_exactly(laid: Any, as_: Any, cast: Any) -> None:
    bo, ben = cast.users["bo"], cast.users["ben"]
    with system_session("a promise of Ben's own", write=True) as session:
        rows.task(session, session.get_one(c.Case, laid["case"]), "reassess", ben)
    ann = as_("ann")
    key = offer.order(HandOver(ben, WHY, (laid["plain"],), (laid["case"],)), ann).id
    db.session.commit()
    assert owners(laid, "plain", "case") == {ben}
    assert [(one.ordered, one.count) for one in queries.desk(as_("ben"))] == [(True, 2)]
    ann = as_("ann")
    row, items = queries.one(key)
    assert answer.undo(row, items, ann) == (2, 0)
    db.session.commit()
    assert owners(laid, "plain", "case") == {bo}
    with system_session("look") as session:
        whose = {task.kind: (task.user_id, task.state) for task in session.scalars(select(c.Task))}
        assert whose["follow_up"] == whose["no_document"] == (bo, "open")
        assert whose["reassess"] == (ben, "open"), "what was Ben's before stays Ben's"
        assert whose["tell_worker"][1] == "cancelled"
    ann = as_("ann")
    row, items = queries.one(key)
    with pytest.raises(Conflict):
        answer.undo(row, items, ann)


def test_what_passed_on_since_stays_and_an_old_order_stands(laid: Any, as_: Any, cast: Any) -> None:
    ann = as_("ann")
    key = offer.order(HandOver(cast.users["ben"], WHY, (laid["plain"],), (laid["case"],)), ann).id
    offer.order(HandOver(cast.users["ann"], WHY, (laid["plain"],)), ann)
    row, items = queries.one(key)
    assert answer.undo(row, items, ann) == (1, 1)
    assert owners_now(laid) == {cast.users["ann"], cast.users["bo"]}
    old = offer.order(HandOver(cast.users["ben"], WHY, (laid["plain"],)), ann)
    old.created_at = clock.now() - timedelta(days=8)
    row, items = lines(old)
    with pytest.raises(Conflict):
        answer.undo(row, items, ann)
    with pytest.raises(Forbidden):
        answer.undo(row, items, as_("ben"))


def test_records_joined_while_an_offer_waits(laid: Any, as_: Any, cast: Any) -> None:
    """The person's line falls, as it named a record that is another's now; the case's line waits on and can be taken over."""
    with system_session("the double", write=True) as session:
        laid["twin"] = rows.client(session, cast, "Riverside", "plain", worker_id=cast.users["bo"]).id
    key = offered(as_, cast, laid)
    ann = as_("ann")
    one, two = clients.one(laid["twin"]), clients.one(laid["plain"])
    merged = merge.join(Merge(two.id, one.version, two.version, seen=True), one, two, ann).id
    db.session.commit()
    ben = as_("ben")
    row, items = queries.one(key)
    assert {item.state for item in items if item.case_id is None} == {"fallen"}
    waiting = [item for item in items if item.case_id is not None]
    answer.answer(AnswerHandover(ids(waiting), True), row, waiting, ben)
    db.session.commit()
    assert owners(laid, "case") == {cast.users["ben"]}
    ann = as_("ann")
    merge.undo(*merging.one(merged), ann)
    db.session.commit()
    assert owners(laid, "plain", "twin") == {cast.users["bo"]}
    assert owners(laid, "case") == {cast.users["ben"]}, "what was taken over meanwhile stays"


@pytest.mark.parametrize("count", [1, 30])
def test_statements_of_a_list_do_not_grow(laid: Any, as_: Any, cast: Any, statements: Any, count: int) -> None:
    with system_session("more", write=True) as session:
        for number in range(count):
            person = rows.client(session, cast, "Riverside", f"person {number}", worker_id=cast.users["bo"])
            rows.task(session, rows.case(session, person, cast.users["bo"]), "follow_up", cast.users["bo"])
    bo = as_("bo")
    with statements() as sent:
        found = queries.mine(bo)
    assert len(found) >= 2 * count
    assert len(sent) <= 6
