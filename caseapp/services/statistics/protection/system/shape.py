"""What a system is made of: atoms in blocks, cells that are sums of them, and rows that every world keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.frames import Frame
from caseapp.services.statistics.protection.numbers import Cell, Numbers, Whole

Matrix = Any  # scipy.sparse.csr_array; it has no types


@dataclass(frozen=True)
class Block:
    """The atoms of one frame: station by station, each with every key of the frame."""

    frame: Frame
    start: int
    width: int

    def columns(self, stations: Whole) -> Whole:
        """The atoms of some stations."""
        found: Whole = (self.start + stations[:, None] * self.width + np.arange(self.width)[None, :]).ravel()
        return found


@dataclass
class System:
    """Integer unknowns `truth` ≥ 0 with one row for each cell; `equal` and `more` are rows that no world may change or push below `slack`."""

    catalogue: Catalogue
    numbers: Numbers
    areas: Sequence[Area]
    inside: list[Whole]  # the stations of each area
    measures: tuple[str, ...]
    blocks: list[Block]
    truth: Whole
    names: list[Cell]
    rows: Matrix
    equal: Matrix
    more: Matrix
    slack: Whole
    tables: list[TableKind]  # of each cell, the first that holds it
    least: Whole
    area: Whole  # of each cell, the number of its area
    level: Whole
    company: Mapping[str, Sequence[Mapping[str, int]]] = field(
        default_factory=dict
    )  # measure → what may move with it: 1, against it: -1

    def atom(self, column: int) -> tuple[str, str, str, str]:
        """(measure, fact area, station, key) of an unknown."""
        block = next(block for block in reversed(self.blocks) if block.start <= column)
        station, key = divmod(column - block.start, block.width)
        return (block.frame.measure, *self.numbers.stations[station], block.frame.keys[key])

    def station(self, columns: Whole) -> Whole:
        """The number of the station of each unknown."""
        found = np.empty(len(columns), dtype=np.int64)
        for block in self.blocks:
            here = columns >= block.start
            found[here] = (columns[here] - block.start) // block.width
        return found
