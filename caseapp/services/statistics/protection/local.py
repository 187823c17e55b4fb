"""The linear program behind one witness: over a few stations and frames, everything else as it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from caseapp.reference.statistics import plain
from caseapp.services.statistics.protection.frames import Mask, read_key
from caseapp.services.statistics.protection.numbers import Whole
from caseapp.services.statistics.protection.system import System

MOST = 500  # unknowns of a first, small program
MUCH = 12_000  # of the next one
ROOMY = 20  # times the amount wanted: how far anything else may move; a tight bound keeps the integer programs quick
STAGES = 7  # ever larger parts of the system
TURNS = 80  # how often one program may be rounded on
SPARE = 1e-3  # an unknown changed costs a little, so that no change is made for nothing


@dataclass
class Local:
    """A part of the system: the unknowns `columns`; rows that are alike are one."""

    columns: Whole
    cells: Whole  # the rows of the system that the unknowns touch
    group: Whole  # of each of them, the row here
    rows: Any
    matrix: Any  # over changes up, changes down, cells up, cells down
    low: Any
    high: Any
    truth: Whole


class Locals:
    """Makes and remembers parts of the system, and solves in them."""

    def __init__(self, system: System, seed: int) -> None:
        self.system = system
        self.columns = system.rows.tocsc()
        self.equal, self.more = system.equal.tocsc(), system.more.tocsc()
        self.whole = 0  # how many integer programs there were
        self.made: dict[bytes, Local] = {}
        dice = np.random.default_rng(seed)
        values = system.rows @ system.truth
        total = np.array([key == "" for _m, _a, key in system.names], dtype=float)
        # totals are hidden last; the jitter makes the choice between equals a secret
        self.weight = 1.0 + np.log2(1.0 + values) + 12.0 * total + (3 - np.minimum(system.level, 3)) * 0.5
        self.weight *= 1 + 0.02 * dice.random(len(values))
        self.turn = dice.random(len(system.numbers.stations))

    def solve(self, cell: int, amount: int, barred: Whole, hidden: Mask, locked: Mask, stages: int) -> tuple[Whole, Whole] | None:
        """Atoms and changes of a cheapest world in which a cell moves by an amount and `barred` stations stay as they are.

        None where there is none within so many ever larger parts of the system.
        """
        tried: set[bytes] = set()
        for columns in islice(self._stages(cell, barred), stages):
            mark = columns.tobytes()
            if mark not in tried and len(columns):
                tried.add(mark)
                found = self._in(self._local(columns), cell, amount, hidden, locked)
                if found is not None:
                    return found
        return None

    def _stages(self, cell: int, barred: Whole) -> Iterator[Whole]:
        """Ever larger parts: beside the area, then further up; the frames that say the cell, then all of its measure, then all."""
        measure, _code, key = self.system.names[cell]
        own = [block for block in self.system.blocks if plain(block.frame.measure)[0] == plain(measure)[0]]  # in all periods
        saying = [block for block in own if block.frame.mask(read_key(key)) is not None]
        for blocks in (saying, own, self.system.blocks):
            width = sum(block.width for block in blocks)
            for most in (MOST, MUCH):
                stations = self._stations(cell, barred, max(4, most // width))
                yield np.concatenate([block.columns(stations) for block in blocks])
        every = np.setdiff1d(np.arange(len(self.system.numbers.stations)), barred)
        yield np.concatenate([block.columns(every) for block in self.system.blocks])

    def _stations(self, cell: int, barred: Whole, most: int) -> Whole:
        """Those of the cell with the most of it, and others as near in the tree as there are."""
        system = self.system
        measure, _code, key = system.names[cell]
        area = system.areas[system.area[cell]]
        counts = system.numbers.value(measure, key)
        totals = system.numbers.value(measure, "")
        here = np.setdiff1d(system.inside[system.area[cell]], barred)
        chosen = here[np.lexsort((self.turn[here], -totals[here], -counts[here]))][: max(2, most // 2)]
        by_code = {a.code: number for number, a in enumerate(system.areas)}
        parent = area.parent
        while parent is not None and len(chosen) < most and parent in by_code:
            near = np.setdiff1d(np.setdiff1d(system.inside[by_code[parent]], barred), chosen)
            # where areas beside are wide, some of each
            near = near[np.lexsort((self.turn[near], -np.minimum(totals[near], 50)))]
            chosen = np.concatenate([chosen, near[: most - len(chosen)]])
            parent = system.areas[by_code[parent]].parent
        if len(chosen) < most:
            more = np.setdiff1d(here, chosen)
            chosen = np.concatenate([chosen, more[: most - len(chosen)]])
        return np.sort(chosen)

    def _local(self, columns: Whole) -> Local:
        mark = columns.tobytes()
        if mark not in self.made:
            if len(self.made) > 200:
                self.made.clear()
            self.made[mark] = self._make(columns)
        return self.made[mark]

    def _make(self, columns: Whole) -> Local:
        rows = self.columns[:, columns].tocsr()
        cells = np.flatnonzero(np.diff(rows.indptr))
        rows = rows[cells]
        # rows of areas that hold the same of these stations are one row: found by what three random vectors make of them
        dice = np.random.default_rng(7)
        prints = rows @ dice.random((len(columns), 3))
        _unique, first, group = np.unique(np.round(prints, 6), axis=0, return_index=True, return_inverse=True)
        group = group.ravel()
        rows = rows[first].astype(float)
        equal = self.equal[:, columns].tocsr()
        equal = equal[np.flatnonzero(np.diff(equal.indptr))].astype(float)
        more = self.more[:, columns].tocsr()
        tied = np.flatnonzero(np.diff(more.indptr))
        more = more[tied].astype(float)
        r = rows.shape[0]
        nothing = sparse.csr_array((equal.shape[0], 2 * r))
        nothing_more = sparse.csr_array((more.shape[0], 2 * r))
        unit = sparse.eye_array(r, format="csr")
        matrix = sparse.vstack(
            [
                sparse.hstack([rows, -rows, -unit, unit]),
                sparse.hstack([equal, -equal, nothing]),
                sparse.hstack([more, -more, nothing_more]),
            ],
            format="csr",
        )
        floor = np.concatenate([np.zeros(r + equal.shape[0]), -self.system.slack[tied].astype(float)])
        roof = np.concatenate([np.zeros(r + equal.shape[0]), np.full(more.shape[0], np.inf)])
        return Local(columns, cells, group, rows, matrix, floor, roof, self.system.truth[columns])

    def _in(self, part: Local, cell: int, amount: int, hidden: Mask, locked: Mask) -> tuple[Whole, Whole] | None:
        n, r = len(part.columns), part.rows.shape[0]
        where = np.searchsorted(part.cells, cell)
        if where >= len(part.cells) or part.cells[where] != cell:
            return None
        row = part.group[where]
        free = np.bincount(part.group, weights=~hidden[part.cells], minlength=r) == 0
        cost = np.bincount(part.group, weights=np.where(hidden[part.cells], 0.0, self.weight[part.cells]), minlength=r)
        fast = np.bincount(part.group, weights=locked[part.cells], minlength=r) > 0
        most = float(ROOMY * abs(amount) + 20)
        roof = np.where(fast | free, 0.0, most)
        low, high = part.low.copy(), part.high.copy()
        low[:r], high[:r] = np.where(free, -most, 0.0), np.where(free, most, 0.0)
        if fast[row]:
            return None
        kept = np.flatnonzero(~free)  # a hidden row may be anything
        if free[row]:
            low[row], high[row] = (amount, most) if amount > 0 else (-most, amount)
            rows = np.concatenate([kept, [row], np.arange(r, len(low))])
        else:
            rows = np.concatenate([kept, np.arange(r, len(low))])
        falls = np.flatnonzero(part.truth)  # what is nothing can only rise
        columns = np.concatenate([np.arange(n), n + falls, 2 * n + kept, 2 * n + r + kept])
        floor, shut = np.zeros(2 * (n + r)), None
        if not free[row]:  # cells above are the same atoms here, and still shown
            floor[2 * n + row + (0 if amount > 0 else r)] = abs(amount)
            shut = 2 * n + row + (r if amount > 0 else 0)
        costs = np.concatenate([np.full(2 * n, SPARE), cost, cost])[columns]
        ceiling = np.concatenate([np.full(n, most), np.minimum(part.truth.astype(float), most), roof, roof])
        if shut is not None:
            ceiling[shut] = 0.0
        ceiling = ceiling[columns]
        matrix = part.matrix[rows][:, columns]
        change = self._solve(costs, LinearConstraint(matrix, low[rows], high[rows]), Bounds(floor[columns], ceiling), part.truth)
        if change is None:
            return None
        moved = np.flatnonzero(change)
        return part.columns[moved], change[moved]

    def _solve(self, costs: Any, constraint: Any, bounds: Any, truth: Whole) -> Whole | None:
        """A linear program; where its corner is no whole number, several times the change, or one atom after the other is rounded."""
        n, falls = len(truth), np.flatnonzero(truth)
        least, most = bounds.lb.copy(), bounds.ub.copy()
        other: tuple[Any, Any] | None = None
        for _turn in range(TURNS):
            answer = milp(costs, constraints=constraint, bounds=Bounds(least, most), options={"disp": False})
            if answer.x is None:
                if other is None:
                    return None
                (least, most), other = other, None
                continue
            change = answer.x[:n].copy()
            change[falls] -= answer.x[n : n + len(falls)]
            for times in (1, 2, 3):
                whole = np.round(times * change)
                if np.abs(times * change - whole).max(initial=0) < 1e-6 and (times == 1 or self._fits(whole, constraint, truth)):
                    return whole.astype(np.int64)
            self.whole += 1
            size = np.abs(change)
            part = size - np.floor(size)
            place = int(np.argmax(np.where((part > 1e-6) & (part < 1 - 1e-6), size, -1.0)))
            fall = n + int(np.searchsorted(falls, place)) if truth[place] else None
            side, against = (place, fall) if change[place] > 0 else (fall, place)
            further, nearer = (least.copy(), most.copy()), (least.copy(), most.copy())
            further[0][side], nearer[1][side] = np.ceil(size[place]), np.floor(size[place])
            if against is not None:
                further[1][against] = nearer[1][against] = 0.0
            first, other = (further, nearer) if part[place] >= 0.5 and further[0][side] <= most[side] else (nearer, further)
            if other[0][side] > other[1][side]:
                other = None
            least, most = first
        return None

    @staticmethod
    def _fits(change: Any, constraint: Any, truth: Whole) -> bool:
        """Whether more of a change is possible: atoms stay above zero, parts below their whole."""
        if (truth + change < 0).any():
            return False
        told = constraint.A[:, : len(change)] @ change
        bound = np.isinf(constraint.ub)
        return bool((told[bound] >= constraint.lb[bound]).all())
