"""Finds the levels at which an extract keeps the rules and tells most: a search of the whole lattice, with numpy.

A node says for each attribute at which level it is told. Nodes are tried from the least loss on; the first whose loss no
other can undercut is the answer. What classes lack in persons or in values only shrinks when attributes are told more
coarsely, so whatever lies below a failing node is struck out untried (Samarati 2001; El Emam and others 2009).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

MOST_NODES = 60_000  # of one search: a matter of a minute
MOST_KEYS = 2**40  # of classes that could be: their numbers times those of units stay whole numbers
SUPPRESSED = 2.0  # what leaving out all records would cost, in weights of attributes

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Column:
    """One quasi-identifier: its rows as numbers at each level, finest first, and the least k of each number."""

    code: str
    weight: float
    codes: tuple[Array, ...]
    names: tuple[tuple[str, ...], ...]  # number → code, by level
    least: tuple[Array, ...]

    @cached_property
    def raises(self) -> tuple[bool, ...]:
        """Whether a level has a value with a threshold of its own."""
        return tuple(bool((least != least[0]).any()) for least in self.least)

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """What each level loses of what the finest tells, as a share of its entropy."""
        told = [_entropy(codes) for codes in self.codes]
        return tuple(self.weight * (1 - one / told[0]) if told[0] > 0 else 0.0 for one in told)


@dataclass(frozen=True)
class Rules:
    """What must hold; as `measure.Limits`, with the largest share of records that may be left out."""

    average_risk: float
    distinct: int
    entropy: float
    confidence: float
    closeness: float
    records_per_area: int
    suppression: float


@dataclass(frozen=True)
class Problem:
    """Rows to be generalised: columns, sensitive values as numbers, units (person or household) and persons as numbers.

    `area` is the place of the column of areas. `before` is person → the values of each sensitive attribute that every class
    in which an earlier extract shows the person has in common.
    """

    columns: tuple[Column, ...]
    sensitive: tuple[Array, ...]
    units: Array
    persons: Array
    area: int
    rules: Rules
    before: Mapping[int, Sequence[frozenset[int] | None]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.units)


@dataclass(frozen=True)
class Found:
    """The best node: the place of each attribute's level among its levels, which rows stay, what is lost, how many were tried."""

    levels: tuple[int, ...]
    kept: Array
    loss: float
    tried: int


def search(problem: Problem, progress: Callable[[int], None] = lambda _percent: None) -> Found | None:
    """The node of least loss that keeps the rules, or None. Raises ValueError for a lattice of more than MOST_NODES.

    `progress` is told the percent of nodes that are settled, and may raise to stop the search.
    """
    heights = [len(column.codes) for column in problem.columns]
    if math.prod(heights) > MOST_NODES:
        raise ValueError("too many combinations of levels")
    nodes = np.array(list(product(*(range(height) for height in heights))), dtype=np.int8)
    losses = np.zeros(len(nodes))
    for at, column in enumerate(problem.columns):
        losses += np.asarray(column.losses)[nodes[:, at]]
    # among nodes of equal loss the coarser first, so that the choice does not hang on the order of attributes
    order = np.lexsort((-nodes.sum(axis=1, dtype=int), losses))
    nodes, losses = nodes[order], losses[order]
    alive = np.ones(len(nodes), dtype=bool)
    best: Found | None = None
    tried, place = 0, 0
    while place < len(nodes) and (best is None or losses[place] < best.loss):
        if not alive[place]:
            place += 1
            continue
        progress(int(100 * place / len(nodes)))
        tried += 1
        if not large_enough(problem, tuple(nodes[place])):
            tried += _strike(problem, nodes, alive, place, heights)
            continue
        kept = keeps(problem, tuple(nodes[place]))
        if kept is not None:
            loss = float(losses[place]) + SUPPRESSED * float(1 - kept.mean())
            if best is None or loss < best.loss:
                best = Found(tuple(int(level) for level in nodes[place]), kept, loss, tried)
        alive[place] = False
        place += 1
    return None if best is None else Found(best.levels, best.kept, best.loss, tried)


def _strike(problem: Problem, nodes: Array, alive: Array, place: int, heights: Sequence[int]) -> int:
    """Strikes out the failing node and all below the highest failing one on a way from it to the top; how many were tried."""
    way = [nodes[place]]
    while any(level < height - 1 for level, height in zip(way[-1], heights, strict=True)):
        step = way[-1].copy()
        lowest = min(range(len(step)), key=lambda at: (step[at] + 1 >= heights[at], step[at] / heights[at], at))
        step[lowest] += 1
        way.append(step)
    low, high, tried = 0, len(way), 0  # `low` fails, `high` does not or is past the end
    while high - low > 1:
        middle = (low + high) // 2
        tried += 1
        if large_enough(problem, tuple(way[middle])):
            high = middle
        else:
            low = middle
    alive &= ~(nodes <= way[low]).all(axis=1)
    return tried


def _classes(problem: Problem, node: Sequence[int], kept: Array) -> tuple[Array, int, Array]:
    """The class of each kept row, how many classes there are, and the least k of each."""
    key, room = np.zeros(int(kept.sum()), dtype=np.int64), 1
    least = np.zeros(len(key), dtype=np.int64)
    for column, level in zip(problem.columns, node, strict=True):
        codes, width = column.codes[level][kept], len(column.names[level])
        if room * width > MOST_KEYS:
            key = np.unique(key, return_inverse=True)[1]
            room = int(key.max(initial=0)) + 1
        key, room = key * width + codes, room * width
        if column.raises[level]:
            least = np.maximum(least, column.least[level][codes])
        else:
            least = np.maximum(least, column.least[level][0])
    key = np.unique(key, return_inverse=True)[1]
    count = int(key.max(initial=-1)) + 1
    wanted = np.zeros(count, dtype=np.int64)
    wanted[key] = least  # the same for all rows of a class: it hangs on what they tell
    return key, count, wanted


