"""Extracts of closed cases from order to end: two persons, one life for each case, sealed bytes, and an end that is one."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from caseapp.extensions import db, intent
from caseapp.models import casework as c
from caseapp.models.statistics import StatExtract, StatExtractCase, StatExtractFetch
from caseapp.queries.statistics import extracts as queries
from caseapp.schemas.statistics.extract import ApproveExtract, EndExtract, FetchExtract, OrderExtract
from caseapp.services.statistics.extract import checks, ending, files, kept, orders
from caseapp.services.statistics.extract.measure import measure, rows_of
from caseapp.services.trust import audit
from tests.cast import PASSWORD
from tests.services.statistics.closed import PLANTED, closed, in_none

YEAR = 2025
TOLD = ("sex", "age", "closed")
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # what does not hang on the engine


@pytest.fixture
def world(engine: Any, cast: Any, after_quarter: None) -> Any:
    """1,100 closed cases in one county, 20 in another, and every kind that is in no extract."""
    with engine.app.app_context(), system_session("a world", write=True) as session:
        cast.closed = closed(session, cast, YEAR, 1100)
        in_none(session, cast, YEAR)
    return cast


@pytest.fixture
def as_one(app: Any, world: Any) -> Callable[..., Any]:
    """Runs a verb as somebody of the cast in a transaction of its own, as a request would."""

    def run(name: str, verb: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        db.session.rollback()
        intent.set("read" if verb is checks.approve else "write")  # as the stamps of the views say
        actor = world.actor(name)
        db.session.rollback()
        guard.bind(db.session, actor)
        audit.begin(db.session)
        try:
            found = verb(*arguments, actor, **more)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            intent.set("read")
        return found

    return run


def wish(**more: Any) -> OrderExtract:
    values = {
        "years": (str(YEAR),),
        "recipient": "inside",
        "recipient_name": "Statistics office",
        "purpose": "A study of outcomes",
        "attributes": TOLD,
        "sensitive": ("domain", "risk"),
        "file_days": 30,
    }
    return OrderExtract(**(values | more))


def approve(as_one: Any, extract_id: Any, who: str = "pat", password: str = PASSWORD) -> None:
    as_one(who, checks.approve, extract_id, ApproveExtract(password), address="127.0.0.1")


def test_its_whole_life(as_one: Any, world: Any) -> None:
    row = as_one("pia", orders.order, wish())
    key = row.id
    assert (row.state, row.content_enc, row.measured) == ("weighed", None, None), "nothing is made before risk and loss are shown"
    assert row.report["left_out"] == {"community": 1, "restricted": 2, "shown": 0}
    assert (row.report["cases"], row.report["risk"]["faults"]) == (1120, [])
    assert row.report["suppressed"] >= 20 and row.levels["area"] == 2, "twenty cases of a county of their own would stand out"

    row = as_one("pia", orders.have_made, key)
    assert (row.state, row.measured["faults"]) == ("prepared", [])
    with pytest.raises(Conflict):
        as_one("pat", checks.fetch, key, FetchExtract("too early"))
    with pytest.raises(Forbidden):
        approve(as_one, key, "pia")
    with pytest.raises(Invalid):
        approve(as_one, key, password="wrong")
    approve(as_one, key)

    row, content = as_one("pia", checks.fetch, key, FetchExtract("for the office"))
    rows = rows_of(files.rows_in(content))
    assert len(rows) == row.rows == row.report["cases"] - row.report["suppressed"]
    limits = kept.limits_of(kept.chosen_of(row), row.levels)
    again = measure(files.rows_in(content), ["area", *TOLD], ["domain", "risk"], limits)
    assert again.faults == () and again.k >= 5
    assert set(rows[0]) == {"row", "area", *TOLD, "domain", "risk"}
    assert {one["area"] for one in rows} == {"2224"}, "the county says no more here than its city, so the city is told"
    for never in (PLANTED, str(world.closed[0]), "words of the person", "Riverside", str(YEAR) + "-"):
        assert never.encode() not in content and never not in files.rows_in(content).decode()
    stored = db.session.execute(select(StatExtract.content_enc, StatExtract.kept_enc)).one()
    assert stored[0][:2] != b"PK" and files.ROWS.encode() not in stored[0]
    with pytest.raises(zlib.error):
        zlib.decompress(stored[1])

    assert [fetch.purpose for fetch in queries.fetches(world.actor("pat"), key)] == ["for the office"]
    second = as_one("pat", orders.order, wish())
    assert (second.state, second.report["left_out"]["shown"]) == ("impossible", len(rows)), "each case in one extract ever"

    with time_machine.travel(clock.now() + timedelta(days=31)):
        with pytest.raises(Gone):
            as_one("pia", checks.fetch, key, FetchExtract("too late"))
        assert ending.sweep_now() == 1 and ending.sweep_now() == 0
    with system_session("look") as session:
        row = session.get_one(StatExtract, key)
        assert (row.state, row.content_enc) == ("expired", None) and row.kept_enc is not None
        assert session.scalar(select(func.count()).select_from(StatExtractFetch)) == 1


def prepared(as_one: Any, **more: Any) -> Any:
    key = as_one("pia", orders.order, wish(**more)).id
    assert as_one("pia", orders.have_made, key).state == "prepared"
    return key


@SQLITE
def test_what_does_not_come_to_be_leaves_nothing_and_spends_no_case(as_one: Any) -> None:
    key = prepared(as_one)
    with pytest.raises(Forbidden):
        as_one("pia", checks.decline, key, EndExtract("my own"))
    as_one("pat", checks.decline, key, EndExtract("too much is told"))
    other = prepared(as_one)
    as_one("pia", orders.cancel, other, EndExtract("not needed"))
    late = prepared(as_one)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        with pytest.raises(Conflict):
            approve(as_one, late)
        assert ending.sweep_now() == 1
    with system_session("look") as session:
        rows = session.scalars(select(StatExtract).order_by(StatExtract.number)).all()
        assert [row.state for row in rows] == ["declined", "cancelled", "lapsed"]
        assert all(row.content_enc is None and row.kept_enc is None for row in rows)
        assert session.scalar(select(func.count()).select_from(StatExtractCase)) == 0


def test_withdrawn_is_gone_and_its_cases_stay_spent(as_one: Any) -> None:
    """Two preparations hold the same cases: the second can no longer be handed out, withdrawn or not."""
    first, second = prepared(as_one), prepared(as_one, attributes=("sex",))
    approve(as_one, first)
    with pytest.raises(Conflict, match="handed out in another"):
        approve(as_one, second)
    as_one("pat", checks.withdraw, first, EndExtract("sent to the wrong office"))
    with pytest.raises(Gone):
        as_one("pia", checks.fetch, first, FetchExtract("again"))
    with pytest.raises(Conflict):
        approve(as_one, second)
    with system_session("look") as session:
        assert session.get_one(StatExtract, first).content_enc is None
        mark = session.scalar(select(StatExtractCase.case_mark).limit(1))
    with pytest.raises(IntegrityError), system_session("by hand", write=True) as session:
        session.execute(insert(StatExtractCase), [{"case_mark": mark, "extract_id": second}])
    for change in (update(StatExtractCase).values(extract_id=second), delete(StatExtractCase)):
        with pytest.raises(DBAPIError), system_session("by hand", write=True) as session:
            session.execute(change)


@SQLITE
def test_what_changed_since_it_was_weighed_is_weighed_anew(as_one: Any, world: Any) -> None:
    key = as_one("pia", orders.order, wish()).id
    with system_session("most are opened again", write=True) as session:
        session.execute(update(c.Case).where(c.Case.id.in_(world.closed[:300])).values(status="serving", closed_on=None))
    row = as_one("pia", orders.have_made, key)
    assert (row.state, row.report["why"], row.content_enc) == ("impossible", [["changed", "", 0, 0]], None)


@SQLITE
def test_a_value_that_all_share_cannot_be_told(as_one: Any) -> None:
    with system_session("all are green", write=True) as session:
        session.execute(sa.update(c.Case).values(risk="green"))
    row = as_one("pia", orders.order, wish())
    assert row.state == "impossible"
    assert {tuple(fault[:2]) for fault in row.report["why"]} >= {("confidence", "risk"), ("distinct", "risk")}
    assert not any(fault[1] == "domain" for fault in row.report["why"])


@SQLITE
def test_who_may_and_what_is_refused(as_one: Any) -> None:
    with pytest.raises(Invalid, match="years that are over"):
        as_one("pia", orders.order, wish(years=(str(clock.today().year),)))
    with pytest.raises(Invalid, match="Too many attributes"):
        as_one("pia", orders.order, wish(attributes=tuple(one.code for one in orders.extract_kind().attributes)))
    for name in ("cyr", "cora", "ann", "sam", "dee", "sec"):
        with pytest.raises(Forbidden):
            as_one(name, orders.order, wish())
    assert as_one("pia", orders.order, wish(years=("2019",))).state == "impossible"
    with pytest.raises(NotFound):
        as_one("pia", orders.have_made, as_one("pia", orders.order, wish(years=("2019",))).job_id)


@SQLITE
def test_outside_government_no_county_is_told(as_one: Any) -> None:
    row = as_one("pia", orders.order, wish(recipient="outside", attributes=("sex",)))
    assert row.levels["area"] >= 2 and row.report["risk"]["k"] >= 20
