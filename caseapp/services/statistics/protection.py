"""The first protection of counts: small cells hidden with enough others that totals do not give them back.

Pure functions over one measure: its cells by area and value, and the sums that a reader can write down. Where every
hidden cell is greater than zero and no sum or combination of sums determines it, it can move a little up and down with
the others, so a linear program finds no exact value either. Only the later protection promises how far it can move.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

Key = tuple[str, str]  # (area, "age_band=80+"), or (area, "") for the total
LEAST = 5
PRIME = (1 << 61) - 1  # elimination modulo a prime: exact for our sums of ±1 but for a chance of one in 10^15


@dataclass(frozen=True)
class Cell:
    """A true count, the persons behind it, and from how many on it may be shown."""

    value: int
    persons: int
    least: int
    magnitude: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it must not be shown for its own sake."""
        few = 0 < self.persons < self.least or (0 < self.value < self.least and not self.magnitude)
        return self.value > 0 and few


Sum = tuple[Key, ...]  # the total first, then its parts


def protect(cells: Mapping[Key, Cell], equations: list[Sum], also: Iterable[Key] = ()) -> set[Key]:
    """The cells that are not shown: the small ones, those of `also`, and the next smallest until no sum gives one back."""
    guarded = {key for key, cell in cells.items() if cell.is_small} | set(also)
    hidden = set(guarded)
    of_cell: dict[Key, list[int]] = defaultdict(list)
    for number, equation in enumerate(equations):
        for key in equation:
            of_cell[key].append(number)
    todo = sorted({number for key in hidden for number in of_cell[key]})  # sorted: a heap
    while True:
        while todo:
            number = heappop(todo)
            if _gives_away(cells, hidden, equations[number]):
                _hide(_smallest(cells, hidden, equations[number]), hidden, of_cell, todo)
                heappush(todo, number)
        given_away = determined(equations, hidden) & guarded
        if not given_away:
            return hidden
        for key in sorted(given_away):
            _hide(_company(key, cells, equations, hidden, of_cell), hidden, of_cell, todo)


def _gives_away(cells: Mapping[Key, Cell], hidden: set[Key], equation: Sum) -> bool:
    """One hidden cell in a sum; or hidden parts of so small a known sum that two ones would be told by "1 + 1 = 2"."""
    inside = [key for key in equation if key in hidden]
    if len(inside) == 1:
        return _smallest(cells, hidden, equation) is not None
    known = inside and equation[0] not in hidden and not cells[inside[0]].magnitude
    return bool(known) and sum(cells[key].value for key in inside) < LEAST and _smallest(cells, hidden, equation) is not None


def _hide(key: Key | None, hidden: set[Key], of_cell: Mapping[Key, list[int]], todo: list[int]) -> None:
    if key is not None and key not in hidden:
        hidden.add(key)
        for number in of_cell[key]:
            heappush(todo, number)


def _company(
    key: Key, cells: Mapping[Key, Cell], equations: list[Sum], hidden: set[Key], of_cell: Mapping[Key, list[int]]
) -> Key:
    """What is hidden beside a cell that follows from the others: the smallest of its sums, else a zero, else further off."""
    seen, beside = {key}, {key}
    while beside:
        beside = {other for one in beside for number in of_cell[one] for other in equations[number]} - seen
        seen |= beside
        found = _smallest(cells, hidden, beside) or min((one for one in beside if one not in hidden), default=None)
        if found is not None:
            return found
    raise RuntimeError(f"{key} follows from sums in which nothing is left to hide")


def _smallest(cells: Mapping[Key, Cell], hidden: set[Key], among: Iterable[Key]) -> Key | None:
    """The smallest shown cell above zero: a zero could not move down and so protects nothing."""
    open_ = [key for key in among if key not in hidden and cells[key].value > 0]
    return min(open_, key=lambda key: (cells[key].value, key[1] == "", key), default=None)


def determined(equations: Iterable[Sum], hidden: set[Key]) -> set[Key]:
    """The hidden cells that the shown ones determine: those alone in a row of the reduced system."""
    pivots: dict[Key, dict[Key, int]] = {}
    uses: dict[Key, set[Key]] = defaultdict(set)  # cell → pivots whose rows hold it
    for total, *parts in equations:
        row: dict[Key, int] = {}
        for key, sign in ((total, PRIME - 1), *((part, 1) for part in parts)):
            if key in hidden:
                row[key] = (row.get(key, 0) + sign) % PRIME
        row = {key: factor for key, factor in row.items() if factor}
        for key in [key for key in row if key in pivots]:
            if key in row:
                _add(row, pivots[key], PRIME - row[key])
        if not row:
            continue
        pivot = min(row, key=lambda key: (len(uses[key]), key))
        inverse = pow(row[pivot], -1, PRIME)
        row = {key: factor * inverse % PRIME for key, factor in row.items()}
        for other in list(uses[pivot]):
            target = pivots[other]
            before = set(target)
            _add(target, row, PRIME - target[pivot])
            for key in before - set(target):
                uses[key].discard(other)
            for key in set(target) - before:
                uses[key].add(other)
        pivots[pivot] = row
        for key in row:
            uses[key].add(pivot)
    return {pivot for pivot, row in pivots.items() if len(row) == 1}


def _add(row: dict[Key, int], other: Mapping[Key, int], times: int) -> None:
    for key, factor in other.items():
        value = (row.get(key, 0) + factor * times) % PRIME
        if value:
            row[key] = value
        else:
            row.pop(key, None)
