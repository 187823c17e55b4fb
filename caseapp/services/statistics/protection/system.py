"""One linear system over the measures that are tied to each other: atoms, cells, and what every world must keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.frames import Frame, agreements, frames, read_key
from caseapp.services.statistics.protection.numbers import Numbers, Whole

Matrix = Any  # scipy.sparse.csr_array; it has no types
Cell = tuple[str, str, str]  # (measure, area, key)


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


def components(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """The measures that must be protected together because a rule ties them, each group in the order of the catalogue."""
    order = list(catalogue.linked())
    groups = [{measure} for measure in order]
    ties = [{pair.came, pair.went, pair.stock} - {""} for pair in catalogue.balances]
    ties += [{rule.small, rule.large} for rule in catalogue.never_more]
    for tie in (tie for tie in ties if tie & set(order)):
        met = [group for group in groups if group & tie]
        groups = [group for group in groups if not group & tie] + [set().union(*met)]
    return sorted((tuple(m for m in order if m in group) for group in groups), key=lambda group: order.index(group[0]))


def build(
    catalogue: Catalogue,
    measures: tuple[str, ...],
    areas: Sequence[Area],
    inside: list[Whole],
    numbers: Numbers,
    before: Numbers | None = None,
) -> System:
    """The system of some measures; `before` are the numbers of the release before, for stocks that changed since.

    Raises Conflict where facts do not add up to each other.
    """
    stations = len(numbers.stations)
    blocks, start = [], 0
    for measure in measures:
        for frame in frames(catalogue, measure):
            blocks.append(Block(frame, start, len(frame.keys)))
            start += stations * len(frame.keys)
    truth = np.zeros(start, dtype=np.int64)
    for block in blocks:
        for number, key in enumerate(block.frame.keys):
            truth[block.start + number : block.start + stations * block.width : block.width] = numbers.value(
                block.frame.measure, key
            )
    names, rows, tables, least, area, level = _cells(catalogue, measures, areas, inside, blocks, start, stations)
    ties = _Ties(catalogue, blocks, start, stations)
    equal, more = ties.agree(), ties.more(truth, inside)
    if before is not None:
        equal = sparse.vstack([equal, ties.balances(numbers, before, inside)], format="csr")
    slack = more @ truth
    found = System(
        catalogue, numbers, areas, inside, measures, blocks, truth, names, rows, equal, more, slack, tables, least, area, level
    )
    _agree(found)
    return found


def _agree(system: System) -> None:
    """Frames and totals are counts of the same rows; where they differ, something was counted between two refreshes."""
    told = system.rows @ system.truth
    for number, (measure, _area, key) in enumerate(system.names):
        held = system.numbers.value(measure, key)[system.inside[system.area[number]]].sum()
        if held != told[number]:
            raise Conflict(_l("The figures of %(what)s do not add up: refresh them again.", what=measure), "period", code="facts")


def _cells(
    catalogue: Catalogue,
    measures: tuple[str, ...],
    areas: Sequence[Area],
    inside: list[Whole],
    blocks: list[Block],
    width: int,
    stations: int,
) -> tuple[list[Cell], Matrix, list[TableKind], Whole, Whole, Whole]:
    names: list[Cell] = []
    tables: list[TableKind] = []
    least: list[int] = []
    of: list[int] = []
    parts: list[Matrix] = []
    members = sparse.csr_array(
        (
            np.ones(sum(len(held) for held in inside), dtype=np.int64),
            (np.repeat(np.arange(len(areas)), [len(held) for held in inside]), np.concatenate([*inside, np.zeros(0, np.int64)])),
        ),
        shape=(len(areas), stations),
    )
    linked = catalogue.linked()
    for measure in measures:
        own = [block for block in blocks if block.frame.measure == measure]
        held: dict[str, list[str]] = {}
        known: dict[str, tuple[TableKind, int]] = {}
        for table in linked[measure]:
            for values in ((), *table.cells()):
                key = table.dims_key(*(value.code for value in values))
                k = table.least(values, catalogue.threshold)
                before = known.get(key, (table, 0))
                known[key] = (before[0], max(before[1], catalogue.contributors if table.magnitude else k))
                held[key] = list(dict.fromkeys([*held.get(key, ()), *table.levels]))
        shapes: dict[tuple[str, ...], list[str]] = {}
        for key, levels in held.items():
            shapes.setdefault(tuple(sorted(levels)), []).append(key)
        for reach, keys in shapes.items():
            chosen = [number for number, area in enumerate(areas) if area.level in reach]
            if not chosen:
                continue
            parts.append(_rows(own, keys, members[chosen], width, stations))
            for number in chosen:
                for key in keys:
                    names.append((measure, areas[number].code, key))
                    tables.append(known[key][0])
                    least.append(known[key][1])
                    of.append(number)
    rows = sparse.vstack(parts, format="csr") if parts else sparse.csr_array((0, width), dtype=np.int64)
    order = {level: number for number, level in enumerate(("province", "city", "management_area", "county", "township"))}
    level = np.array([order[areas[number].level] for number in of], dtype=np.int64)
    return names, rows, tables, np.array(least, dtype=np.int64), np.array(of, dtype=np.int64), level


def _rows(blocks: list[Block], keys: list[str], members: Matrix, width: int, stations: int) -> Matrix:
    """One row for each area and key: the atoms of the first frame that can say the key."""
    chosen: list[list[tuple[int, NDArray[np.bool_]]]] = [[] for _block in blocks]
    for number, key in enumerate(keys):
        place, mask = next(
            (place, mask) for place, block in enumerate(blocks) for mask in (block.frame.mask(read_key(key)),) if mask is not None
        )
        chosen[place].append((number, mask))
    parts, at = [], 0
    for block, told in zip(blocks, chosen, strict=True):
        if block.start > at:
            parts.append(sparse.csr_array((members.shape[0] * len(keys), block.start - at), dtype=np.int64))
        masks = np.zeros((len(keys), block.width), dtype=np.int64)
        for number, mask in told:
            masks[number] = mask
        parts.append(sparse.kron(members, sparse.csr_array(masks), format="csr"))
        at = block.start + stations * block.width
    if at < width:
        parts.append(sparse.csr_array((members.shape[0] * len(keys), width - at), dtype=np.int64))
    found: Matrix = sparse.hstack(parts, format="csr").astype(np.int64)
    found.eliminate_zeros()
    return found


class _Ties:
    """What every world keeps at every station."""

    def __init__(self, catalogue: Catalogue, blocks: list[Block], width: int, stations: int) -> None:
        self.catalogue, self.blocks, self.width, self.stations = catalogue, blocks, width, stations

    def agree(self) -> Matrix:
        """Frames of one measure count the same people."""
        found = []
        for place, one in enumerate(self.blocks):
            for other in self.blocks[place + 1 :]:
                if other.frame.measure == one.frame.measure:
                    found += [self._row([(one, a, 1), (other, b, -1)]) for a, b in agreements(one.frame, other.frame)]
        return self._stack(found)

    def balances(self, numbers: Numbers, before: Numbers, inside: list[Whole]) -> Matrix:
        """What came less what went is the change of the stock: at every station, and in every area, where the truth keeps it."""
        found = []
        at = {station: number for number, station in enumerate(before.stations)}
        for pair in self.catalogue.balances:
            signs = {pair.came: 1, pair.went: -1, pair.stock: -1}
            for key in self._shared(list(signs)) if pair.stock else []:
                terms = [(self._says(measure, key), sign) for measure, sign in signs.items()]
                rows = self._row([(said[0], said[1], sign) for said, sign in terms if said])
                was = before.value(pair.stock, key)
                old = np.array([was[at[s]] if s in at else 0 for s in numbers.stations], dtype=np.int64)
                gap = old + sum(sign * numbers.value(measure, key) for measure, sign in signs.items())
                found.append(rows[np.flatnonzero(gap == 0)])
                for held in inside:
                    if gap[held].any() and gap[held].sum() == 0:
                        found.append(sparse.csr_array(rows[held].sum(axis=0)[None, :]))
        return self._stack(found)

    def more(self, truth: Whole, inside: list[Whole]) -> Matrix:
        """No part is greater than what it is a part of.

        A rule that the truth breaks at a station binds nobody there, but still an area that keeps it all the same.
        """
        found = []
        for rule in self.catalogue.never_more:
            for key in self._shared([rule.small, rule.large]) if not rule.at else [""]:
                small, large = self._says(rule.small, key), self._says(rule.large, rule.at or key)
                if small and large:
                    found.append(self._row([(*large, 1), (*small, -1)]))
        for block in self.blocks:
            if block.frame.overlaps:
                found += self._groups(block)
        kept = []
        for rows in found:
            slack = rows @ truth
            kept.append(rows[np.flatnonzero(slack >= 0)])
            for held in inside:
                if (slack[held] < 0).any() and slack[held].sum() >= 0:
                    kept.append(sparse.csr_array(rows[held].sum(axis=0)[None, :]))
        return self._stack(kept)

    def _groups(self, block: Block) -> list[Matrix]:
        """The persons of a group are some of those of its ages."""
        found = []
        for number, told in enumerate(block.frame.told):
            value = self.catalogue.dimensions[block.frame.dims[0]].value(told[block.frame.dims[0]])
            own = np.zeros(block.width, dtype=bool)
            own[number] = True
            masks = [self._says(block.frame.measure, f"age_band={band}") for band in (value.ages if value else ())]
            if not masks or None in masks:
                masks = [self._says(block.frame.measure, "")]
            whole = [said for said in masks if said]
            if whole and whole[0][0] is not block:
                found.append(self._row([*((frame, mask, 1) for frame, mask in whole), (block, own, -1)]))
        return found

    def _shared(self, measures: list[str]) -> list[str]:
        """The finest keys that all these measures have: of frames with the same dimensions, else the totals."""
        here = [[block.frame for block in self.blocks if block.frame.measure == measure] for measure in measures]
        if not all(here):
            return []
        keys = [""]
        for frame in here[0]:
            if frame.dims and all(any(set(frame.dims) <= other.says for other in held) for held in here[1:]):
                keys += frame.keys
        return keys

    def _says(self, measure: str, key: str) -> tuple[Block, NDArray[np.bool_]] | None:
        for block in self.blocks:
            if block.frame.measure == measure:
                mask = block.frame.mask(read_key(key))
                if mask is not None:
                    return block, mask
        return None

    def _row(self, terms: Sequence[tuple[Block, NDArray[np.bool_], int]]) -> Matrix:
        station = np.arange(self.stations)
        rows, columns, signs = [], [], []
        for block, mask, sign in terms:
            atoms = np.flatnonzero(mask)
            rows.append(np.repeat(station, len(atoms)))
            columns.append((block.start + station[:, None] * block.width + atoms[None, :]).ravel())
            signs.append(np.full(len(rows[-1]), sign, dtype=np.int64))
        told = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
        return sparse.csr_array(told, shape=(self.stations, self.width))

    def _stack(self, rows: list[Matrix]) -> Matrix:
        return sparse.vstack(rows, format="csr") if rows else sparse.csr_array((0, self.width), dtype=np.int64)


def insides(areas: Sequence[Area], numbers: Numbers, chains: Mapping[str, Sequence[str]]) -> list[Whole]:
    """The stations of each area, by their numbers."""
    held: dict[str, list[int]] = {area.code: [] for area in areas}
    for number, (place, _station) in enumerate(numbers.stations):
        for code in chains[place]:
            held[code].append(number)
    return [np.array(held[area.code], dtype=np.int64) for area in areas]
