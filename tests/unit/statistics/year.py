"""A year of a small invented province, month by month: people come and go, are visited, have cases; facts of months and quarters.

Released in any order, each release with what is out before it, as the service does it.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caseapp.cli.bench import province
from caseapp.core.periods import is_month, read_period
from caseapp.reference.statistics import Catalogue, key_of, newest
from caseapp.services.statistics.cells import HIDDEN, Fact, Protected, nothing, publish
from caseapp.services.statistics.family import known_before, relatives
from caseapp.services.statistics.gate import Past
from caseapp.services.statistics.history import folder, given_back
from caseapp.services.statistics.protection import Asked, Beside
from caseapp.services.statistics.verify import evidence as told
from caseapp.services.statistics.verify import verify

Thing = tuple[str, int, dict[str, Any]]  # station, person, what it is


def catalogue(*names: str, whole: bool = False) -> Catalogue:
    """The newest catalogue with some tables only; with `whole` all those of some measures."""
    full = newest()
    kept = tuple(t for t in full.tables if (t.measure if whole else t.code) in names and not t.derived)
    measures = {table.measure for table in kept}
    return replace(
        full,
        tables=kept,
        balances=tuple(pair for pair in full.balances if {*pair.flows, pair.stock} <= measures),
        never_more=tuple(rule for rule in full.never_more if {rule.small, rule.large} <= measures),
        measures={code: kind for code, kind in full.measures.items() if code in measures},
    )


@dataclass
class Year:
    """`months`: month → measure → what happened; stocks as of its last day."""

    catalogue: Catalogue
    seed: int
    townships: int = 2
    persons: int = 40
    areas: list[Any] = field(default_factory=list)
    months: dict[str, dict[str, list[Thing]]] = field(default_factory=dict)
    contractors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice, self.areas = random.Random(self.seed), province.areas(1, 2, self.townships)
        self.chains = province.chains(self.areas)
        self.stations = sorted(area.code for area in self.areas if area.leaf)
        self.contractors = {station: f"k{number // 2}" for number, station in enumerate(self.stations) if number % 3}
        self.people: dict[int, tuple[str, dict[str, Any]]] = {}
        self.cases: list[Thing] = []
        self.number = 0
        for station in self.stations:
            for _person in range(self.dice.randrange(self.persons // 2, self.persons)):
                self._come(station)
        for month in range(1, 13):
            self.months[f"2026M{month:02}"] = self._month()

    def _one(self, name: str) -> str:
        values = self.catalogue.dimensions[name].values
        return self.dice.choices(values, [1 / (1 + place) ** 1.5 for place in range(len(values))])[0].code

    def _come(self, station: str) -> int:
        self.number += 1
        dims = {"age_band": self._one("age_band"), "sex": self._one("sex"), "group": [self._one("group")]}
        self.people[self.number] = (station, dims)
        return self.number

    def _month(self) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = defaultdict(list)
        for person in [person for person in self.people if self.dice.random() < 0.02]:
            station, dims = self.people.pop(person)
            found["ended"].append((station, person, {**dims, "end": self._one("end")}))
        for station in self.stations:
            for _new in range(self.dice.choice((0, 0, 1, 1, 2, 3))):
                person = self._come(station)
                found["enrolled"].append((station, person, self.people[person][1]))
        staying = []
        for case in self.cases:
            if self.dice.random() < 0.25:
                found["cases_closed"].append((case[0], case[1], {**case[2], "reason": self._one("reason")}))
            else:
                staying.append(case)
        for person, (station, dims) in self.people.items():
            for _visit in range(self.dice.choice((0, 0, 1, 1, 2))):
                visit = {**dims, **{name: self._one(name) for name in ("visit_kind", "outcome", "entry")}}
                found["visits"].append((station, person, visit))
            if self.dice.random() < 0.1:
                found["consultations"].append((station, person, {name: self._one(name) for name in ("domain", "topic")}))
            if self.dice.random() < 0.05:
                staying.append((station, person, {name: self._one(name) for name in ("domain", "status", "subject")}))
                found["cases_opened"].append(staying[-1])
        self.cases = staying
        found["cases_active"] = list(staying)
        found["on_file"] = [(station, person, dims) for person, (station, dims) in self.people.items()]
        return found

    def facts(self, period: str) -> list[Fact]:
        """The true numbers of a month or a quarter."""
        names = [period] if is_month(period) else [name for name, _first, _last in read_period(period).months()]  # type: ignore[union-attr]
        issue, found = self.catalogue.issue(period), list[Fact]()
        for measure in issue.linked():
            way = issue.over_time(measure)
            things = [thing for name in (names[-1:] if way == "stock" else names) for thing in self.months[name][measure]]
            if way == "distinct":
                things = list({person: (station, person, dims) for station, person, dims in things}.values())
            for grouping in issue.groupings(measure):
                by: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
                for station, person, dims in things:
                    for key in _keys(dims, grouping):
                        by[station, key][person] += 1
                found += [
                    Fact(measure, period, station, key, sum(held.values()), len(held), station, max(held.values()))
                    for (station, key), held in by.items()
                ]
        return found


def _keys(dims: Mapping[str, Any], names: Sequence[str]) -> Iterable[str]:
    if names == ("group",):
        return [f"group={code}" for code in dims["group"]]
    return [key_of({name: dims[name] for name in names})]


@dataclass
class Out:
    """A release that is out."""

    made: Protected
    facts: list[Fact]
    cells: dict[tuple[str, str, str], str]


class Bureau:
    """Releases a year, one period after the other."""

    def __init__(self, year: Year, *, tied: bool = True, insiders: bool = True) -> None:
        self.year, self.tied, self.insiders = year, tied, insiders
        self.out: dict[str, Out] = {}

    def release(self, period: str) -> Out:
        """Protects and publishes one."""
        year = self.year
        issue, facts = year.catalogue.issue(period), year.facts(period)
        beside = self.beside(period) if self.tied else []
        before = known_before(read_period(period), self.out, with_months=bool(beside))
        asked = Asked(
            contractors=year.contractors, insiders=self.insiders, beside=beside, before=before,
            shut=given_back(issue, self._hidden(before)) if before else frozenset(),
        )  # fmt: skip
        earlier = self.out[before].facts if before else []
        made = publish(issue, period, year.areas, year.chains, [*facts, *earlier], asked)
        cells = {(cell.table.code, cell.area.code, cell.dims_key): cell.shown for cell in made.cells}
        self.evidence = self._evidence(period, made, cells, facts, earlier)
        self.out[period] = Out(made, facts, cells)
        return self.out[period]

    def _hidden(self, period: str) -> list[tuple[str, str, str]]:
        measures = {table.code: table.measure for table in self.year.catalogue.tables}
        cells = self.out[period].cells.items()
        return [(measures[table], area, key) for (table, area, key), shown in cells if shown == HIDDEN]

    def beside(self, period: str) -> list[Beside]:
        """What it is tied to."""
        return [self._beside(name, Beside) for name in relatives(read_period(period), self.out)]

    def _beside(self, name: str, kind: Callable[..., Any]) -> Any:
        issue, out = self.year.catalogue.issue(name), self.out.get(name)
        before = known_before(read_period(name), self.out, with_months=True)
        stocks = self.out[before].facts if before else []
        if kind is told.Beside:
            return kind(name, issue, self.year.facts(name), out.cells if out else {}, stocks)
        measures = {table.code: table.measure for table in issue.tables}
        shows = {(measures[t], area, key): int(n) for (t, area, key), n in (out.cells if out else {}).items() if n != HIDDEN}
        return kind(name, issue, self.year.facts(name), shows, stocks)

    def _evidence(self, period: str, made: Protected, cells: Any, facts: Any, earlier: Any) -> told.Evidence:
        year = self.year
        others = [self._beside(name, told.Beside) for name in relatives(read_period(period), self.out)]
        return told.Evidence(
            year.catalogue.issue(period), period, year.areas, year.chains, facts, cells, made.certificate, year.contractors, earlier,
            beside=others,
        )  # fmt: skip

    def faults(self) -> list[str]:
        """What the verifier says of the last release."""
        return [str(fault) for fault in verify(self.evidence).faults]

    def pasts(self, last: str) -> list[Past]:
        """Everything that is out, and of the last one's quarter what is not out with everything hidden, for the gate; the last at the end."""
        year, found = self.year, []
        every = [name for name in self.out if name != last]
        for name in [*every, *(name for name in relatives(read_period(last), self.out) if name not in self.out), last]:
            issue = year.catalogue.issue(name)
            cells = self.out[name].made.cells if name in self.out else nothing(issue, year.areas)
            found.append(Past(folder(issue, name, year.areas, cells), year.facts(name), year.chains))
        return found
