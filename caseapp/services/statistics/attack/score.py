"""Was the attacker right? Small cells against what he can prove of them; the truth is given here and nowhere before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from caseapp.services.statistics.attack.read import Key, Told
from caseapp.services.statistics.attack.reduce import Reduced
from caseapp.services.statistics.attack.solve import Insider, Solver, Unsolved

EXACT, NEAR, SMALL, SHOWN = "exact", "near", "small", "shown"
UNDECIDED = "undecided"
ALIKE_HIT = "alike"  # everybody of a small total has one value
ALIKE = 2  # times as many persons as are needed to show a cell: a total below is small
SAFE, NARROW = "safe", "narrow"
KEPT = 60  # tables of a component that are lent on
TRIED = 2  # tables, those that come closest to a goal, near which one is looked for that reaches it
PART = 0.10  # of the greatest contribution to a magnitude: nobody may be told to within it


@dataclass(frozen=True)
class Target:
    """A cell not shown, or what is left of it beside an insider's own, that nobody may find out."""

    number: int  # of Reduced.cells
    own: int
    value: int  # of the rest
    k: int
    room: int  # a guess within it is a hit: 1 for persons and things
    magnitude: bool = False
    alike: bool = False  # only that it is not seen to be the whole of its total matters

    @property
    def goal_up(self) -> int:
        """What it must be possible that the whole cell is at least."""
        if self.alike:
            return 0
        return self.own + (self.value + self.room + 1 if self.magnitude else max(self.k, self.value + 2))

    @property
    def goal_down(self) -> int:
        """What it must be possible that the whole cell is at most."""
        return self.own + (self.value - 1 if self.alike else max(0, self.value - self.room - 1))

    def cleared(self, low: int, high: int) -> bool:
        """Whether tables that have been seen are enough to say that it is no hit, however much further it may reach."""
        low, high = low - self.own, high - self.own
        if self.alike:
            return low < high
        apart = low < self.value - self.room or high > self.value + self.room
        return apart and (self.magnitude or low <= 0 or high >= self.k)

    def verdict(self, low: int, high: int) -> str:
        """Of the least and the most that the whole cell may be."""
        low, high = low - self.own, high - self.own
        if self.alike:
            return ALIKE_HIT if low == high else SAFE
        if low == high:
            return EXACT
        if low >= self.value - self.room and high <= self.value + self.room:
            return NEAR
        if not self.magnitude and low > 0 and high < self.k:
            return SMALL
        return SAFE if high + self.own >= self.goal_up and low + self.own <= self.goal_down else NARROW


