"""Keys of cells as arrays: the values of some dimensions in order, and which of them are parts of a coarser key."""

from collections.abc import Sequence
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from caseapp.reference.statistics import Catalogue, key_of

Names = tuple[str, ...]


class Grid:
    """Every key of some dimensions, in the order of the catalogue."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self.catalogue, self.names = catalogue, names
        dimensions = [catalogue.dimensions[name] for name in names]
        self.values = list(product(*(dimension.values for dimension in dimensions)))
        self.keys = [key_of({n: v.code for n, v in zip(names, values, strict=True)}) for values in self.values]
        self.place = {key: number for number, key in enumerate(self.keys)}

    @cached_property
    def overlap(self) -> frozenset[str]:
        """Dimensions in which one person may have several values."""
        return frozenset(name for name in self.names if self.catalogue.dimensions[name].overlap)

    @cached_property
    def closure(self) -> frozenset[str]:
        """Its dimensions and the coarser ones that follow from them."""
        found = set(self.names)
        for name in self.names:
            coarser = self.catalogue.dimensions[name].within
            while coarser:
                found.add(coarser)
                coarser = self.catalogue.dimensions[coarser].within
        return frozenset(found)

    def says(self, names: Sequence[str]) -> bool:
        """Whether its keys add up to those of other dimensions."""
        return self.closure.issuperset(names) and self.overlap.issubset(names)

    def onto(self, coarser: "Grid") -> NDArray[np.int64]:
        """The place in a coarser grid of each of its keys; only where `says` allows."""
        found = []
        for values in self.values:
            told = dict(zip(self.names, (value.code for value in values), strict=True))
            for name, value in zip(self.names, values, strict=True):
                above, parent = self.catalogue.dimensions[name].within, value.parent
                while above and parent:
                    told[above] = parent
                    held = self.catalogue.dimensions[above].value(parent)
                    above, parent = self.catalogue.dimensions[above].within, held.parent if held else None
            found.append(coarser.place[key_of({name: told[name] for name in coarser.names})])
        return np.array(found, dtype=np.int64)


def finest(catalogue: Catalogue, names: frozenset[str]) -> Names:
    """Of some dimensions those that are not coarser than another of them, in the order of the catalogue."""
    implied: set[str] = set()
    for name in names:
        coarser = catalogue.dimensions[name].within
        while coarser:
            implied.add(coarser)
            coarser = catalogue.dimensions[coarser].within
    return tuple(name for name in catalogue.dimensions if name in names - implied)


def fit_together(catalogue: Catalogue, frames: Sequence[Names]) -> bool:
    """Whether frames that agree in pairs always have one common world: they share their dimensions along a tree.

    Beeri, Fagin, Maier, Yannakakis (1983): a hypergraph is acyclic where a spanning tree of the greatest intersections
    weighs as much as the edges together less their union. Frames of groups that overlap add up to nothing and stand apart.
    """
    edges = [grid.closure for grid in (Grid(catalogue, names) for names in frames) if not grid.overlap]
    if not edges:
        return True
    weight, inside, outside = 0, [edges[0]], edges[1:]
    while outside:
        best = max(outside, key=lambda edge: max(len(edge & other) for other in inside))
        weight += max(len(best & other) for other in inside)
        outside.remove(best)
        inside.append(best)
    return weight == sum(map(len, edges)) - len(frozenset().union(*edges))
