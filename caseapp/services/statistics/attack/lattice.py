"""Cells as sums of unknown whole numbers: what of a cell is left when everything shown inside it is taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from caseapp.services.statistics.attack.frames import Frame, chain, finest, frames, full
from caseapp.services.statistics.attack.read import Key, Told

Rest = tuple[int, tuple[int, ...]]  # a known number + these unknowns


@dataclass
class Block:
    """One measure of one period of one release."""

    told: Told
    measure: str
    period: str
    frames: list[Frame]
    tree: list[tuple[int, int]]
    shown: dict[tuple[str, Key], int | None] = field(default_factory=dict)
    counted: frozenset[tuple[str, ...]] | None = None  # the divisions whose truth is known; None: every one
    _where: dict[tuple[int, Key], list[int]] = field(default_factory=dict)

    def where(self, area: str, key: Key) -> list[int]:
        """The frames a cell is a sum of."""
        at = (self.told.places[area].depth, key)
        if at not in self._where:
            held = [n for n, frame in enumerate(self.frames) if frame.holds(self.told.catalogue, *at)]
            self._where[at] = held
        return self._where[at]


def blocks(told: Sequence[Told]) -> list[Block]:
    """Everything that is told, by release, measure and period."""
    found: list[Block] = []
    for release in told:
        held: dict[tuple[str, str], Block] = {}
        shapes: dict[str, tuple[list[Frame], list[tuple[int, int]]]] = {}
        for (measure, period, area, key), number in release.cells.items():
            if (measure, period) not in held:
                if measure not in shapes:
                    shapes[measure] = frames(release, measure)
                held[measure, period] = Block(release, measure, period, *shapes[measure])
            held[measure, period].shown[area, key] = number
        found += held.values()
    return found


class Lattice:
    """The unknowns, numbered over all blocks; each is one finest cell of one frame."""

    def __init__(self) -> None:
        self.atoms: list[tuple[Block, int, str, Key]] = []
        self._number: dict[tuple[int, int, str, Key], int] = {}
        self._rests: dict[tuple[int, int, str, Key], Rest] = {}
        self._steps: dict[tuple[int, int, Key], list[list[Key]]] = {}

    def value(self, block: Block, frame: int, area: str, key: Key) -> Rest:
        """A cell: its number where it is shown, else what is left of it."""
        shown = block.shown.get((area, key))
        return self.rest(block, frame, area, key) if shown is None else (shown, ())

    def best(self, block: Block, area: str, key: Key) -> Rest:
        """A cell by the frame that leaves the fewest unknowns; KeyError when it is a sum of none."""
        found = [self.value(block, frame, area, key) for frame in block.where(area, key)]
        if not found:
            raise KeyError((block.measure, area, key))
        return min(found, key=lambda rest: len(rest[1]))

    def rest(self, block: Block, frame: int, area: str, key: Key) -> Rest:
        """A cell as if it were not shown: of all ways to divide it, the one with the fewest unknowns left."""
        at = (id(block), frame, area, key)
        if at not in self._rests:
            ways = [[(part, key) for part in block.told.parts(area, block.frames[frame].depth)]]
            ways += [[(area, finer) for finer in step] for step in self._divided(block, frame, key)]
            found = [self._sum(block, frame, way) for way in ways if way]
            self._rests[at] = min(found, key=lambda rest: len(rest[1])) if found else (0, (self._atom(block, frame, area, key),))
        return self._rests[at]

    def _sum(self, block: Block, frame: int, cells: Sequence[tuple[str, Key]]) -> Rest:
        parts = [self.value(block, frame, area, key) for area, key in cells]
        return sum(part[0] for part in parts), tuple(atom for part in parts for atom in part[1])

    def _atom(self, block: Block, frame: int, area: str, key: Key) -> int:
        at = (id(block), frame, area, key)
        if at not in self._number:
            self._number[at] = len(self.atoms)
            self.atoms.append((block, frame, area, key))
        return self._number[at]

    def _divided(self, block: Block, frame: int, key: Key) -> list[list[Key]]:
        """The ways to divide a key by one dimension more, or by a finer one."""
        at = (id(block.frames), frame, key)
        if at not in self._steps:
            catalogue = block.told.catalogue
            held = full(catalogue, key) or {}
            found = []
            for name in sorted(block.frames[frame].names(catalogue)):
                above = chain(catalogue, name)[1:2]
                if name in held or (above and above[0] not in held) or catalogue.dimensions[name].overlap:
                    continue
                found.append(
                    [
                        finest(catalogue, tuple(sorted((*key, (name, value.code)))))
                        for value in catalogue.dimensions[name].values
                        if (not above or value.parent == held[above[0]])
                        and full(catalogue, (*key, (name, value.code))) is not None
                    ]
                )
            self._steps[at] = found
        return self._steps[at]
