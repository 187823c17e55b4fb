"""Local dates of Asia/Shanghai: ages, months, working days with China's make-up days, and lunar dates. No clock inside."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays
from borax.calendars.lunardate import LunarDate

LUNAR_MONTHS = "正二三四五六七八九十冬腊"
DIGITS = "一二三四五六七八九十"


def age_on(birth: date, day: date) -> int:
    """Completed years of age (周岁) on a day; a birthday of 29 February falls on 1 March in common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """The day on which somebody turns that age; for 29 February the first of March in common years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def read_day(text: str) -> date | None:
    """A day of an address, as 2026-11-24; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, the month's last day where it has no such day (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_start(day: date) -> date:
    """The first of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    first = date(year, month, 1)
    return first, month_end(first)


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


def quarter_bounds(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter."""
    return date(year, quarter * 3 - 2, 1), month_end(date(year, quarter * 3, 1))


def half_bounds(year: int, half: int) -> tuple[date, date]:
    """First and last day of a half-year."""
    return date(year, half * 6 - 5, 1), month_end(date(year, half * 6, 1))


def year_bounds(year: int) -> tuple[date, date]:
    """First and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of "2026", "2026H1", "2026Q3" or "2026-07"; ValueError for anything else."""
    year, rest = period[:4], period[4:]
    if not (period.isascii() and len(year) == 4 and year.isdigit() and year != "0000"):
        raise ValueError("not a period")
    if not rest:
        return year_bounds(int(year))
    kind, number = rest[0], rest[1:]
    if kind == "H" and number in ("1", "2"):
        return half_bounds(int(year), int(number))
    if kind == "Q" and number in ("1", "2", "3", "4"):
        return quarter_bounds(int(year), int(number))
    if kind == "-" and len(number) == 2 and number.isdigit() and 1 <= int(number) <= 12:
        return month_bounds(int(year), int(number))
    raise ValueError("not a period")


def months_between(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Every (year, month) touched from one day to another."""
    day = month_start(first)
    while day <= last:
        yield day.year, day.month
        day = add_months(day, 1)


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and make-up work days of a year; made per year because the library shares the latter between objects."""
    table = holidays.country_holidays("CN", years=year, expand=False)
    return frozenset(table.keys()), frozenset(day for day in table.weekend_workdays if day.year == year)


def is_working_day(day: date) -> bool:
    """Whether offices work: Monday to Friday without public holidays, and the weekend days made up (调休)."""
    off, made_up = _year(day.year)
    return day in made_up or (day.weekday() < 5 and day not in off)


def add_working_days(day: date, count: int) -> date:
    """So many working days after a day, which itself does not count; 0 gives the day itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Working days after the first day up to and including the last."""
    return sum(is_working_day(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))


def is_provisional(day: date) -> bool:
    """Whether the holidays of that year are reckoned only: the State Council's arrangement with its make-up days is not known yet."""
    return not _year(day.year)[1]


def moved_days(first: date, last: date) -> tuple[int, int]:
    """Weekdays that are public holidays, and weekend days made up, after the first day up to and including the last."""
    days = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
    off = sum(day.weekday() < 5 and not is_working_day(day) for day in days)
    return off, sum(day.weekday() >= 5 and is_working_day(day) for day in days)


def next_working_day(day: date) -> date:
    """The day itself when offices work, else the first day on which they do."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def lunar(day: date) -> str:
    """The lunar date in words, for example 农历十月十五 or 农历闰六月初一; empty outside 1900 to 2099."""
    if not 1901 <= day.year <= 2098:
        return ""
    there = LunarDate.from_solar(day)
    leap = "闰" if there.leap else ""
    return f"农历{leap}{LUNAR_MONTHS[there.month - 1]}月{_lunar_day(there.day)}"


def _lunar_day(number: int) -> str:
    if number <= 10:
        return f"初{DIGITS[number - 1]}"
    if number < 20:
        return f"十{DIGITS[number - 11]}"
    if number == 20:
        return "二十"
    return f"廿{DIGITS[number - 21]}" if number < 30 else "三十"
