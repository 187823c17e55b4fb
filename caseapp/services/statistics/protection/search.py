"""Finds for every guarded cell worlds in which it is something else, hiding as little as it can.

A witness is a change of the atoms to another possible world. What it changes is not shown. Cells that are hidden already cost
nothing, so that later witnesses follow earlier ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.services.statistics.protection.insiders import Insiders
from caseapp.services.statistics.protection.local import STAGES, Locals
from caseapp.services.statistics.protection.moves import Moves
from caseapp.services.statistics.protection.numbers import Whole
from caseapp.services.statistics.protection.system import System
from caseapp.services.statistics.protection.targets import Target

KEPT = 40  # witnesses remembered for one cell and direction beside those that were sought for it


@dataclass(frozen=True)
class Witness:
    """Another world: what it changes of the atoms and of the cells, and whose own numbers it contradicts."""

    columns: Whole
    deltas: Whole
    cells: Whole
    moves: Whole
    touched: frozenset[int]


class Search:
    """The search over one system; `hidden` grows, `witnesses` are all that were found."""

    def __init__(
        self,
        system: System,
        known: Insiders,
        wanted: Sequence[Target],
        locked: NDArray[np.bool_],
        seed: int,
        shut: NDArray[np.bool_] | None = None,
    ) -> None:
        self.system, self.known = system, known
        self.targets = {target.cell: target for target in wanted}
        self.locked = locked
        self.shut = np.zeros(len(system.names), dtype=bool) if shut is None else shut  # hidden whatever comes
        self.hidden = self.shut.copy()
        self.hidden[[target.cell for target in wanted]] = True
        self.witnesses: list[Witness] = []
        self.held: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)  # (cell, sign) → (amount, witness)
        self.locals = Locals(system, seed)
        self.moves = Moves(system, self.locals.weight, seed + 1)
        self.columns = system.rows.tocsc()
        self.ties, self.equal = system.more.tocsc(), system.equal.tocsc()
        self.values = system.rows @ system.truth
        self.dropped: frozenset[int] = frozenset()
        self.solved = self.moved = 0

    def run(self, *, insiders: bool) -> None:
        """Provides every target, first the high levels, area by area."""
        order = sorted(self.targets, key=lambda cell: (self.system.level[cell], self.system.area[cell], cell))
        for cell in order:
            for sign in (1, -1):
                self.provide(cell, sign, None)
        if insiders:
            for cell in order:
                for sign in (1, -1):
                    self._provide_insiders(cell, sign)

    def _provide_insiders(self, cell: int, sign: int) -> None:
        """Witnesses for every insider: one that leaves as many of them as it can as they are, then one by one."""
        tried = False
        while unserved := self.uncovered(cell, sign):
            if len(unserved) > 1 and not tried:
                tried = True
                amount = max(self.targets[cell].asks(insider, sign) for insider in unserved)
                self._solve(cell, sign, amount, unserved, stages=0)
            else:
                self.provide(cell, sign, unserved[0])

    def provide(self, cell: int, sign: int, insider: int | None) -> None:
        """A witness for one cell, one direction and one reader; none where he needs none. Raises Conflict where there is none."""
        amount = self.targets[cell].asks(insider, sign)
        if not amount or self.has(cell, sign, insider, amount) or self._scaled(cell, sign, insider, amount):
            return
        if not self._solve(cell, sign, amount, [] if insider is None else [insider]):
            raise Conflict(self._no_room(cell), "period", code="no_room")

    def _no_room(self, cell: int) -> Any:
        """Why there is no release: which table and area, and whether earlier releases are the reason."""
        table, area = self.system.tables[cell], self.system.areas[self.system.area[cell]]
        told = {"zh": table.zh, "en": table.en, "where": area.name}
        if self.locked.any():
            return _l("What was released earlier leaves no room to protect “%(zh)s” (%(en)s) of %(where)s.", **told)
        return _l(
            "“%(zh)s” (%(en)s) of %(where)s cannot be protected: no other figures fit what its stations know. "
            "Look whether what came, what went and what is there agree at each station.",
            **told,
        )

    def _solve(self, cell: int, sign: int, amount: int, barred: Sequence[int], stages: int = STAGES) -> bool:
        stations = np.unique(np.concatenate([np.zeros(0, np.int64), *(self.known.holds[insider] for insider in barred)]))
        found = self.moves.find(cell, sign * amount, stations, self.hidden, self.locked)
        self.moved += found is not None
        if found is None and stages:
            found = self.locals.solve(cell, sign * amount, stations, self.hidden, self.locked, stages)
            self.solved += 1
        if found is not None:
            self.add(*found, wanted=cell)
        return found is not None

    def has(self, cell: int, sign: int, insider: int | None, amount: int, without: frozenset[int] = frozenset()) -> bool:
        """Whether a known witness serves a reader."""
        return any(
            moved >= amount and number not in without and (insider is None or insider not in self.witnesses[number].touched)
            for moved, number in self.held[cell, sign]
        )

    def uncovered(self, cell: int, sign: int, without: frozenset[int] = frozenset()) -> list[int]:
        """The insiders for whom no witness serves, contractors first."""
        target = self.targets[cell]
        amount = target.asks(None, sign)
        fit = [number for moved, number in self.held[cell, sign] if moved >= amount and number not in without]
        doubtful = self.doubtful(cell, sign, fit) | target.own.keys()
        return [
            insider
            for insider in sorted(doubtful, key=lambda insider: (-len(self.known.holds[insider]), insider))
            if (amount := target.asks(insider, sign)) and not self.has(cell, sign, insider, amount, without)
        ]

    def value(self, cell: int) -> int:
        """What a cell truly is."""
        return int(self.values[cell])

    def chosen(self, cell: int, sign: int) -> list[int]:
        """Witnesses enough for everybody who asks for one, few and in order."""
        target, found = self.targets[cell], list[int]()
        own: Sequence[int | None] = [None, *sorted(target.own)]
        enough = {number for moved, number in self.held[cell, sign] if moved >= target.asks(None, sign)}
        while own:
            for insider in own:
                amount = target.asks(insider, sign)
                fit = [
                    number
                    for moved, number in self.held[cell, sign]
                    if moved >= amount and (insider is None or insider not in self.witnesses[number].touched)
                ]
                if amount and not set(fit) & set(found):
                    found.append(fit[0])
            # everybody else is served unless all that was chosen contradicts what he knows
            own = sorted(self.doubtful(cell, sign, enough.intersection(found)) - target.own.keys())
        return sorted(found)

    def doubtful(self, cell: int, sign: int, numbers: Iterable[int]) -> set[int]:
        """The insiders of whom every one of these witnesses changes something."""
        target = self.targets[cell]
        if not target.everybody or not target.asks(None, sign):
            return set()
        touched = [self.witnesses[number].touched for number in numbers]
        return set(frozenset.intersection(*touched)) if touched else set(range(len(self.known.names)))

    def _scaled(self, cell: int, sign: int, insider: int | None, amount: int) -> bool:
        """The same change several times over, where it is possible."""
        for moved, number in list(self.held[cell, sign]):
            witness = self.witnesses[number]
            if moved < amount and (insider is None or insider not in witness.touched):
                times = -(-amount // moved)
                if self._possible(witness.columns, witness.deltas * times):
                    self.add(witness.columns, witness.deltas * times, wanted=cell, mirror=False)
                    return True
        return False

    def add(self, columns: Whole, deltas: Whole, *, wanted: int, mirror: bool = True) -> None:
        """Remembers a witness, hides what it changes, and its mirror image where that is a possible world too."""
        change = self.columns[:, columns] @ deltas
        cells = np.flatnonzero(change)
        touched = self.known.touched(np.unique(self.system.station(columns)).tolist())
        self._keep(Witness(columns, deltas, cells, change[cells], touched), wanted)
        self.hidden[cells] = True
        if mirror and self._possible(columns, -deltas):
            self._keep(Witness(columns, -deltas, cells, -change[cells], touched), wanted)

    def _keep(self, witness: Witness, wanted: int) -> None:
        number = len(self.witnesses)
        self.witnesses.append(witness)
        for cell, moved in zip(witness.cells.tolist(), witness.moves.tolist(), strict=True):
            if cell in self.targets:
                held = self.held[cell, 1 if moved > 0 else -1]
                if len(held) < KEPT or cell == wanted:
                    held.append((abs(moved), number))

    def _possible(self, columns: Whole, deltas: Whole) -> bool:
        if (self.system.truth[columns] + deltas < 0).any():
            return False
        return bool((self.system.slack + self.ties[:, columns] @ deltas >= 0).all())


def needs(search: Search, cells: Iterable[int], *, insiders: bool, without: frozenset[int]) -> bool:
    """Whether all these targets still have what they need without some witnesses."""
    for cell in cells:
        target = search.targets[cell]
        for sign in (1, -1):
            amount = target.asks(None, sign)
            if amount and not search.has(cell, sign, None, amount, without):
                return False
            if insiders and search.uncovered(cell, sign, without):
                return False
    return True
