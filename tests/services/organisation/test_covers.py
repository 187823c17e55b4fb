"""Standing in until a day: what a cover sees and does, that it ends by itself, that it is never passed on, and what the trail says."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.access import identity, policy
from caseapp.access.permissions import Permission as P
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.queries.casework import tasks, today
from caseapp.queries.organisation import covers as queries
from caseapp.schemas.organisation.cover import EndCover, SetCover
from caseapp.services.organisation import covers
from tests import rows


@pytest.fixture
def laid(app: Any, cast: Any) -> dict[str, UUID]:
    """Bo's: an ordinary person, a child, a restricted one, a result of class P3 in the child's case, a promise; Ann is told a file."""
    with system_session("rows", write=True) as session:
        bo = cast.users["bo"]
        plain = rows.client(session, cast, "Riverside", "plain", worker_id=bo, next_visit_on=clock.today())
        minor = rows.client(session, cast, "Riverside", "minor", worker_id=bo, klass="minor")
        child = rows.case(session, minor, bo, holds_restricted=True)
        hidden = rows.assessment(session, child, "phq9", {})
        hidden.klass = "P3"
        closed = rows.client(session, cast, "Riverside", "closed", worker_id=bo, klass="P3")
        rows.task(session, rows.case(session, plain, bo), "follow_up", bo)
        lent = rows.client(session, cast, "Riverside", "lent", worker_id=cast.users["ann"], klass="minor")
        rows.assigned(session, lent, bo, "purpose")
        return {"plain": plain.id, "minor": minor.id, "child": child.id, "closed": closed.id, "lent": lent.id}


def absent(cast: Any, who: str = "bo", by: str = "ben", days: tuple[int, int] = (0, 5), **more: Any) -> None:
    """An absence as the head would record it, past the service."""
    with system_session("absence", write=True) as session:
        row = o.Cover(
            organisation_id=cast.places["Riverside"],
            path=cast.paths["Riverside"],
            absent_id=cast.users[who],
            cover_id=cast.users[by],
            reason="leave",
            from_on=clock.today() + timedelta(days=days[0]),
            to_on=clock.today() + timedelta(days=days[1]),
            created_at=clock.now(),
            **more,
        )
        session.add(row)


def seen() -> set[str]:
    return set(db.session.scalars(select(c.Client.name)))


def opened(actor: Any, laid: Any) -> set[str]:
    return {name for name, key in laid.items() if key in actor.open_files}


def test_a_cover_opens_the_childrens_files_and_nothing_restricted(laid: Any, as_: Any, cast: Any) -> None:
    absent(cast)
    ben = as_("ben")
    assert "lent" not in opened(ben, laid), "what was opened for a purpose stays with whom it was opened for"
    assert not policy.opens(ben, "P3", laid["closed"]) and policy.opens(ben, "minor", laid["minor"])
    assert "closed" not in seen()
    child = db.session.get_one(c.Case, laid["child"])
    assert policy.may(ben, P.CASE_WRITE, child)
    assert db.session.scalars(select(c.Assessment)).all() == [], "what is restricted in it stays shut"
    assert ben.stands_in == {cast.users["bo"]} and ben.stands_in_restricted == frozenset()


def test_restricted_files_go_along_when_the_head_says_so(laid: Any, as_: Any, cast: Any) -> None:
    absent(cast, with_restricted=True)
    ben = as_("ben")
    assert opened(ben, laid) == {"minor", "child", "closed"}
    assert "closed" in seen()
    assert len(db.session.scalars(select(c.Assessment)).all()) == 1


def test_the_work_comes_along(laid: Any, as_: Any, cast: Any) -> None:
    ben = as_("ben")
    assert today.desk(ben, ben.users).clients == []
    db.session.rollback()
    absent(cast)
    ben = as_("ben")
    desk = today.desk(ben, ben.users)
    assert [row.name for row in desk.clients] == ["plain"]
    assert [row.kind for row in desk.tasks] == ["follow_up"] == [row.kind for row in tasks.mine(ben).items]
    assert [one.name for one in queries.mine(ben).values()] == ["Bo"]


@pytest.mark.parametrize(
    ("days", "more"), [((-9, -1), {}), ((1, 9), {}), ((0, 9), {"ended_at": clock.now()})], ids=["past", "coming", "ended"]
)
def test_it_is_over_by_its_dates(laid: Any, as_: Any, cast: Any, days: tuple[int, int], more: dict[str, Any]) -> None:
    absent(cast, days=days, with_restricted=True, **more)
    ben = as_("ben")
    assert ben.open_files == ben.stands_in == frozenset()
    assert "closed" not in seen()


def test_the_same_session_is_shut_the_day_after(laid: Any, app: Any, cast: Any) -> None:
    absent(cast, with_restricted=True)
    with system_session("two days") as session:
        held = {
            day: identity.for_grant(session, cast.users["ben"], cast.grants["ben"], clock.today() + timedelta(days=day))
            for day in (5, 6)
        }
    assert len(held[5].open_files) == 3 and held[6].open_files == frozenset()


def test_a_cover_is_not_passed_on(laid: Any, as_: Any, cast: Any) -> None:
    """Ann's own work is covered by Ben who covers Bo: whoever covers Ben gets nothing of Bo's."""
    absent(cast, with_restricted=True)
    absent(cast, who="ben", by="ann", with_restricted=True)
    assert as_("ann").stands_in == {cast.users["ben"]}
    absent(cast, who="ann", by="bo", with_restricted=True)
    assert opened(as_("bo"), laid) == {"minor", "child", "closed", "lent"}


def test_it_holds_at_its_station_and_in_a_workers_role_only(laid: Any, as_: Any, cast: Any) -> None:
    absent(cast, by="chen", with_restricted=True)
    absent(cast, by="tao", with_restricted=True)
    absent(cast, by="eve", with_restricted=True)
    for name in ("chen", "tao", "eve", "cora", "dee", "sam"):
        actor = as_(name)
        assert actor.open_files == actor.stands_in == frozenset(), name
        assert "closed" not in seen(), name


def command(cast: Any, by: str = "ben", days: tuple[int, int] = (0, 5), **more: Any) -> SetCover:
    first, last = (clock.today() + timedelta(days=day) for day in days)
    return SetCover(**{"cover_id": cast.users[by], "from_on": first, "to_on": last, "reason": "leave", **more})


def test_the_head_records_it_and_ends_it_earlier(laid: Any, as_: Any, cast: Any) -> None:
    ann = as_("ann")
    row = covers.set_cover(command(cast), db.session.get_one(o.User, cast.users["bo"]), ann)
    key, version = row.id, row.version
    db.session.commit()
    assert as_("ben").stands_in == {cast.users["bo"]}
    with pytest.raises(Forbidden):
        covers.end(EndCover(version), queries.one(key), as_("ben"))
    hal = as_("hal")
    with pytest.raises(NotFound):
        queries.one(key)
    assert hal.role == "station_head"
    ann = as_("ann")
    with pytest.raises(Conflict):
        covers.end(EndCover(version + 1), queries.one(key), ann)
    covers.end(EndCover(version), queries.one(key), ann)
    with pytest.raises(Conflict):
        covers.end(EndCover(version + 1), queries.one(key), ann)
    db.session.commit()
    assert as_("ben").stands_in == frozenset()


@pytest.mark.parametrize(
    ("who", "by", "before", "error"),
    [
        ("bo", "bo", None, Invalid),
        ("bo", "eve", None, Invalid),  # works elsewhere
        ("bo", "chen", None, Invalid),
        ("bo", "ned", None, Invalid),
        ("eve", "ben", None, Conflict),  # nobody here
        ("bo", "ben", ("ben", "ann"), Invalid),  # is absent too
        ("bo", "ann", ("ben", "bo"), Invalid),  # stands in for somebody
        ("bo", "ann", ("bo", "ben"), Invalid),  # is covered already
    ],
)
def test_what_is_refused(laid: Any, as_: Any, cast: Any, who: str, by: str, before: Any, error: Any) -> None:
    if before:
        absent(cast, *before)
    ann = as_("ann")
    with pytest.raises(error):
        covers.set_cover(command(cast, by), db.session.get_one(o.User, cast.users[who]), ann)


def test_only_the_head_sets_it(laid: Any, as_: Any, cast: Any) -> None:
    for name in ("bo", "ben", "chen", "tao", "cora", "sam"):
        actor = as_(name)
        with pytest.raises(Forbidden):
            covers.set_cover(command(cast), db.session.get_one(o.User, cast.users["bo"]), actor)


def test_the_trail_names_in_whose_place(engine: Any, web: Any, cast: Any) -> None:
    """Ben's own name stands on what he did, and Bo's beside it; on what was only a line of a list it does not."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        minor = rows.client(session, cast, "Riverside", "minor", worker_id=cast.users["bo"], klass="minor")
        own = rows.client(session, cast, "Riverside", "own", worker_id=cast.users["ben"])
        first = (minor.id, own.id)
    with engine.app.app_context():
        absent(cast)
    ben = web("ben")
    ben.get("/clients")
    ben.get(f"/clients/{first[1]}")
    with engine.app.app_context(), system_session("look") as session:
        assert {entry.in_place_of for entry in told(session, cast)} == {None}
    page = ben.get(f"/clients/{first[0]}")
    assert "minor" in page.words
    with engine.app.app_context(), system_session("look") as session:
        last = told(session, cast)[-1]
        assert (last.event, last.in_place_of) == ("client.opened", [str(cast.users["bo"])])
    dee = web("dee")
    assert "in place of bo" in dee.get("/audit").words


def told(session: Any, cast: Any) -> list[t.AuditEntry]:
    return list(session.scalars(select(t.AuditEntry).where(t.AuditEntry.user_id == cast.users["ben"]).order_by(t.AuditEntry.at)))


def test_days_are_judged() -> None:
    from caseapp.schemas.organisation.cover import SetCoverSchema

    def wrong(first: date, last: date) -> set[str]:
        sent = {"cover_id": "01a20dc7-27b1-758f-997e-c32fe613c860", "reason": "leave"}
        return set(SetCoverSchema().validate(sent | {"from_on": first.isoformat(), "to_on": last.isoformat()}))

    now = clock.today()
    assert wrong(now, now) == set()
    assert wrong(now, now - timedelta(days=1)) == {"to_on"}
    assert wrong(now - timedelta(days=9), now - timedelta(days=1)) == {"to_on"}
    assert wrong(now, now + timedelta(days=400)) == {"to_on"}
