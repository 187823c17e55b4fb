"""What every world keeps at every station, by the definitions of the measures."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.reference.statistics import Catalogue, plain
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.beside import Family
from caseapp.services.statistics.protection.frames import agreements, read_key
from caseapp.services.statistics.protection.numbers import Numbers, Whole
from caseapp.services.statistics.protection.system.shape import Block, Matrix


class Ties:
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
        return self.stack(found)

    def balances(self, numbers: Numbers, before: Mapping[str, Numbers], family: Family | None, inside: Sequence[Whole]) -> Matrix:
        """What came less what went is the change of the stock: at every station, and in every area, where the truth keeps it.

        `before`: period of the measures' names ("" the plain ones) → the numbers of the release before it. What the stock was in a
        month of the same quarter is no constant but an unknown like any other.
        """
        found = []
        for pair in self.catalogue.balances:
            if not pair.stock:
                continue
            measure, period = plain(pair.stock)
            earlier = family.before(period or family.candidate) if family else None
            was = before.get(period)
            terms = {pair.came: 1, pair.went: -1, pair.stock: -1}
            if family and earlier:
                terms[family.name(measure, earlier)] = 1
            elif was is None:
                continue
            for key in self.shared(list(terms)):
                rows = self.row([(name, key, sign) for name, sign in terms.items()])
                gap = sum((sign * numbers.value(name, key) for name, sign in terms.items()), np.zeros(self.stations, np.int64))
                if was is not None and not earlier:
                    gap = gap + was.at(numbers.stations, measure, key)
                if rows is not None:
                    found += self.kept(rows, gap, inside)
        return self.stack(found)

    @staticmethod
    def kept(rows: Matrix, gap: Whole, inside: Sequence[Whole]) -> list[Matrix]:
        """Of an equation at every station those rows that the truth keeps, and the sums of areas that keep it though a station does not."""
        found = [rows[np.flatnonzero(gap == 0)]]
        for held in inside:
            if gap[held].any() and gap[held].sum() == 0:
                found.append(sparse.csr_array(rows[held].sum(axis=0)[None, :]))
        return found

    def more(self, truth: Whole, inside: Sequence[Whole], also: Sequence[Matrix] = ()) -> Matrix:
        """No part is greater than what it is a part of.

        A rule that the truth breaks at a station binds nobody there, but still an area that keeps it all the same. `also` are
        further rules of the kind.
        """
        found = [*also]
        for rule in self.catalogue.never_more:
            for key in self.shared([rule.small, rule.large]) if not rule.at else [""]:
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
        return self.stack(kept)

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

    def shared(self, measures: list[str]) -> list[str]:
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

    def row(self, terms: Sequence[tuple[str, str, int]]) -> Matrix | None:
        """One row for each station: a signed sum of (measure, key); None where a measure cannot say its key."""
        said = [(self._says(measure, key), sign) for measure, key, sign in terms]
        if not all(place for place, _sign in said):
            return None
        return self._row([(*place, sign) for place, sign in said if place])

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

    def stack(self, rows: list[Matrix]) -> Matrix:
        """All of them as one."""
        return sparse.vstack(rows, format="csr") if rows else sparse.csr_array((0, self.width), dtype=np.int64)


def insides(areas: Sequence[Area], numbers: Numbers, chains: Mapping[str, Sequence[str]]) -> list[Whole]:
    """The stations of each area, by their numbers."""
    held: dict[str, list[int]] = {area.code: [] for area in areas}
    for number, (place, _station) in enumerate(numbers.stations):
        for code in chains[place]:
            held[code].append(number)
    return [np.array(held[area.code], dtype=np.int64) for area in areas]
