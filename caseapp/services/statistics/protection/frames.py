"""Frames: the finest joint groupings of a measure that protection works with, and how published keys are sums of their atoms."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from caseapp.reference.statistics import Catalogue, key_of

Mask = NDArray[np.bool_]


def read_key(key: str) -> dict[str, str]:
    """Dimension → code of a key; nothing for the total."""
    return dict(part.split("=", 1) for part in key.split(";")) if key else {}


@dataclass(frozen=True)
class Frame:
    """One frame of a measure: an atom is one of its keys at one station."""

    catalogue: Catalogue
    measure: str
    dims: tuple[str, ...]

    @cached_property
    def told(self) -> list[dict[str, str]]:
        """What each atom says: its values and the coarser ones that hold them."""
        found = []
        for values in product(*(self.catalogue.dimensions[name].values for name in self.dims)):
            told = {}
            for name, value in zip(self.dims, values, strict=True):
                told[name] = value.code
                coarser, parent = self.catalogue.dimensions[name].within, value.parent
                while coarser and parent:
                    told[coarser] = parent
                    above = self.catalogue.dimensions[coarser]
                    held = above.value(parent)
                    coarser, parent = above.within, held.parent if held else None
            found.append(told)
        return found

    @cached_property
    def keys(self) -> list[str]:
        """The key of each atom."""
        return [key_of({name: told[name] for name in self.dims}) for told in self.told]

    @cached_property
    def says(self) -> frozenset[str]:
        """The dimensions by which its atoms can be summed."""
        return frozenset(self.told[0]) if self.told else frozenset()

    @cached_property
    def overlaps(self) -> bool:
        """Whether one person may be in two of its atoms, so that they do not add up to the total."""
        return any(self.catalogue.dimensions[name].overlap for name in self.dims)

    def mask(self, wanted: dict[str, str]) -> Mask | None:
        """Which atoms a key is the sum of; None when the frame cannot say it."""
        if not wanted.keys() <= self.says or (self.overlaps and not set(self.dims) <= wanted.keys()):
            return None
        return np.array([all(told[name] == code for name, code in wanted.items()) for told in self.told], dtype=bool)


def frames(catalogue: Catalogue, measure: str) -> list[Frame]:
    """The frames of a measure as the catalogue states them."""
    return [Frame(catalogue, measure, dims) for dims in catalogue.frames(measure)]


def agreements(one: Frame, other: Frame) -> list[tuple[Mask, Mask]]:
    """Sums that two frames of a measure share: the same people are counted in both."""
    if one.overlaps or other.overlaps:
        return []
    names = sorted(one.says & other.says)
    shared = list(dict.fromkeys(tuple(told[name] for name in names) for told in (*one.told, *other.told)))
    found = []
    for codes in shared:
        wanted = dict(zip(names, codes, strict=True))
        here, there = one.mask(wanted), other.mask(wanted)
        if here is not None and there is not None:
            found.append((here, there))
    return found
