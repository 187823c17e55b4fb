"""Which cells must be hidden and how far a reader must be in doubt of them, reckoned anew from the truth.

Sources: statistics design, sections 3.3, 3.4 and 10. A count with fewer persons than its threshold must be able to be nothing
(or two less) and to reach the threshold (two more at least). For a station or contractor the same holds of what the others
contribute. An amount must be able to move by a tenth of itself, two at least.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from caseapp.services.statistics.verify.cells import Block, Cells
from caseapp.services.statistics.verify.truth import Truth, Whole

STEP = 2
SHARE, NEAR = 0.75, 0.1  # (1, 75 %) dominance; p % rule with p = 10
WIDE = ("province", "city", "management_area")  # contributors of an amount are stations there, persons below


@dataclass
class Demand:
    """What a cell must be able to do: `everybody` (up, down) for the outsider and all insiders, `own` for insiders who contribute."""

    cell: int
    everybody: tuple[int, int] = (0, 0)
    own: dict[int, tuple[int, int]] = field(default_factory=dict)


def demands(cells: Cells) -> Iterator[Demand]:
    """Every cell that anybody could learn too much from, block by block."""
    for block in cells.blocks:
        small = _small(cells.truth, block)
        alike = _alike(cells, block) & ~small
        found: dict[tuple[int, int], Demand] = {}
        width = len(block.grid.keys)
        for area, key in np.argwhere(small | alike):
            up, down = _room(int(block.value[area, key]), int(block.least[key]), block.magnitude)
            demand = Demand(block.start + int(area) * width + int(key), (0 if alike[area, key] else up, down))
            found[int(area), int(key)] = demand
        _add_insiders(cells.truth, block, small | alike, found, width)
        yield from (demand for demand in found.values() if any(demand.everybody) or any(map(any, demand.own.values())))


def _small(truth: Truth, block: Block) -> np.ndarray:  # type: ignore[type-arg]
    few = (block.persons > 0) & (block.persons < block.least)
    if block.magnitude:
        return block.stands & (block.value > 0) & (few | _dominated(truth, block))
    return block.stands & (block.value > 0) & (few | (block.value < block.least))


def _dominated(truth: Truth, block: Block) -> np.ndarray:  # type: ignore[type-arg]
    """One person has most of an amount; above the county: stations are too few, one has most, or the second could tell the first."""
    value, _persons, largest = truth.of_measure(block.measure, block.grid.names)
    found = np.zeros(block.value.shape, dtype=bool)
    for area, level in enumerate(truth.levels):
        held = truth.member.indices[truth.member.indptr[area] : truth.member.indptr[area + 1]]
        if not len(held):
            continue
        found[area] = largest[held].max(axis=0) > SHARE * block.value[area]
        if level in WIDE:
            parts = np.sort(value[held], axis=0)[::-1]
            first = parts[0]
            second = parts[1] if len(parts) > 1 else np.zeros_like(first)
            found[area] |= (parts > 0).sum(axis=0) < truth.catalogue.contributors
            found[area] |= (first > SHARE * block.value[area]) | (block.value[area] - first - second < NEAR * first)
    return found


def _alike(cells: Cells, block: Block) -> np.ndarray:  # type: ignore[type-arg]
    """Everybody of a total smaller than an area must be has one and the same sensitive value."""
    found = np.zeros(block.value.shape, dtype=bool)
    names = {name for table in block.tables if table.names == block.grid.names for name in table.sensitive}
    for name in names & set(block.grid.names):
        rest = cells.by_name.get((block.measure, tuple(n for n in block.grid.names if n != name)))
        if rest is not None and block.grid.says(rest.grid.names):
            place = block.grid.onto(rest.grid)
            whole = rest.value[:, place]
            small = (block.value > 0) & (block.value == whole) & (whole < cells.truth.catalogue.area_minimum)
            found |= small & rest.stands[:, place]
    return found & block.stands


def _room(value: int, least: int, magnitude: bool) -> tuple[int, int]:
    if magnitude:
        step = max(STEP, (value + 9) // 10)
        return step, min(step, value)
    return max(least - value, STEP), min(value, STEP)


def _add_insiders(
    truth: Truth,
    block: Block,
    guarded: np.ndarray,  # type: ignore[type-arg]
    found: dict[tuple[int, int], Demand],
    width: int,
) -> None:
    """What insiders know of a cell is all but the rest: of a guarded cell every rest, of another one a small rest."""
    value, persons, _largest = truth.of_measure(block.measure, block.grid.names)
    insider, area = truth.pairs[:, 0], truth.pairs[:, 1]
    own: Whole = truth.held @ value
    rest: Whole = block.value[area] - own
    others: Whole = block.persons[area] - truth.held @ persons
    few = (others > 0) & (others < block.least)
    if not block.magnitude:
        few |= rest < block.least
    asks = block.stands[area] & (own > 0) & (few | guarded[area])
    for pair, key in np.argwhere(asks):
        where, left = (int(area[pair]), int(key)), int(rest[pair, key])
        if left == 0 and where not in found:
            continue
        demand = found.setdefault(where, Demand(block.start + where[0] * width + where[1]))
        up, down = _room(left, int(block.least[key]), block.magnitude) if left else (0, 0)
        only_down = any(demand.everybody) and not demand.everybody[0]
        demand.own[int(insider[pair])] = (0 if only_down else up, down)