def _units(key: Array, count: int, units: Array) -> tuple[Array, Array]:
    """How many units a class has, and the weight of each row within it."""
    pairs = key * (int(units.max()) + 1 if len(units) else 1) + units
    _found, first, inverse, times = np.unique(pairs, return_index=True, return_inverse=True, return_counts=True)
    return np.bincount(key[first], minlength=count), 1.0 / times[inverse]


def _tables(problem: Problem, key: Array, count: int, kept: Array, weight: Array) -> list[Array]:
    """Class by value: the sum of weights, for each sensitive attribute."""
    found = []
    for values in problem.sensitive:
        width = int(values.max()) + 1
        found.append(np.bincount(key * width + values[kept], weight, count * width).reshape(count, width))
    return found


def large_enough(problem: Problem, node: Sequence[int]) -> bool:
    """Whether persons and distinct values alone leave enough records: what a coarser node never makes worse."""
    kept = np.ones(problem.rows, dtype=bool)
    key, count, wanted = _classes(problem, node, kept)
    rows = np.bincount(key, minlength=count)
    if rows[rows < wanted].sum() > problem.rules.suppression * problem.rows:
        return False  # a class has no more persons than rows
    sizes, weight = _units(key, count, problem.units)
    bad = sizes < wanted
    for table in _tables(problem, key, count, kept, weight):
        bad |= (table > 0).sum(axis=1) < problem.rules.distinct
    return bool(bad[key].mean() <= problem.rules.suppression)


def keeps(problem: Problem, node: Sequence[int]) -> Array | None:
    """Which rows stay so that every rule holds at a node; None when too many would have to go."""
    kept = np.ones(problem.rows, dtype=bool)
    while True:
        if not kept.any() or 1 - kept.mean() > problem.rules.suppression:
            return None
        key, count, wanted = _classes(problem, node, kept)
        sizes, weight = _units(key, count, problem.units[kept])
        tables = _tables(problem, key, count, kept, weight)
        bad = (sizes < wanted) | _telling(problem, tables, sizes, kept)
        drop = bad[key] | _small_areas(problem, node, kept)
        if not drop.any():
            drop = _risky(problem, key, sizes)
        if not drop.any():
            drop = _comparable(problem, key, tables, kept)
        if not drop.any():
            return kept
        kept[np.flatnonzero(kept)[drop]] = False


def _telling(problem: Problem, tables: Sequence[Array], sizes: Array, kept: Array) -> Array:
    rules, bad = problem.rules, np.zeros(len(sizes), dtype=bool)
    for table, values in zip(tables, problem.sensitive, strict=True):
        share = table / sizes[:, None]
        whole = np.bincount(values[kept], minlength=table.shape[1]) / kept.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = np.exp(-np.where(share > 0, share * np.log(share), 0.0).sum(axis=1))
        bad |= (table > 0).sum(axis=1) < rules.distinct
        bad |= (entropy < rules.entropy) | (share.max(axis=1) > rules.confidence)
        bad |= np.abs(share - whole).sum(axis=1) / 2 > rules.closeness
    return bad


def _small_areas(problem: Problem, node: Sequence[int], kept: Array) -> Array:
    areas = problem.columns[problem.area].codes[node[problem.area]][kept]
    return (np.bincount(areas) < problem.rules.records_per_area)[areas]


def _risky(problem: Problem, key: Array, sizes: Array) -> Array:
    """The smallest classes, as many as must go until the mean risk is low enough."""
    rows = np.bincount(key, minlength=len(sizes))
    order = np.lexsort((np.arange(len(sizes)), sizes))
    risk, left = float((rows / sizes).sum()), float(rows.sum())
    gone = np.zeros(len(sizes), dtype=bool)
    for one in order:
        if left <= 0 or risk / left <= problem.rules.average_risk:
            break
        gone[one] = True
        risk, left = risk - rows[one] / sizes[one], left - rows[one]
    return gone[key]


def _comparable(problem: Problem, key: Array, tables: Sequence[Array], kept: Array) -> Array:
    """Rows of persons whose classes, here and in earlier extracts, have too few values in common."""
    persons = problem.persons[kept]
    pairs = np.unique(np.stack([persons, key]), axis=1)
    several, times = np.unique(pairs[0], return_counts=True)
    watched = set(several[times > 1].tolist()) | (set(several.tolist()) & problem.before.keys())
    mine: dict[int, list[int]] = {person: [] for person in watched}
    for person, one in pairs.T.tolist():
        if person in mine:
            mine[person].append(one)
    gone = set()
    for place, table in enumerate(tables):
        values = [frozenset(np.flatnonzero(row > 0).tolist()) for row in table]
        for person, held in mine.items():
            told = [values[one] for one in held]
            earlier = problem.before.get(person)
            if earlier is not None and earlier[place] is not None:
                told.append(earlier[place] or frozenset())
            if len(told) > 1 and len(frozenset.intersection(*told)) < problem.rules.distinct:
                gone.add(person)
    return np.isin(persons, sorted(gone))


def _entropy(codes: Array) -> float:
    share = np.bincount(codes) / max(len(codes), 1)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())
