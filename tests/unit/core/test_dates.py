"""Dates: ages, months, China's working days of 2026 and lunar dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.core import dates


def test_ages():
    assert dates.age_on(date(2008, 11, 23), date(2026, 11, 22)) == 17
    assert dates.age_on(date(2008, 11, 23), date(2026, 11, 23)) == 18
    assert dates.age_on(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert dates.age_on(date(2012, 2, 29), date(2026, 3, 1)) == 14


@given(st.dates(date(1900, 1, 1), date(2050, 12, 31)), st.integers(0, 110))
def test_a_birthday_is_the_first_day_of_that_age(birth, age):
    day = dates.birthday(birth, age)
    assert dates.age_on(birth, day) == age
    assert age == 0 or dates.age_on(birth, day - timedelta(days=1)) == age - 1


def test_months_and_periods():
    assert dates.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert dates.add_months(date(2026, 11, 23), -12) == date(2025, 11, 23)
    assert dates.period_bounds("2026Q3") == (date(2026, 7, 1), date(2026, 9, 30))
    assert dates.period_bounds("2026H1") == (date(2026, 1, 1), date(2026, 6, 30))
    assert dates.period_bounds("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert list(dates.months_between(date(2025, 12, 31), date(2026, 1, 1))) == [(2025, 12), (2026, 1)]


@pytest.mark.parametrize("text", ["", "2026Q5", "2026-13", "202", "2026q1", "２０２６", "2026-1", "2026Q²"])
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match="not a period"):
        dates.period_bounds(text)


def test_working_days_with_those_made_up():
    assert dates.is_working_day(date(2026, 2, 14))  # a Saturday made up for the spring festival
    assert not dates.is_working_day(date(2026, 2, 20))
    assert not dates.is_working_day(date(2026, 10, 1))
    assert dates.add_working_days(date(2026, 2, 13), 3) == date(2026, 2, 25)
    assert dates.add_working_days(date(2026, 2, 15), 0) == date(2026, 2, 15)
    assert dates.working_days_between(date(2026, 2, 13), date(2026, 2, 25)) == 3


def test_the_years_asked_before_do_not_matter():
    before = [dates.is_working_day(date(2026, 1, 1) + timedelta(days=step)) for step in range(365)]
    dates.is_working_day(date(2025, 5, 1))
    dates._year.cache_clear()
    assert before == [dates.is_working_day(date(2026, 1, 1) + timedelta(days=step)) for step in range(365)]


def test_lunar_dates():
    assert dates.lunar(date(2026, 11, 23)) == "农历十月十五"
    assert dates.lunar(date(2025, 7, 25)) == "农历闰六月初一"
    assert dates.lunar(date(2026, 2, 17)) == "农历正月初一"
    assert dates.lunar(date(1850, 1, 1)) == ""


@given(st.dates())
def test_every_date_has_an_answer(day):
    assert isinstance(dates.lunar(day), str)
