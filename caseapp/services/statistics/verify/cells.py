"""The published cells of a release as numbers: true value, persons and threshold of each, and what is shown."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.verify.keys import Grid, Names
from caseapp.services.statistics.verify.truth import Truth, Whole


@dataclass
class Block:
    """The cells of one measure by some dimensions, in all areas: areas × keys, numbered from `start` row by row.

    `stands` are those that are published, `hidden` those of them that are not shown in any table.
    """

    measure: str
    grid: Grid
    start: int
    tables: list[TableKind]
    least: Whole  # per key: from how many persons on it is shown
    value: Whole
    persons: Whole
    stands: np.ndarray  # type: ignore[type-arg]
    hidden: np.ndarray  # type: ignore[type-arg]

    @property
    def size(self) -> int:
        """How many numbers it takes."""
        return self.value.size

    @property
    def magnitude(self) -> bool:
        """Whether it sums amounts and not things."""
        return self.tables[0].magnitude


class Cells:
    """Every block of a release."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.blocks: list[Block] = []
        self.by_name: dict[tuple[str, Names], Block] = {}
        start = 0
        for measure, tables in truth.catalogue.linked().items():
            for names in groupings(tables):
                block = self._block(measure, names, tables, start)
                self.blocks.append(block)
                self.by_name[measure, names] = block
                start += block.size
        self.count = start

    def _block(self, measure: str, names: Names, tables: tuple[TableKind, ...], start: int) -> Block:
        truth, grid = self.truth, self.truth.grid(names)
        own = [table for table in tables if table.names == names or not names]
        value, persons, _largest = (truth.member @ held for held in truth.of_measure(measure, names))
        stands = np.zeros(value.shape, dtype=bool)
        levels = {level for table in own for level in table.levels}
        stands[[number for number, level in enumerate(truth.levels) if level in levels]] = True
        least = np.array([least_of(truth.catalogue, own, number, grid) for number in range(len(grid.keys))], dtype=np.int64)
        return Block(measure, grid, start, own, least, value, persons, stands, np.zeros(value.shape, dtype=bool))

    def find(self, measure: str, area: str, key: str) -> int | None:
        """The number of a cell; None where nothing of that name is published."""
        place, where = self.truth.place(key), self.truth.area.get(area)
        block = self.by_name.get((measure, place[0])) if place else None
        if block is None or place is None or where is None or not block.stands[where, place[1]]:
            return None
        return block.start + where * len(block.grid.keys) + place[1]

    def name(self, number: int) -> tuple[Block, str, str]:
        """(block, area, key) of a cell."""
        block = next(block for block in reversed(self.blocks) if block.start <= number)
        area, key = divmod(number - block.start, len(block.grid.keys))
        return block, self.truth.codes[area], block.grid.keys[key]

    def printed(self) -> Iterator[tuple[TableKind, Block, str, int, int]]:
        """(table, block, area code, area number, key number) of every cell of every table of counts, as a release prints them."""
        for block in self.blocks:
            for table in block.tables:
                for area, level in enumerate(self.truth.levels):
                    if level in table.levels:
                        for key in range(len(block.grid.keys)):
                            yield table, block, self.truth.codes[area], area, key


def groupings(tables: tuple[TableKind, ...]) -> list[Names]:
    """By which dimensions tables of one measure are published; each of them has totals."""
    return list(dict.fromkeys([(), *(table.names for table in tables)]))


def least_of(catalogue: Catalogue, tables: list[TableKind], number: int, grid: Grid) -> int:
    """The threshold of a key: the highest of its values, of its table and, for the total, of the catalogue; contributors of amounts."""
    if tables[0].magnitude:
        return catalogue.contributors
    own = [value.k for value in grid.values[number]] or [catalogue.threshold]
    return max([*own, *(table.k for table in tables)])
