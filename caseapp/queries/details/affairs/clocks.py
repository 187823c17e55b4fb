"""The clocks of social affairs as pure functions: 5 + 5 working days to rehabilitation, the cooling-off before a divorce."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caseapp.core import dates

# step → the step from which its working days run, and the setting that says how many
CLOCKED = {
    "registered": ("applied", "psychiatric.register_working_days"),
    "referred": ("registered", "psychiatric.refer_working_days"),
}


@dataclass(frozen=True)
class Leg:
    """One stretch of the way with a term in working days."""

    step: str
    since: date
    days: int
    done_on: date | None = None

    @property
    def due_on(self) -> date:
        """The last day of the term; the first day does not count."""
        return dates.add_working_days(self.since, self.days)

    def late(self, today: date) -> int:
        """By how many working days it is, or was, late."""
        end = self.done_on or today
        return dates.working_days_between(self.due_on, end) if end > self.due_on else 0

    @property
    def moved(self) -> tuple[int, int]:
        """Weekdays off and weekend days made up within the term: why it ends when it ends."""
        return dates.moved_days(self.since, self.due_on)

    @property
    def is_provisional(self) -> bool:
        """Whether the term reaches into a year whose holidays are not arranged yet."""
        return dates.is_provisional(self.due_on)


def legs(taken: Iterable[tuple[str, date]], at: Any) -> list[Leg]:
    """The stretches that have begun, in their order; `at` gives the settings of the place by name.

    A step that was taken twice counts when it was first taken.
    """
    first: dict[str, date] = {}
    for step, day in taken:
        first[step] = min(day, first.get(step, day))
    return [Leg(step, first[since], at[name], first.get(step)) for step, (since, name) in CLOCKED.items() if since in first]


@dataclass(frozen=True)
class CoolingOff:
    """The two terms of 民法典 art. 1077: either side may withdraw until the first ends, both must come before the second does.

    A term whose last day is a day off ends on the next working day (art. 203).
    """

    applied_on: date
    cool_days: int
    collect_days: int

    @property
    def cools_until(self) -> date:
        """The last day on which the application can be withdrawn."""
        return dates.next_working_day(self.applied_on + timedelta(days=self.cool_days))

    @property
    def collect_until(self) -> date:
        """The last day on which both can collect the certificate; after it the application counts as withdrawn."""
        return dates.next_working_day(self.cools_until + timedelta(days=self.collect_days))

    @property
    def is_provisional(self) -> bool:
        """Whether a term reaches into a year whose holidays are not arranged yet."""
        return dates.is_provisional(self.collect_until)

    def phase(self, today: date) -> str:
        """cooling, collecting or over."""
        if today <= self.cools_until:
            return "cooling"
        return "collecting" if today <= self.collect_until else "over"
