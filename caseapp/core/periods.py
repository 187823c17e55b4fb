"""Whole quarters and their months, and the halves and years that quarters make, as written in figures: 2026Q3, 2026M09, 2026H2, 2026Y."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTH = re.compile(r"(20\d\d)M(0[1-9]|1[0-2])", re.ASCII)
QUARTER = re.compile(r"(20\d\d)Q([1-4])", re.ASCII)
LONG = re.compile(r"(20\d\d)(?:H([12])|Y)", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """From 2026Q3; ValueError for anything else."""
        found = QUARTER.fullmatch(text)
        if not found:
            raise ValueError("a quarter is written like 2026Q3")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first_day(self) -> date:
        """Where it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Where it ends, included."""
        return self.next().first_day - timedelta(days=1)

    def next(self) -> "Quarter":
        """The one after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def before(self) -> "Quarter":
        """The one before."""
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    def months(self) -> list[tuple[str, date, date]]:
        """(2026M07, first day, last day) of its three months."""
        found = []
        for month in range(3 * self.number - 2, 3 * self.number + 1):
            after = date(self.year + month // 12, month % 12 + 1, 1)
            found.append((f"{self.year}M{month:02}", date(self.year, month, 1), after - timedelta(days=1)))
        return found


@dataclass(frozen=True, order=True)
class Month:
    """One month of a year."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> "Month":
        """From 2026M09; ValueError for anything else."""
        found = MONTH.fullmatch(text)
        if not found:
            raise ValueError("a month is written like 2026M09")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}M{self.number:02}"

    @property
    def first_day(self) -> date:
        """Where it begins."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Where it ends, included."""
        return self.next().first_day - timedelta(days=1)

    @property
    def quarter(self) -> Quarter:
        """The quarter it is a part of."""
        return Quarter.of(self.first_day)

    def next(self) -> "Month":
        """The one after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def before(self) -> "Month":
        """The one before."""
        return Month(self.year - (self.number == 1), (self.number + 10) % 12 + 1)


Period = Quarter | Month


def read_period(text: str) -> Period:
    """From 2026Q3 or 2026M09; ValueError for anything else."""
    return Month.read(text) if MONTH.fullmatch(text) else Quarter.read(text)


def is_month(name: str) -> bool:
    """Whether a period, or an edition of one, is a month."""
    return MONTH.fullmatch(plain_name(name)) is not None


def ends_with(period: Period) -> Period | None:
    """The period of the other kind that ends on the same day: 2026Q3 and 2026M09; None where there is none."""
    if isinstance(period, Quarter):
        return Month(period.year, 3 * period.number)
    return period.quarter if period.number % 3 == 0 else None


def quarters_of(text: str) -> list[Quarter]:
    """The quarters of a half (2026H2) or a year (2026Y); ValueError for anything else."""
    found = LONG.fullmatch(text)
    if not found:
        raise ValueError("a half is written like 2026H2, a year like 2026Y")
    numbers = range(2 * int(found[2]) - 1, 2 * int(found[2]) + 1) if found[2] else range(1, 5)
    return [Quarter(int(found[1]), number) for number in numbers]


def edition(name: str, number: int) -> str:
    """What the facts of a correction go by: 2026Q3.1 for the first one of 2026Q3; 0 is the period's own name."""
    return f"{name}.{number}" if number else name


def editions(period: Period, number: int) -> list[str]:
    """The names of a period and, of a quarter, its months in an edition, the period first."""
    months = period.months() if isinstance(period, Quarter) else []
    return [edition(name, number) for name in (str(period), *(name for name, _first, _last in months))]


def plain_name(name: str) -> str:
    """The period of an edition: 2026Q3 of 2026Q3.1."""
    return name.partition(".")[0]
