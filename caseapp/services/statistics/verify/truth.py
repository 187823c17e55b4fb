"""The truth as arrays: per measure and grouping a row for each station and a column for each key."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.verify.keys import Grid, Names

Whole = NDArray[np.int64]


class Truth:
    """Stations are (fact area, station id) in order; `member` is areas × stations, `held` insider-in-area × stations."""

    def __init__(
        self,
        catalogue: Catalogue,
        areas: Sequence[Any],
        chains: Mapping[str, Sequence[str]],
        facts: Sequence[Any],
        contractors: Mapping[str, str],
        also: Sequence[Any] = (),
    ) -> None:
        self.catalogue = catalogue
        self.codes = [area.code for area in areas]
        self.levels = [area.level for area in areas]
        self.area = {code: number for number, code in enumerate(self.codes)}
        covered = {area for area, chain in chains.items() if chain}
        self.stations = sorted({(f.area, f.station) for held in (facts, also) for f in held if f.area in covered})
        self.station = {name: number for number, name in enumerate(self.stations)}
        self.chain = [[self.area[code] for code in chains[area]] for area, _station in self.stations]
        self.member = self._matrix([(a, s) for s, chain in enumerate(self.chain) for a in chain], len(self.codes))
        self.grids: dict[Names, Grid] = {}
        self._place: dict[str, tuple[Names, int]] = {}
        self._arrays = self._read(facts)
        self._insiders(contractors)

    def _matrix(self, pairs: list[tuple[int, int]], rows: int) -> Any:
        where = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        ones = np.ones(len(where), dtype=np.int64)
        return sparse.csr_array((ones, (where[:, 0], where[:, 1])), shape=(rows, len(self.stations)))

    def _insiders(self, contractors: Mapping[str, str]) -> None:
        """Every station, and every contractor with all of theirs; `pairs` are (insider, area) where one has stations in an area."""
        held: dict[tuple[str, str], list[int]] = {}
        for number, (_area, station) in enumerate(self.stations):
            held.setdefault(("station", station), []).append(number)
            if station in contractors:
                held.setdefault(("contractor", contractors[station]), []).append(number)
        self.insiders = list(held)
        self.of: list[list[int]] = [[] for _station in self.stations]
        for insider, own in enumerate(held.values()):
            for station in own:
                self.of[station].append(insider)
        found: dict[tuple[int, int], list[int]] = {}
        for insider, own in enumerate(held.values()):
            for station in own:
                for area in self.chain[station]:
                    found.setdefault((insider, area), []).append(station)
        self.pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
        self.held = self._matrix([(p, s) for p, own in enumerate(found.values()) for s in own], len(found))

    def grid(self, names: Names) -> Grid:
        """The grid of some dimensions, made once."""
        if names not in self.grids:
            self.grids[names] = Grid(self.catalogue, names)
            self._place |= {key: (names, number) for number, key in enumerate(self.grids[names].keys)}
        return self.grids[names]

    def place(self, key: str) -> tuple[Names, int] | None:
        """(dimensions, place in their grid) of a key; None for one that is not in the catalogue."""
        if key not in self._place:
            names = tuple(part.partition("=")[0] for part in key.split(";")) if key else ()
            if not set(names) <= self.catalogue.dimensions.keys():
                return None
            self.grid(names)
        return self._place.get(key)

    def _read(self, facts: Sequence[Any]) -> dict[tuple[str, Names], Whole]:
        found: dict[tuple[str, Names], Whole] = {}
        for fact in facts:
            station, place = self.station.get((fact.area, fact.station)), self.place(fact.key)
            if station is None or place is None:
                continue  # an area that nothing is published of; a grouping that this issue does not know
            names, number = place
            array = found.get((fact.measure, names))
            if array is None:
                shape = (3, len(self.stations), len(self.grids[names].keys))
                array = found[fact.measure, names] = np.zeros(shape, dtype=np.int64)
            array[:, station, number] += (fact.value, fact.persons, getattr(fact, "largest", 0))
        return found

    def of_measure(self, measure: str, names: Names) -> Whole:
        """(value, persons, largest) × stations × keys; zeros where nothing was counted."""
        array = self._arrays.get((measure, names))
        return np.zeros((3, len(self.stations), len(self.grid(names).keys)), dtype=np.int64) if array is None else array
