"""What a verification is given and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.reference.statistics import Catalogue


@dataclass(frozen=True)
class Earlier:
    """A release of the same period that a later one corrects: the truth behind it, and what it shows."""

    facts: Sequence[Any]
    shown: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class Beside:
    """Another period of the same quarter: what is issued for it, its true numbers, what a release shows of it (nothing of one that
    is not out), and the facts of the period before it where that is out and no part of the quarter."""

    period: str
    catalogue: Catalogue
    facts: Sequence[Any]
    shown: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    before: Sequence[Any] = ()


@dataclass(frozen=True)
class Evidence:
    """One release with the truth behind it.

    `areas` have `code` and `level`; `chains` says of each area of the facts in which published areas it counts. `facts` are
    the true numbers of the period by station (measure, area, station, key, value, persons, largest), `before` those of the
    period before where that is released too: stocks that changed since. `contractors`: station → who runs it. `shown`:
    (table, area, key) → digits or `*`. `earlier`: the releases of the same period that this one corrects. `beside`: the quarter
    and the months that this release is tied to, as they were when it was made.
    """

    catalogue: Catalogue
    period: str
    areas: Sequence[Any]
    chains: Mapping[str, Sequence[str]]
    facts: Sequence[Any]
    shown: Mapping[tuple[str, str, str], str]
    certificate: bytes
    contractors: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[Any] = ()
    earlier: Sequence[Earlier] = ()
    beside: Sequence[Beside] = ()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, without any true number: what, in which table (or measure), in which area."""

    what: str
    table: str = ""
    area: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.area) if part)
        return f"{where}: {self.what}" if where else self.what


@dataclass
class Figures:
    """How much was looked at; `faults` are in the order they were found."""

    cells: int = 0
    hidden: int = 0
    guarded: int = 0
    insiders: int = 0
    asked: int = 0  # cell × reader × direction
    witnesses: int = 0
    faults: list[Fault] = field(default_factory=list)

    def line(self) -> str:
        """All of it in one line."""
        return (
            f"{self.cells} cells, {self.hidden} hidden, {self.guarded} guarded; {self.witnesses} witnesses added up for "
            f"{self.asked} questions of the outsider and {self.insiders} insiders; {len(self.faults)} faults"
        )
