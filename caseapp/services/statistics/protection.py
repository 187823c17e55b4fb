"""The first protection of counts: small cells hidden with enough others that totals do not give them back.

Pure functions over one measure: its cells by area and value, and the sums that a reader can write down. Where every
hidden cell is greater than zero and no sum or combination of sums determines it, it can move a little up and down with
the others, so a linear program finds no exact value either. Only the later protection promises how far it can move.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


def sums(areas: Iterable[tuple[str, str | None]], dimensions: Iterable[Iterable[str]]) -> list[Sum]:
    """What a reader can add up: values to the total in each area, areas to their parent for each value."""
    pairs = list(areas)
    dims = [list(values) for values in dimensions]
    children: dict[str, list[str]] = defaultdict(list)
    for code, parent in pairs:
        if parent is not None:
            children[parent].append(code)
    found: list[Sum] = [((code, ""), *((code, value) for value in values)) for code, _parent in pairs for values in dims]
    every = ["", *(value for values in dims for value in values)]
    found += [((parent, value), *((code, value) for code in codes)) for parent, codes in children.items() for value in every]
    return found


def protect(cells: Mapping[Key, Cell], equations: list[Sum]) -> set[Key]:
    """The cells that are not shown: the small ones, and the next smallest until no sum gives a small one back."""
    small = {key for key, cell in cells.items() if cell.is_small}
    hidden = set(small)
    of_cell: dict[Key, list[int]] = defaultdict(list)
    for number, equation in enumerate(equations):
        for key in equation:
            of_cell[key].append(number)
    todo = {number for key in hidden for number in of_cell[key]}
    while True:
        while todo:
            equation = equations[number := min(todo)]
            todo.discard(number)
            if _gives_away(cells, hidden, equation):
                todo |= {number} | _hide(_smallest(cells, hidden, equation), hidden, of_cell)
        given_away = determined(equations, hidden) & small
        if not given_away:
            return hidden
        for key in sorted(given_away):
            beside = [other for number in of_cell[key] for other in equations[number]]
            todo |= _hide(_smallest(cells, hidden, beside), hidden, of_cell)


def _gives_away(cells: Mapping[Key, Cell], hidden: set[Key], equation: Sum) -> bool:
    """One hidden cell in a sum; or hidden parts of so small a known sum that two ones would be told by "1 + 1 = 2"."""
    inside = [key for key in equation if key in hidden]
    if len(inside) == 1:
        return _smallest(cells, hidden, equation) is not None
    known = inside and equation[0] not in hidden and not cells[inside[0]].magnitude
    return bool(known) and sum(cells[key].value for key in inside) < LEAST and _smallest(cells, hidden, equation) is not None


def _hide(key: Key | None, hidden: set[Key], of_cell: Mapping[Key, list[int]]) -> set[int]:
    if key is None:
        return set()
    hidden.add(key)
    return set(of_cell[key])


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
