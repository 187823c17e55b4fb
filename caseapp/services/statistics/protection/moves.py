"""Simple worlds, found without a program: so many moved from one value to another and back again elsewhere.

A move takes some axes of a frame, the places being one of them, and on each a second value: +1 where an even number of them is
changed, −1 elsewhere. Sums over a changed axis stay as they are. Several moves that lift the same cell are put together until it
is lifted enough, at each step the one that hides least for what it brings. What is tied to another period moves with it, or
against it in another month of the quarter.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.services.statistics.protection.company import Company, Kind, Move
from caseapp.services.statistics.protection.frames import Mask, read_key
from caseapp.services.statistics.protection.lots import lot
from caseapp.services.statistics.protection.numbers import Whole
from caseapp.services.statistics.protection.system import Block, System

PAIRS, OTHERS, AWAY, MOST = 12, 8, 30, 1_500  # starts, second values, second places, and moves of a kind that are looked at
STEPS = 40  # moves put together at most
DEAR = 1e9  # the cost of what must stay shown


class Moves:
    """Finds moves in one system."""

    def __init__(self, system: System, weight: NDArray[np.float64], seed: int) -> None:
        self.system, self.weight = system, weight
        self.rows = system.rows.tocsc()
        self.more, self.equal = system.more.tocsc(), system.equal.tocsc()
        self.dice = np.random.default_rng(seed)
        self.number = {area.code: number for number, area in enumerate(system.areas)}
        self.dims: dict[int, list[list[frozenset[str]]]] = {}
        self.company = Company(system)

    def find(self, cell: int, amount: int, barred: Whole, hidden: Mask, locked: Mask) -> tuple[Whole, Whole] | None:
        """Atoms and changes by which a cell moves by an amount while `barred` stations stay as they are; None where none is found."""
        kinds = self._kinds(cell, 1 if amount > 0 else -1, barred)
        made = [lot(self.rows, self.equal, self.more, np.stack(atoms, axis=1), np.array(signs)) for atoms, signs in kinds]
        lots = [held for held in made if held is not None]
        if not lots:
            return None
        price = np.where(hidden, 0.0, self.weight)
        price[locked & ~hidden] = DEAR
        truth, slack = self.system.truth.copy(), self.system.slack.copy()
        costs = [one.cost(price) for one in lots]
        left, atoms, deltas = abs(amount), list[Whole](), list[Whole]()
        for _step in range(STEPS):
            best: tuple[float, int, int, int] | None = None
            for place, one in enumerate(lots):
                room = np.minimum(one.room(truth, slack), left)
                each = np.where((room > 0) & (costs[place] < DEAR), costs[place] / np.maximum(room, 1), np.inf)
                number = int(np.argmin(each))
                if np.isfinite(each[number]) and (best is None or each[number] < best[0]):
                    best = (float(each[number]), place, number, int(room[number]))
            if best is None:
                return None
            _each, place, number, times = best
            chosen = lots[place]
            own, change = chosen.atoms[number], chosen.signs * times
            atoms.append(own)
            deltas.append(change)
            np.add.at(truth, own, change)
            left -= times
            if left <= 0:
                return self._sum(atoms, deltas)
            move = sparse.csc_array((change, own, np.array([0, len(own)])), shape=(len(truth), 1))
            slack = slack + np.asarray((self.more @ move).todense()).ravel()
            price[chosen.cells[chosen.number == number]] = 0.0
            costs = [one.cost(price) for one in lots]
        return None

    @staticmethod
    def _sum(atoms: Sequence[Whole], deltas: Sequence[Whole]) -> tuple[Whole, Whole] | None:
        columns, place = np.unique(np.concatenate(atoms), return_inverse=True)
        change = np.bincount(place, weights=np.concatenate(deltas)).astype(np.int64)
        moved = np.flatnonzero(change)
        return columns[moved], change[moved]

    def _kinds(self, cell: int, sign: int, barred: Whole) -> Iterator[Kind]:
        """Every kind of move that changes a cell."""
        measure, code, key = self.system.names[cell]
        held = self.system.inside[self.system.area[cell]]
        here = held[~np.isin(held, barred)]
        if not len(here):
            return
        there = self._away(code, held, barred)
        for block in self.system.blocks:
            if block.frame.measure != measure:
                continue
            mask = block.frame.mask(read_key(key))
            if mask is None:
                continue
            axes = self._axes(block, mask)
            told = (
                []
                if block.frame.overlaps
                else [axis for axis, allowed in enumerate(axes) if len(allowed) < self._width(block, axis)]
            )
            for some in chain.from_iterable(combinations(told, size) for size in range(len(told) + 1)):
                for away, company in product((True, False), ({}, *self.system.company.get(measure, ()))):
                    if (away and len(there)) or (not away and (some or block.frame.overlaps)):
                        yield from self._kind(block, mask, axes, some, here, there if away else None, sign, company)

    def _away(self, code: str, held: Whole, barred: Whole) -> Whole:
        """Stations elsewhere, under the nearest area above that has any."""
        parent = self.system.areas[self.number[code]].parent
        while parent is not None and parent in self.number:
            above = self.system.inside[self.number[parent]]
            found = above[~np.isin(above, held) & ~np.isin(above, barred)]
            if len(found):
                return found if len(found) <= AWAY else np.sort(self.dice.choice(found, AWAY, replace=False))
            parent = self.system.areas[self.number[parent]].parent
        return np.zeros(0, dtype=np.int64)

    def _width(self, block: Block, axis: int) -> int:
        return len(self.system.catalogue.dimensions[block.frame.dims[axis]].values)

    def _axes(self, block: Block, mask: Mask) -> list[Whole]:
        """On each axis of a frame the values that a key allows."""
        shape = [self._width(block, axis) for axis in range(len(block.frame.dims))]
        cube = mask.reshape(shape)
        return [
            np.flatnonzero(cube.any(axis=tuple(other for other in range(len(shape)) if other != axis)))
            for axis in range(len(shape))
        ]

    def _kind(
        self,
        block: Block,
        mask: Mask,
        axes: list[Whole],
        some: tuple[int, ...],
        here: Whole,
        there: Whole | None,
        sign: int,
        company: Mapping[str, int],
    ) -> Iterator[Kind]:
        """The moves that change the axes `some`, and the place where `there` are others; `company` moves too."""
        truth = self.system.truth
        shape = tuple(self._width(block, axis) for axis in range(len(axes)))
        own = np.flatnonzero(mask)
        at = block.start + here[:, None] * block.width + own[None, :]
        station, value = np.nonzero(truth[at] > 0) if sign < 0 else np.nonzero(np.ones(at.shape, dtype=bool))
        if not len(station):
            return
        if len(station) > PAIRS:
            rank = self.dice.random(len(station)) - (np.minimum(truth[at[station, value]], 9) if sign < 0 else 0)
            chosen = np.sort(np.argsort(rank, kind="stable")[:PAIRS])
            station, value = station[chosen], value[chosen]
        others = [self._others(block, axis, axes[axis]) for axis in some]
        if not all(len(other) for other in others):
            return
        grid = np.meshgrid(np.arange(len(station)), *others, *([] if there is None else [there]), indexing="ij")
        picked = [part.ravel() for part in grid]
        if len(picked[0]) > MOST:
            chosen = np.sort(self.dice.choice(len(picked[0]), MOST, replace=False))
            picked = [part[chosen] for part in picked]
        first = here[station[picked[0]]]
        second = picked[-1] if there is not None else first
        values = [np.asarray(part) for part in np.unravel_index(own[value[picked[0]]], shape)] if shape else []
        beside = self._beside(block, some, values, picked[1 : 1 + len(some)])
        if beside is None:
            return
        keep, classes = beside
        first, second, values = first[keep], second[keep], [part[keep] for part in values]
        swapped = [part[keep] for part in picked[1 : 1 + len(some)]]
        atoms, signs = list[Whole](), list[int]()
        for moved in product((0, 1), repeat=len(some)):
            corner = list(values)
            for place, axis in enumerate(some):
                if moved[place]:
                    corner[axis] = swapped[place]
            within = np.ravel_multi_index(tuple(corner), shape) if shape else np.zeros(len(first), dtype=np.int64)
            for stand, away in ((first, 0), (second, 1)) if there is not None else ((first, 0),):
                atoms.append(block.start + stand * block.width + within)
                signs.append(sign * (-1) ** (sum(moved) + away))
        mirrored, directions = list(atoms), list(signs)
        move: Move = (block, values, swapped, some, first, second, there is not None)
        for found, ways in self.company.followers(move, classes, company, mirrored, directions, sign):
            atoms += found
            signs += ways
        if len(first):
            yield atoms, signs
            for start in self._twins(block) if not classes else ():  # what is a part moves with its whole
                both = [*atoms, *(atom - block.start + start for atom in mirrored)]
                yield both, signs + directions

    def _twins(self, block: Block) -> list[int]:
        """Where the same frame of a measure begins of which this one is a part or the whole."""
        ties = [{rule.small, rule.large} for rule in self.system.catalogue.never_more if not rule.at]
        return [
            other.start
            for other in self.system.blocks
            if {other.frame.measure, block.frame.measure} in ties and other is not block and other.frame.dims == block.frame.dims
        ]

    def _others(self, block: Block, axis: int, allowed: Whole) -> Whole:
        found = np.setdiff1d(np.arange(self._width(block, axis)), allowed)
        return found if len(found) <= OTHERS * 2 else np.sort(self.dice.choice(found, OTHERS * 2, replace=False))

    def _beside(
        self, block: Block, some: tuple[int, ...], values: list[Whole], swapped: list[Whole]
    ) -> tuple[Mask, list[tuple[Block, str]]] | None:
        """Which moves keep what other frames of the measure say too, or the frames that must move with them and by which dimension."""
        size = len(swapped[0]) if swapped else len(values[0]) if values else 0
        keep, found = np.ones(size, dtype=bool), list[tuple[Block, str]]()
        if block.frame.overlaps:
            return keep, found
        for other in self.system.blocks:
            if other is block or other.frame.measure != block.frame.measure or other.frame.overlaps:
                continue
            shared = block.frame.says & other.frame.says
            if not some:
                found.append((other, ""))
            elif len(some) == 1:
                name = block.frame.dims[some[0]]
                if name in shared:
                    found.append((other, name))
                elif coarser := [dim for dim in self._coarser(name) if dim in shared]:
                    codes = self._codes(name, coarser[0])
                    keep &= codes[values[some[0]]] == codes[swapped[0]]
            elif all(
                name in shared or any(d in shared for d in self._coarser(name)) for name in (block.frame.dims[a] for a in some)
            ):
                return None
        return keep, found

    def _coarser(self, name: str) -> list[str]:
        found, above = [], self.system.catalogue.dimensions[name].within
        while above:
            found.append(above)
            above = self.system.catalogue.dimensions[above].within
        return found

    def _codes(self, name: str, coarse: str) -> NDArray[np.str_]:
        """The coarser value of each value."""
        dimensions = self.system.catalogue.dimensions
        found = []
        for value in dimensions[name].values:
            at, code = name, value.code
            while at != coarse:
                held = dimensions[at].value(code)
                at, code = dimensions[at].within or coarse, (held.parent if held else None) or ""
            found.append(code)
        return np.array(found)