class Limits:
    """From how many on each cell of a release may be shown, by measure and key."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._least: dict[tuple[str, Key], int] = {}
        self.magnitudes = {table.measure for table in told.catalogue.tables if table.magnitude}

    def least(self, measure: str, key: Key) -> int:
        """Persons."""
        at = (measure, key)
        if at not in self._least:
            catalogue = self._told.catalogue
            values = [catalogue.dimensions[name].value(code) for name, code in key]
            kind = catalogue.measures.get(measure)
            own = max((value.k for value in values if value), default=catalogue.threshold)
            own = max(own, kind.k if kind else 0)
            self._least[at] = catalogue.contributors if measure in self.magnitudes else own
        return self._least[at]

    def is_small(self, measure: str, key: Key, value: int, persons: int) -> bool:
        """Whether a cell, or a rest of one, must not be known."""
        least = self.least(measure, key)
        return value > 0 and (0 < persons < least or (value < least and measure not in self.magnitudes))

    def target(
        self, number: int, measure: str, key: Key, numbers: tuple[int, int, int], own: tuple[int, int, int]
    ) -> Target | None:
        """A hidden cell as a target, when it is one."""
        value, persons = numbers[0] - own[0], numbers[1] - own[1]
        if not self.is_small(measure, key, value, persons):
            return None
        magnitude = measure in self.magnitudes
        room = max(1, int(PART * (numbers[2] or value))) if magnitude else 1
        return Target(number, own[0], value, self.least(measure, key), room, magnitude)


class Attack:
    """Goes for targets, component by component; tables found for one target are tried on all others first.

    With `promise` it goes on until every cell has reached both of its goals or its ends; else until it is seen to be no hit.
    """

    def __init__(self, reduced: Reduced, insider: Insider | None = None, promise: bool = True) -> None:
        self._reduced, self._insider, self._promise = reduced, insider, promise
        self._solvers: dict[int, Solver] = {}
        self._span: dict[tuple[int, int], tuple[int, int]] = {}  # (target, component) → what its part is seen to be
        self._of: dict[int, list[tuple[int, np.ndarray, np.ndarray]]] = {}
        self.tables: dict[int, list[np.ndarray]] = defaultdict(list)
        self._own: dict[int, list[np.ndarray]] = defaultdict(list)  # the newest tables
        self._lent: Mapping[int, Sequence[np.ndarray]] = {}
        self.programs = 0

    def run(self, targets: Sequence[Target]) -> dict[int, str]:
        """Target → verdict."""
        held: dict[int, list[Target]] = defaultdict(list)
        for target in targets:
            for component in self._reduced.cells[target.number][2]:
                held[component].append(target)
        for component, reaching in sorted(held.items()):
            self._open(component, reaching)
        return {target.number: self._one(target) for target in targets}

    def lend(self, tables: Mapping[int, Sequence[np.ndarray]]) -> None:
        """Tables that an attacker who knows less has found: some will do for this one."""
        self._lent = tables

    def _open(self, component: int, targets: Iterable[Target]) -> None:
        """Tables to begin with: those lent, then everything wanted as great, and as small, as can be."""
        solver = self._solvers[component] = Solver(self._reduced.components[component], self._insider)
        held = self._of[component] = []
        weights = np.zeros(len(solver.least))
        for target in targets:
            part = self._reduced.cells[target.number][2][component]
            columns, coefs = np.array(list(part), dtype=int), np.array(list(part.values()), dtype=float)
            held.append((target.number, columns, coefs))
            weights[columns] += coefs / len(columns)
        for table in self._lent.get(component, ()):
            if solver.fits(table):
                self._learn(component, table)
        if not self._promise and all(self._is_done(target) for target in targets):
            return
        for sign in (-1, 1):
            self.programs += 1
            table = solver.guess(sign * weights)
            if table is not None:
                self._learn(component, table)

    def _learn(self, component: int, table: np.ndarray) -> None:
        if len(self.tables[component]) < KEPT:
            self.tables[component].append(table)
        self._own[component] = [*self._own[component][-KEPT:], table]
        for number, columns, coefs in self._of[component]:
            value = int(coefs @ table[columns])
            low, high = self._span.get((number, component), (value, value))
            self._span[number, component] = min(low, value), max(high, value)

    def _seen(self, target: Target) -> tuple[int, int] | None:
        _at, known, parts = self._reduced.cells[target.number]
        spans = [self._span.get((target.number, component)) for component in parts]
        if any(span is None for span in spans):
            return None
        return known + sum(s[0] for s in spans if s), known + sum(s[1] for s in spans if s)

    def _is_done(self, target: Target) -> bool:
        seen = self._seen(target)
        return seen is not None and target.cleared(*seen)

    def _one(self, target: Target) -> str:
        try:
            for sign in (1, -1):
                seen = self._seen(target)
                reached = seen and (seen[1] >= target.goal_up if sign > 0 else seen[0] <= target.goal_down)
                if reached or (not self._promise and self._is_done(target)):
                    continue
                self._push(target, sign)
        except Unsolved:
            return UNDECIDED
        if not self._promise and self._is_done(target):
            return SAFE
        low, high = self._seen(target) or (0, 0)
        return target.verdict(low, high)

    def _push(self, target: Target, sign: int) -> None:
        """The end itself, in every component it reaches into; where it lies in one, the goal is enough."""
        _at, known, parts = self._reduced.cells[target.number]
        goal = (target.goal_up if sign > 0 else target.goal_down) - known
        for component, part in parts.items():
            self.programs += 1
            solver, found = self._solvers[component], None
            if len(parts) == 1:
                columns, coefs = np.array(list(part), dtype=int), np.array(list(part.values()), dtype=float)
                close = sorted(self._own[component], key=lambda table: -sign * float(coefs @ table[columns]))[:TRIED]
                found = next((t for table in close if (t := solver.near(part, sign, goal, table)) is not None), None)
            self._learn(component, solver.end(part, sign, goal if len(parts) == 1 else None) if found is None else found)
