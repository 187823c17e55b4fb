"""Facts through time: kept up station by station with the result of a whole count, settled by the database, late entries once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Month, Quarter
from caseapp.models import casework as c
from caseapp.models.details.assistance import AidRequest
from caseapp.models.organisation import Division, Organisation
from caseapp.models.statistics import StatDue, StatFact, StatMark, StatSnapshot
from caseapp.reference.statistics import newest
from caseapp.services.statistics.refresh import freeze, refresh
from tests import rows
from tests.services.statistics.fixtures import Q3

Q4, NEXT = Quarter(2026, 4), Quarter(2027, 1)


def facts(period: Any) -> set[tuple[Any, ...]]:
    """All there is to a period but ids and times."""
    columns = (StatFact.measure, StatFact.area, StatFact.station_id, StatFact.dims_key)
    numbers = (StatFact.value, StatFact.persons, StatFact.largest)
    with system_session("test") as session:
        return {tuple(row) for row in session.execute(select(*columns, *numbers).where(StatFact.period == str(period)))}


def value(period: Any, measure: str, key: str = "") -> int:
    """The sum of a cell over all stations."""
    return sum(fact[4] for fact in facts(period) if fact[0] == measure and fact[3] == key)


def counted_at(period: Any, measure: str) -> Counter[datetime]:
    """When the facts of a measure were counted."""
    with system_session("test") as session:
        found = select(StatFact.refreshed_at).where(StatFact.period == str(period), StatFact.measure == measure)
        return Counter(session.scalars(found))


def settle(period: Any) -> None:
    """Counted and settled."""
    refresh(period)
    with system_session("test", write=True) as session:
        freeze(session, period)


def _changes(session: Any, cast: Any) -> None:
    """Something of every kind, at some stations only, also where one human is known at two."""
    people = session.scalars(select(c.Client).where(c.Client.station_path == cast.paths["Riverside"]).order_by(c.Client.id)).all()
    far = session.scalars(select(c.Client).where(c.Client.station_path == cast.paths["Hillside"]).order_by(c.Client.id)).all()
    for person in (people[3], far[3]):  # the same papers at two stations
        paper = c.IdentityDocument(client_id=person.id, kind="resident", number_index=b"the same papers!", created_at=clock.now())
        paper.belongs_to(person)
        session.add(paper)
    rows.visit(session, people[0], cast.users["bo"], date(2026, 9, 30))
    people[1].birth_on = date(2010, 1, 1)
    stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == people[2].id, c.Enrolment.to_on.is_(None))).one()
    stay.to_on, stay.end_reason = date(2026, 9, 20), "deceased"
    session.scalars(
        select(c.TargetTag).where(c.TargetTag.station_path == cast.paths["Riverside"]).limit(1)
    ).one().status = "cancelled"
    record = session.scalars(
        select(c.ServiceRecord).where(c.ServiceRecord.station_path == cast.paths["Riverside"]).limit(1)
    ).one()
    record.voided_at = clock.now()
    session.delete(
        session.scalars(select(c.VisitPerson).where(c.VisitPerson.client_id == people[5].id).limit(1)).first() or record
    )
    session.flush()


def test_what_changed_is_counted_anew_and_nothing_else_with_the_result_of_a_whole_count(county: Any) -> None:
    refresh(Q3)
    before = facts(Q3)
    refresh(Q3)
    assert facts(Q3) == before and len(counted_at(Q3, "visits")) == 1
    with system_session("test", write=True) as session:
        assert session.scalar(select(sa.func.count()).select_from(StatMark)) == 0
        _changes(session, county)
    refresh(Q3)
    kept = facts(Q3)
    assert kept != before
    times = counted_at(Q3, "visits")
    assert len(times) == 2 and 0 < min(times.values()) < 20 < max(times.values()), "what differs is written, the rest stands"
    assert len(counted_at(Q3, "referrals")) <= 1 and len(counted_at(Q3, "assessments")) == 1
    refresh(Q3, whole=True)
    assert facts(Q3) == kept
    with system_session("test", write=True) as session:
        assert not session.scalars(select(StatDue)).all()
        person = session.scalars(select(c.Client).where(c.Client.station_path == county.paths["Riverside"])).first()
        rows.visit(session, person, county.users["bo"], date(2026, 9, 29))
        session.execute(sa.delete(StatMark))
    refresh(Q3)
    assert facts(Q3) == kept, "what is not marked is not looked at"


def test_a_number_put_right_at_one_station_changes_who_counts_at_the_other(county: Any) -> None:
    with system_session("test", write=True) as session:
        _changes(session, county)
    refresh(Q3)
    before = value(Q3, "on_file")
    with system_session("test", write=True) as session:
        first = session.scalars(select(c.IdentityDocument).where(c.IdentityDocument.number_index == b"the same papers!")).all()
        min(first, key=lambda paper: paper.client_id).number_index = b"other papers, now"[:16]
    refresh(Q3)
    kept = facts(Q3)
    assert value(Q3, "on_file") == before + 1
    refresh(Q3, whole=True)
    assert facts(Q3) == kept


def test_a_township_with_another_code_takes_its_facts_along(county: Any) -> None:
    refresh(Q3)
    with system_session("test", write=True) as session:
        town = session.scalars(select(Organisation).where(Organisation.division_code == "222403103000")).all()
        session.add(Division(code="222403199000", name="T", level="township", parent_code="222403000000", source="test"))
        session.flush()
        for office in town:
            office.division_code = "222403199000"
    refresh(Q3)
    kept = facts(Q3)
    assert {"222403199000"} < {fact[1] for fact in kept} and "222403103000" not in {fact[1] for fact in kept}
    refresh(Q3, whole=True)
    assert facts(Q3) == kept


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stat_fact SET value = value + 1 WHERE period = '2026Q3'",
        "DELETE FROM stat_fact WHERE period = '2026Q3'",
        "UPDATE stat_fact SET period = '2026Q3' WHERE period = '2026Q4'",
        "UPDATE stat_fact SET value = 0 WHERE period = '2026M09'",
        "UPDATE stat_snapshot SET frozen_at = NULL WHERE period = '2026Q3'",
        "DELETE FROM stat_snapshot WHERE period = '2026Q3'",
        "TRUNCATE stat_fact",
        "TRUNCATE stat_snapshot",
    ],
)
def test_the_database_keeps_what_is_settled(engine: Any, cast: Any, after_quarter: None, statement: str) -> None:
    if statement.startswith("TRUNCATE") and engine.name != "postgresql":
        pytest.skip("a statement of PostgreSQL")
    with system_session("test", write=True) as session:
        person = rows.client(session, cast, "Riverside", "A")
        tag = c.TargetTag(client_id=person.id, code="EL03", status="confirmed", from_on=date(2026, 2, 1), created_at=clock.now())
        tag.belongs_to(person)
        session.add(tag)
    refresh(Q4)
    settle(Q3)
    with (
        pytest.raises(sa.exc.DBAPIError, match=r"settled|already exists|permission denied"),
        system_session("test", write=True) as session,
    ):
        session.execute(sa.text(statement))
    with pytest.raises(Conflict):
        refresh(Q3)


def _moved(session: Any, visit: c.Visit, person: c.Client, worker: Any, on: date) -> c.Visit:
    """A visit put right: the old one voided, a new one in its place."""
    visit.voided_at = clock.now()
    session.scalars(select(c.VisitPerson).where(c.VisitPerson.visit_id == visit.id)).one().voided = True
    return rows.visit(session, person, worker, on, moved_from_id=visit.id)


def _handed_in(request: AidRequest, on: date | None) -> None:
    request.handed_in_on = on
    if on and request.first_handed_in_on is None:
        request.first_handed_in_on, request.first_handed_in_at = on, clock.now()


def test_what_is_entered_late_counts_once_in_the_next_period_and_nothing_twice(
    engine: Any, cast: Any, after_quarter: None
) -> None:
    bo = cast.users["bo"]
    with system_session("test", write=True) as session:
        person = rows.client(session, cast, "Riverside", "A")
        leaver = rows.client(session, cast, "Riverside", "B")
        first = rows.visit(session, person, bo, date(2026, 9, 1))
        second = rows.visit(session, person, bo, date(2026, 9, 2))
        first_id, second_id, person_id, leaver_id = first.id, second.id, person.id, leaver.id
        case = rows.case(session, person, bo)
        for handed_in in (None, date(2026, 8, 1)):  # one being prepared, one handed in
            request = AidRequest(case_id=case.id, client_id=person.id, aid="dibao", created_at=clock.now())
            request.papers_wanted, request.papers_ready = [], []
            _handed_in(request, handed_in)
            request.belongs_to(case)
            session.add(request)
    settle(Q3)
    settled = facts(Q3)
    with time_machine.travel("2026-11-05T02:00:00+00:00", tick=True), system_session("test", write=True) as session:
        person, leaver = (session.get_one(c.Client, key) for key in (person_id, leaver_id))
        rows.visit(session, person, bo, date(2026, 9, 20))  # of the settled quarter: late
        rows.visit(session, person, bo, date(2026, 6, 20))  # of one before it, never settled: late too
        rows.visit(session, person, bo, date(2026, 11, 1))
        _moved(session, session.get_one(c.Visit, first_id), person, bo, date(2026, 9, 3))  # was counted
        wrong = _moved(session, session.get_one(c.Visit, second_id), person, bo, date(2026, 10, 1))  # counted, on the wrong day
        wrong = _moved(session, wrong, person, bo, date(2026, 11, 2))  # and that was wrong too
        _moved(session, wrong, person, bo, date(2026, 10, 3))
        stay = session.scalars(select(c.Enrolment).where(c.Enrolment.client_id == leaver.id)).one()
        stay.to_on, stay.end_reason = date(2026, 9, 15), "moved"  # learned late
        for request in session.scalars(select(AidRequest)):
            # the one for the first time, told late; the other again, because more was wanted: counted already
            _handed_in(request, date(2026, 9, 25) if request.handed_in_on is None else date(2026, 11, 4))
        refresh_day = clock.now()
    with time_machine.travel(refresh_day + timedelta(hours=1), tick=True):
        refresh(Q4)
        assert value(Q4, "visits") == 3 and value(Q4, "visits", "entry=late") == 2
        assert value(Q4, "visits", "outcome=done") == 3 and value(Q4, "visited") == 1
        assert value(Q3, "aid_requests") == value(Q4, "aid_requests") == 1
        assert value(Q4, "ended") == 1 and value(Q4, "on_file") == 1
        assert facts(Q3) == settled and value(Q3, "visits") == 2 and value(Q3, "on_file") == 2
    day = {"in time": date(2027, 1, 10), "late": date(2027, 1, 11)}  # the cut-off is the end of the tenth day
    for entered in day.values():
        then = time_machine.travel(datetime(entered.year, 1, entered.day, 3, tzinfo=UTC), tick=True)
        with then, system_session("test", write=True) as session:
            rows.visit(session, session.get_one(c.Client, person_id), bo, date(2026, 12, 30))
    with time_machine.travel("2027-01-20T02:00:00+00:00", tick=True):
        settle(Q4)
        assert value(Q4, "visits") == 4
        refresh(NEXT)
        assert value(NEXT, "visits") == value(NEXT, "visits", "entry=late") == 1
        with system_session("test") as session:
            cut = session.scalars(select(StatSnapshot.cut_off_at).where(StatSnapshot.period == str(Q4))).one()
            assert cut is not None and clock.local(cut).date() == day["in time"]


def test_periods_are_settled_in_their_order(engine: Any, cast: Any, after_quarter: None) -> None:
    with system_session("test", write=True) as session:
        rows.client(session, cast, "Riverside", "A")
    settle(Quarter(2026, 1))
    with pytest.raises(Conflict, match="order"):
        settle(Q3)
    settle(Quarter(2026, 2))
    settle(Q3)
    with system_session("test", write=True) as session:
        marks = {row.period: row.mark for row in session.scalars(select(StatSnapshot))}
        assert freeze(session, Q3).mark == marks["2026Q3"] != marks["2026Q2"]
        assert marks["2026M09"] is None, "settled as a part of its quarter"
    with pytest.raises(Conflict):
        refresh(Month(2026, 9))
    with pytest.raises(Conflict, match="Run the refresh"), system_session("test", write=True) as session:
        freeze(session, Q4)


def test_months_add_up_to_their_quarter(county: Any) -> None:
    refresh(Q3)
    months = [Month(2026, number) for number in (7, 8, 9)]
    for month in months:
        refresh(month)
    catalogue = newest().monthly()
    sums = {str(period): _sums(period) for period in (Q3, *months)}
    added = 0
    for measure, tables in catalogue.linked().items():
        kind = catalogue.over_time(measure)
        for key in dict.fromkeys(key for table in tables for key in table.cell_keys()):
            whole, *parts = (found[measure, key] for found in sums.values())
            expected = parts[-1] if kind == "stock" else sum(parts)
            assert whole == expected if kind != "distinct" else max(parts) <= whole <= sum(parts), (measure, key)
            added += whole
    assert added > 1000
    assert all(0 < fact[6] < fact[4] for fact in facts(Q3) if fact[0] == "hours" and fact[3] == "")


def _sums(period: Any) -> Counter[tuple[str, str]]:
    """(measure, key) → sum over all stations."""
    found: Counter[tuple[str, str]] = Counter()
    for fact in facts(period):
        found[fact[0], fact[3]] += fact[4]
    return found
