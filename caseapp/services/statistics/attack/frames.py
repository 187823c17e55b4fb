"""Joint tables: which groupings of a measure must be thought of together, so that nothing is lost by looking at sums alone.

Groupings that hang together like a tree (each meets the rest in one of them) may be looked at one by one: tables of whole
numbers that agree on what they share are always the margins of one joint table. Where they form a ring (age × sex, township
× age, township × sex) they are not, and sums alone would tell the attacker less than he can know: those become one frame.
Levels of areas are dimensions here like any other. The test for a tree is the reduction of Graham, Yu and Özsoyoğlu.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.attack.read import Key, Told

MOST = 200  # years of age: above everybody's


@dataclass(frozen=True)
class Frame:
    """A joint table of a measure: by these finest dimensions (and all that hold them), down to a depth of areas."""

    dims: tuple[str, ...]
    depth: int
    alone: tuple[str, str] | None = None  # one value of a dimension that overlaps: a table of its own

    def names(self, catalogue: Catalogue) -> frozenset[str]:
        """Its dimensions with the coarser ones."""
        return frozenset(name for dim in self.dims for name in chain(catalogue, dim))

    def keys(self, catalogue: Catalogue) -> list[Key]:
        """The finest cells of one area."""
        lists = [[(dim, value.code) for value in catalogue.dimensions[dim].values] for dim in self.dims if not self._fixed(dim)]
        fixed = [self.alone] if self.alone else []
        return [key for key in (tuple(sorted((*fixed, *pairs))) for pairs in product(*lists)) if full(catalogue, key) is not None]

    def holds(self, catalogue: Catalogue, depth: int, key: Key) -> bool:
        """Whether a cell is a sum of its finest ones."""
        names = {name for name, _value in key}
        overlapping = {pair for pair in key if catalogue.dimensions[pair[0]].overlap}
        return depth <= self.depth and names <= self.names(catalogue) and overlapping == ({self.alone} if self.alone else set())

    def _fixed(self, dim: str) -> bool:
        return self.alone is not None and self.alone[0] == dim


def chain(catalogue: Catalogue, dim: str) -> list[str]:
    """A dimension and those that hold it, the finest first."""
    found = [dim]
    while catalogue.dimensions[found[-1]].within:
        found.append(str(catalogue.dimensions[found[-1]].within))
    return found


def full(catalogue: Catalogue, key: Key) -> dict[str, str] | None:
    """A key with the coarser values that its finer ones say; None where they contradict each other."""
    found: dict[str, str] = {}
    for dim, code in key:
        name: str | None = dim
        value: str | None = code
        while name and value:
            if found.setdefault(name, value) != value:
                return None
            held = catalogue.dimensions[name].value(value)
            name, value = catalogue.dimensions[name].within, held.parent if held else None
    return found if ages(catalogue, found.items()) else None


def ages(catalogue: Catalogue, pairs: Iterable[tuple[str, str]]) -> range:
    """The years of age that somebody may have who is in every band of a key; empty where the bands exclude each other."""
    low, high, banded, unknown = 0, MOST, 0, 0
    for name, code in pairs:
        value = catalogue.dimensions[name].value(code)
        if value and banded_in(catalogue, name):
            banded, unknown = banded + 1, unknown + (value.youngest is None)
            low, high = max(low, value.youngest or 0), min(high, MOST if value.oldest is None else value.oldest)
    return range(low, high + 1) if unknown in (0, banded) else range(0)


def banded_in(catalogue: Catalogue, name: str) -> bool:
    """Whether a dimension divides by age."""
    return any(value.youngest is not None for value in catalogue.dimensions[name].values)


def finest(catalogue: Catalogue, key: Key) -> Key:
    """A key without what its finer values say anyway."""
    implied = {name for dim, _value in key for name in chain(catalogue, dim)[1:]}
    return tuple(pair for pair in key if pair[0] not in implied)


def frames(told: Told, measure: str) -> tuple[list[Frame], list[tuple[int, int]]]:
    """The frames of a measure in one release, and the pairs of them that agree on what they share (a tree)."""
    catalogue = told.catalogue
    groupings: dict[tuple[str, ...], int] = {}
    for table in catalogue.tables:
        if table.measure == measure and not table.derived:
            names = tuple(sorted(table.names))
            groupings[names] = max(groupings.get(names, 0), len(table.levels) - 1)
    overlapping = {names for names in groupings if any(catalogue.dimensions[name].overlap for name in names)}
    plain = _merged(catalogue, [Frame(_tips(catalogue, n), depth) for n, depth in groupings.items() if n not in overlapping])
    plain = plain or [Frame((), max(groupings.values(), default=0))]
    found = list(plain)
    for names in sorted(overlapping):
        for name in names:
            if catalogue.dimensions[name].overlap:
                found += [Frame(names, groupings[names], (name, value.code)) for value in catalogue.dimensions[name].values]
    return found, _tree(catalogue, plain)


def _tips(catalogue: Catalogue, names: Iterable[str]) -> tuple[str, ...]:
    held = set(names)
    implied = {above for name in held for above in chain(catalogue, name)[1:]}
    return tuple(sorted(held - implied))


def _vertices(catalogue: Catalogue, frame: Frame) -> frozenset[str]:
    return frame.names(catalogue) | {f"@{depth}" for depth in range(frame.depth + 1)}


def _merged(catalogue: Catalogue, edges: list[Frame]) -> list[Frame]:
    """Joins the groupings of every ring until none is left; two dimensions by age look at one and the same thing."""
    by_age = [edge for edge in edges if any(banded_in(catalogue, name) for name in edge.dims)]
    if len({name for edge in by_age for name in edge.dims if banded_in(catalogue, name)}) > 1:
        joined = Frame(_tips(catalogue, {name for edge in by_age for name in edge.dims}), max(edge.depth for edge in by_age))
        edges = [*(edge for edge in edges if edge not in by_age), joined]
    while True:
        edges = _largest(catalogue, edges)
        ring = _ring([_vertices(catalogue, edge) for edge in edges])
        if not ring:
            return edges
        joined = Frame(_tips(catalogue, {d for n in ring for d in edges[n].dims}), max(edges[n].depth for n in ring))
        edges = [edge for number, edge in enumerate(edges) if number not in ring] + [joined]


def _largest(catalogue: Catalogue, edges: Sequence[Frame]) -> list[Frame]:
    unique = list(dict.fromkeys(edges))
    sets = [_vertices(catalogue, edge) for edge in unique]
    return [edge for edge, own in zip(unique, sets, strict=True) if not any(own < other for other in sets)]


def _ring(sets: Sequence[frozenset[str]]) -> set[int]:
    """The edges that the reduction cannot take away."""
    left = {number: set(own) for number, own in enumerate(sets)}
    while True:
        before = sum(len(own) + 1 for own in left.values())
        for number in left:
            others: set[str] = set().union(*(own for n, own in left.items() if n != number))
            left[number] &= others
        for number in list(left):
            if any(left[number] <= other for n, other in left.items() if n != number) or not left[number]:
                del left[number]
        if sum(len(own) + 1 for own in left.values()) == before:
            return set(left)


def _tree(catalogue: Catalogue, found: Sequence[Frame]) -> list[tuple[int, int]]:
    """A spanning tree by what two frames share, the most first: for groupings without a ring it is their junction tree."""
    sets = [_vertices(catalogue, frame) for frame in found]
    pairs = sorted(combinations(range(len(found)), 2), key=lambda pair: -len(sets[pair[0]] & sets[pair[1]]))
    root = list(range(len(found)))

    def top(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    tree = []
    for one, other in pairs:
        if top(one) != top(other):
            root[top(one)] = top(other)
            tree.append((one, other))
    return tree


def shared(catalogue: Catalogue, held: Sequence[Sequence[Frame]], without: frozenset[str] = frozenset()) -> list[Frame]:
    """The largest joint tables that one of each list of frames holds, dimensions of `without` left out."""
    parts: set[tuple[frozenset[str], int, tuple[str, str] | None]] | None = None
    for frames_ in held:
        own = {(frame.names(catalogue) - without, frame.depth, frame.alone) for frame in frames_}
        own = {part for part in own if part[2] is None or part[2][0] in part[0]}
        pairs = [(a, b) for a in parts or own for b in own if a[2] == b[2]]
        parts = own if parts is None else {(a[0] & b[0], min(a[1], b[1]), a[2]) for a, b in pairs}
    every = parts or set()
    largest = [a for a in every if not any(a != b and a[2] == b[2] and a[0] <= b[0] and a[1] <= b[1] for b in every)]
    found = [Frame(_tips(catalogue, names), depth, alone) for names, depth, alone in largest]
    return sorted(found, key=lambda frame: (frame.dims, frame.depth, frame.alone or ("", "")))
