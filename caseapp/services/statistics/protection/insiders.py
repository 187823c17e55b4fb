"""Who knows a part of the numbers beforehand: each station its own, each contractor those of all its stations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from caseapp.services.statistics.protection.numbers import Whole


@dataclass(frozen=True)
class Insiders:
    """`names`: ("station" or "contractor", id); `holds`: the numbers of the stations of each; `of`: the insiders of each station."""

    names: tuple[tuple[str, str], ...]
    holds: tuple[Whole, ...]
    of: tuple[tuple[int, ...], ...]
    _seen: dict[bytes, tuple[Whole, Any]] = field(default_factory=dict, compare=False, repr=False)

    def within(self, stations: Whole) -> tuple[Whole, Any]:
        """The insiders who have one of some stations, and a matrix that says which of these each has."""
        mark = stations.tobytes()
        if mark not in self._seen:
            pairs = [(insider, place) for place, station in enumerate(stations.tolist()) for insider in self.of[station]]
            who, row = np.unique(np.array([insider for insider, _place in pairs], dtype=np.int64), return_inverse=True)
            column = np.array([place for _insider, place in pairs], dtype=np.int64)
            told = (np.ones(len(pairs), dtype=np.int64), (row, column))
            self._seen[mark] = (who, sparse.csr_array(told, shape=(len(who), len(stations))))
        return self._seen[mark]

    def touched(self, stations: Sequence[int]) -> frozenset[int]:
        """Those whose own numbers a change at these stations would contradict."""
        return frozenset(insider for station in stations for insider in self.of[station])


def insiders(stations: Sequence[tuple[str, str]], contractors: Mapping[str, str]) -> Insiders:
    """Of all stations that facts name; a contractor of one station only knows what the station knows."""
    held: dict[tuple[str, str], list[int]] = {}
    for number, (_area, station) in enumerate(stations):
        if station:
            held.setdefault(("station", station), []).append(number)
            if station in contractors:
                held.setdefault(("contractor", contractors[station]), []).append(number)
    single = {tuple(own) for (kind, _id), own in held.items() if kind == "station"}
    known = {name: own for name, own in held.items() if name[0] == "station" or tuple(own) not in single}
    of: list[list[int]] = [[] for _station in stations]
    for number, own in enumerate(known.values()):
        for place in own:
            of[place].append(number)
    return Insiders(tuple(known), tuple(np.array(own) for own in known.values()), tuple(map(tuple, of)))
