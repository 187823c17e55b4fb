"""The true numbers of one period as arrays: what every station holds of every key of every measure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Cell = tuple[str, str, str]  # (measure, area, key)


@dataclass(frozen=True)
class Numbers:
    """`values`, `persons` and `largest`: (measure, key) → one number for each of `stations`, which are (fact area, station id)."""

    stations: tuple[tuple[str, str], ...]
    values: Mapping[tuple[str, str], Whole]
    persons: Mapping[tuple[str, str], Whole]
    largest: Mapping[tuple[str, str], Whole]

    def value(self, measure: str, key: str) -> Whole:
        """What each station counts under a key; zeros where there is no fact."""
        return self._of(self.values, measure, key)

    def person(self, measure: str, key: str) -> Whole:
        """How many persons each station counts under a key."""
        return self._of(self.persons, measure, key)

    def greatest(self, measure: str, key: str) -> Whole:
        """The greatest part of one person at each station."""
        return self._of(self.largest, measure, key)

    def at(self, stations: tuple[tuple[str, str], ...], measure: str, key: str) -> Whole:
        """What others than its own stations count under a key; nothing where they are none of them."""
        place, held = {station: number for number, station in enumerate(self.stations)}, self.value(measure, key)
        return np.array([held[place[station]] if station in place else 0 for station in stations], dtype=np.int64)

    def _of(self, held: Mapping[tuple[str, str], Whole], measure: str, key: str) -> Whole:
        found = held.get((measure, key))
        return np.zeros(len(self.stations), dtype=np.int64) if found is None else found


def read(facts: Iterable[Any], period: str, chains: Mapping[str, Sequence[str]]) -> Numbers:
    """The facts of a period, by station; those of areas that no published area covers are left out."""
    held = [fact for fact in facts if fact.period == period and chains.get(fact.area)]
    stations = tuple(sorted({(fact.area, fact.station) for fact in held}))
    place = {station: number for number, station in enumerate(stations)}
    values: dict[tuple[str, str], Whole] = {}
    persons: dict[tuple[str, str], Whole] = {}
    largest: dict[tuple[str, str], Whole] = {}
    for fact in held:
        where, number = (fact.measure, fact.key), place[fact.area, fact.station]
        if where not in values:
            values[where], persons[where], largest[where] = (np.zeros(len(stations), dtype=np.int64) for _kind in range(3))
        values[where][number] += fact.value
        persons[where][number] += fact.persons
        largest[where][number] = max(largest[where][number], fact.largest)
    return Numbers(stations, values, persons, largest)
