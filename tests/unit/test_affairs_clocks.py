"""The clocks of social affairs: working days with what was moved, and the two terms before a divorce."""

from datetime import date

import pytest

from caseapp.core import dates
from caseapp.queries.details.affairs.clocks import CoolingOff, Leg, legs

AT = {"psychiatric.register_working_days": 5, "psychiatric.refer_working_days": 5}


def test_a_term_over_the_national_holiday_ends_late_and_says_why() -> None:
    leg = Leg("registered", date(2026, 9, 28), 5)
    assert (leg.due_on, leg.moved, leg.is_provisional) == (date(2026, 10, 10), (5, 1), False)
    assert (leg.late(date(2026, 10, 10)), leg.late(date(2026, 10, 12))) == (0, 1)
    assert Leg("registered", date(2026, 9, 28), 5, date(2026, 10, 14)).late(date(2027, 1, 1)) == 3, "the day it was done counts"


def test_a_term_into_a_year_not_yet_arranged_is_provisional() -> None:
    leg = Leg("referred", date(2026, 12, 28), 5)
    assert leg.is_provisional and leg.due_on == date(2027, 1, 5), "new year's day itself is off in any arrangement"


def test_the_terms_that_have_begun() -> None:
    taken = [("applied", date(2026, 3, 4)), ("registered", date(2026, 3, 9)), ("applied", date(2026, 3, 2))]
    first, second = legs(taken, AT)
    assert (first.step, first.since, first.done_on) == ("registered", date(2026, 3, 2), date(2026, 3, 9))
    assert (second.step, second.since, second.done_on) == ("referred", date(2026, 3, 9), None)
    assert legs([("registered", date(2026, 3, 9))], AT)[0].step == "referred"
    assert legs([], AT) == []


@pytest.mark.parametrize(
    ("applied", "cools", "collects"),
    [
        (date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 6)),  # 1 May is off until the 5th
        (date(2026, 9, 2), date(2026, 10, 8), date(2026, 11, 9)),  # 2 October is off, so is Saturday 7 November
        (date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 31)),
    ],
)
def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(applied: date, cools: date, collects: date) -> None:
    term = CoolingOff(applied, 30, 30)
    assert (term.cools_until, term.collect_until) == (cools, collects)
    assert [term.phase(day) for day in (applied, cools, dates.next_working_day(cools.replace(day=cools.day + 1)))] == [
        "cooling",
        "cooling",
        "collecting",
    ]
    assert term.phase(date.fromordinal(collects.toordinal() + 1)) == "over"
