"""The least and the most that hidden cells may be: linear programs first, whole numbers where those leave fractions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from caseapp.services.statistics.attack.reduce import Component, Reduced

ENDLESS = 10**6  # above every sum of a component, "as many as you like"
CLOSE = 1e-6
SECONDS = 60.0  # for one question in whole numbers
AROUND = (60, 300, 1500)  # columns that are looked at near a known table, before all of them are
QUICK = 5.0  # seconds for that

Part = Mapping[int, int]  # column → coefficient


class Unsolved(RuntimeError):
    """The solver could not say: neither found nor safe."""


@dataclass(frozen=True)
class Insider:
    """What somebody adds to what everybody knows: the least of each unknown, and where an inequality begins for the rest."""

    least: Callable[[int], int]  # unknown → own number
    moved: Callable[[Any], int]  # row → how far its upper end moves down, never below nought


class Solver:
    """One component, for the outsider or for one insider."""

    def __init__(self, component: Component, insider: Insider | None = None) -> None:
        shape = (len(component.rows), len(component.columns))
        entries = [(number, col, coef) for number, (held, _row) in enumerate(component.rows) for col, coef in held.items()]
        rows, cols, coefs = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = csr_array((np.array(coefs, dtype=float), (rows, cols)), shape=shape)
        self._columns, self._sizes = self.matrix.tocsc(), np.diff(self.matrix.indptr)
        self.low = np.array([row.low for _held, row in component.rows], dtype=float)
        self.high = np.array([row.high for _held, row in component.rows], dtype=float)
        self.least = np.zeros(shape[1])
        if insider:
            self.least = np.array([sum(map(insider.least, atoms)) for atoms in component.columns], dtype=float)
            self.high = self.high - np.array([insider.moved(row) for _held, row in component.rows], dtype=float)
        known = np.concatenate([self.low[np.isfinite(self.low)], self.high[np.isfinite(self.high)], [0.0]])
        self.most = ENDLESS + 4 * np.abs(known).max()

    def end(self, part: Part, sign: int, goal: int | None = None) -> Any:
        """A table of whole numbers where a sum of columns is as great (sign 1) or as small (-1) as it can be.

        With a goal, one that reaches it will do. Above ENDLESS there is no end. Unsolved when the solver gives up.
        """
        line = self._line(part)
        answer = self._milp(-sign * line, False)
        if answer is None:
            raise Unsolved("a component has no table at all")
        table = np.round(answer.x)
        if self._fits(table, answer.x):
            return table
        reached = sign * float(line @ answer.x)
        if goal is not None and reached > sign * goal - CLOSE:
            broken = np.flatnonzero(np.abs(table - answer.x) > CLOSE)
            near = self._nearby(part, sign, goal, table, broken)
            if near is not None:
                return near
            extra = LinearConstraint(line[None, :], goal if sign > 0 else -np.inf, np.inf if sign > 0 else goal)
            found = self._milp(np.zeros(len(line)), True, [extra])
            if found is not None:
                return np.round(found.x)
        answer = self._milp(-sign * line, True)
        if answer is None:
            raise Unsolved("a component has no table of whole numbers")
        return np.round(answer.x)

    def near(self, part: Part, sign: int, goal: int, table: Any) -> Any:
        """A table that reaches a goal and differs from a known one in some columns only; None where those do not do.

        What it gives is a table of whole numbers like any other, so that only time is saved.
        """
        return self._nearby(part, sign, goal, table, np.zeros(0, dtype=int))

    def guess(self, weights: Any) -> Any:
        """Some table that makes a weighted sum small, when the program ends in whole numbers; else None."""
        answer = self._milp(weights, False)
        if answer is None:
            raise Unsolved("a component has no table at all")
        table = np.round(answer.x)
        if self._fits(table, answer.x):
            return table
        return self._nearby({}, 1, 0, table, np.flatnonzero(np.abs(table - answer.x) > CLOSE))

    def fits(self, table: Any) -> bool:
        """Whether a table of whole numbers is one of this attacker's."""
        return self._fits(table, table)

    def value(self, part: Part, table: Any) -> int:
        """What a sum of columns is in a table."""
        return round(float(self._line(part) @ table))

    def _nearby(self, part: Part, sign: int, goal: int, table: Any, broken: Any) -> Any:
        """Whole numbers for the columns around a sum, and around those that are `broken`; the others as they are in `table`."""
        begin = np.union1d(np.array(list(part), dtype=int), broken)
        line = self._line(part)
        for most in AROUND:
            own = self._around(begin, most)
            inner = self.matrix[:, own]
            rows = np.flatnonzero(np.diff(inner.indptr))
            inner = inner[rows]
            rest = self.matrix[rows] @ table - inner @ table[own]
            wanted = goal - line @ table + line[own] @ table[own]
            ends = (wanted, np.inf) if sign > 0 else (-np.inf, wanted)
            answer = milp(
                np.zeros(len(own)),
                integrality=np.ones(len(own)),
                bounds=Bounds(self.least[own], np.full(len(own), self.most)),
                constraints=[
                    LinearConstraint(inner, self.low[rows] - rest, self.high[rows] - rest),
                    *([LinearConstraint(line[own][None, :], *ends)] if part else []),
                ],
                options={"disp": False, "time_limit": QUICK},
            )
            if answer.x is not None:
                found = np.array(table)
                found[own] = np.round(answer.x)
                if self._fits(found, found):
                    return found
            if len(own) == len(self.least):
                break
        return None

    def _around(self, begin: Any, most: int) -> Any:
        """Columns that share rows with some, the shortest rows first, and with those, until there are enough."""
        held, seen, new = dict.fromkeys(begin.tolist()), set[int](), begin
        while len(held) < most and len(new):
            rows = [row for row in np.unique(self._columns[:, new].indices).tolist() if row not in seen]
            seen.update(rows)
            before = len(held)
            for row in sorted(rows, key=lambda row: int(self._sizes[row])):
                if len(held) >= most:
                    break
                held.update(dict.fromkeys(self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]].tolist()))
            new = np.array(list(held)[before:], dtype=int)
        return np.array(sorted(held), dtype=int)

    def _line(self, part: Part) -> Any:
        line = np.zeros(len(self.least))
        for col, coef in part.items():
            line[col] = coef
        return line

    def _fits(self, table: Any, answer: Any) -> bool:
        if np.abs(table - answer).max(initial=0) > CLOSE:
            return False
        sums = self.matrix @ table
        return bool((sums >= self.low - CLOSE).all() and (sums <= self.high + CLOSE).all() and (table >= self.least).all())

    def _milp(self, objective: Any, whole: bool, more: Sequence[LinearConstraint] = ()) -> Any:
        constraints = [*([LinearConstraint(self.matrix, self.low, self.high)] if len(self.low) else []), *more]
        answer = milp(
            objective,
            integrality=np.full(len(self.least), int(whole)),
            bounds=Bounds(self.least, np.full(len(self.least), self.most)),
            constraints=constraints,
            options={"disp": False, "time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        if answer.status == 2:
            return None
        if answer.status != 0:
            raise Unsolved(answer.message)
        return answer


def bounds(reduced: Reduced, wanted: Sequence[int] | None = None, insider: Insider | None = None) -> dict[int, tuple[int, int]]:
    """The least and the most whole number of hidden cells (by their place): all of them, or those wanted."""
    solvers: dict[int, Solver] = {}
    found = {}
    for number in range(len(reduced.cells)) if wanted is None else wanted:
        _at, known, parts = reduced.cells[number]
        low = high = known
        for component, part in parts.items():
            if component not in solvers:
                solvers[component] = Solver(reduced.components[component], insider)
            solver = solvers[component]
            low, high = low + solver.value(part, solver.end(part, -1)), high + solver.value(part, solver.end(part, 1))
        found[number] = low, high
    return found
