"""What moves with a move: frames that count the same things, and what is tied to them in another period of the quarter."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from caseapp.services.statistics.protection.numbers import Whole
from caseapp.services.statistics.protection.system import Block, System

Kind = tuple[list[Whole], list[int]]  # for each corner of the moves of a kind, the atom of each move; and its sign
# the frame that moves, its values and those they are swapped for, the axes, first and second places, whether there are second ones
Move = tuple[Block, list[Whole], list[Whole], tuple[int, ...], Whole, Whole, bool]


class Company:
    """Finds followers in one system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.best: dict[tuple[int, str], tuple[dict[str, int], Whole]] = {}

    def followers(
        self,
        at: Move,
        classes: Sequence[tuple[Block, str]],
        company: Mapping[str, int],
        mirrored: Sequence[Whole],
        directions: Sequence[int],
        sign: int,
    ) -> Iterator[Kind]:
        """What must move with a move: other frames of the measure, and in the company the same frames and what counts the same."""
        block, _values, _swapped, some, *_more = at
        for other, dim in classes:
            alike = [c for c in self.system.blocks if c.frame.measure in company and c.frame.dims == other.frame.dims]
            fullest = min([other, *alike], key=self._much)
            atoms, signs = self._companion(other, fullest, dim, at, sign)
            yield atoms, signs
            for twin in alike:
                way = company[twin.frame.measure]
                yield [atom - other.start + twin.start for atom in atoms], [way * one for one in signs]
        for twin in self.system.blocks:
            if twin.frame.measure in company and twin.frame.dims == block.frame.dims:
                way = company[twin.frame.measure]
                yield [atom - block.start + twin.start for atom in mirrored], [way * one for one in directions]
        for other, dim in self._elsewhere(block, some, company, classes):
            yield self._companion(other, other, dim, at, company[other.frame.measure] * sign)

    def _elsewhere(
        self, block: Block, some: tuple[int, ...], company: Mapping[str, int], classes: Sequence[tuple[Block, str]]
    ) -> Iterator[tuple[Block, str]]:
        """Frames of the company that no frame of the own measure is like: they follow by what they share with the one that moves."""
        like = {block.frame.dims, *(other.frame.dims for other, _dim in classes)}
        own = {b.frame.dims for b in self.system.blocks if b.frame.measure == block.frame.measure}
        for other in self.system.blocks:
            if (
                other.frame.measure not in company
                or other.frame.overlaps
                or block.frame.overlaps
                or other.frame.dims in like | own
            ):
                continue
            names = [block.frame.dims[axis] for axis in some]
            if not names:
                yield other, ""
            elif len(names) == 1 and names[0] in other.frame.says:
                yield other, names[0]

    def _much(self, block: Block) -> int:
        """How much there is of a measure in all: what moves with another is chosen where there is less."""
        return int(self.system.truth[block.start : block.start + len(self.system.numbers.stations) * block.width].sum())

    def _companion(self, other: Block, by: Block, dim: str, at: Move, sign: int) -> Kind:
        """What another frame that counts the same must do: by the fullest of its atoms (or of those of `by`), so that there is room."""
        _block, values, swapped, some, first, second, away = at
        place, best = self._fullest(by, dim)
        if dim:
            codes = [value.code for value in self.system.catalogue.dimensions[dim].values]
            class_of = np.array([place[code] for code in codes])
            ours, theirs = class_of[values[some[0]]], class_of[swapped[0]]
            if sign > 0:
                give, take = best[second if away else first, ours], best[first, theirs]
            else:
                give, take = best[first, ours], best[second if away else first, theirs]
            told = [(first, give, sign), (first, take, -sign)] + ([(second, give, -sign), (second, take, sign)] if away else [])
        else:
            alike = best[second if sign > 0 else first, 0]
            told = [(first, alike, sign), (second, alike, -sign)]
        return [other.start + s * other.width + atom for s, atom, _sign in told], [sign for _s, _atom, sign in told]

    def _fullest(self, block: Block, dim: str) -> tuple[dict[str, int], Whole]:
        if (block.start, dim) not in self.best:
            stations = len(self.system.numbers.stations)
            held = self.system.truth[block.start : block.start + stations * block.width].reshape(stations, block.width)
            told = [says[dim] if dim else "" for says in block.frame.told]
            place = {code: number for number, code in enumerate(dict.fromkeys(told))}
            best = np.zeros((stations, len(place)), dtype=np.int64)
            for code, number in place.items():
                members = np.array([atom for atom, said in enumerate(told) if said == code])
                best[:, number] = members[np.argmax(held[:, members], axis=1)]
            self.best[block.start, dim] = (place, best)
        return self.best[block.start, dim]
