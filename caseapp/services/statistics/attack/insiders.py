"""Insiders: a station, or all stations of one contractor, with their own true numbers. A head's live screen shows no more."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.services.statistics.attack.reduce import Reduced
from caseapp.services.statistics.attack.score import Limits, Target
from caseapp.services.statistics.attack.solve import Insider
from caseapp.services.statistics.attack.truth import Numbers, Truth

NONE = (0, 0, 0)


@dataclass(frozen=True)
class Knower:
    """Who knows: the stations whose data lie open to somebody."""

    name: str
    stations: tuple[str, ...]


def everybody(truth: Truth, contractors: Mapping[str, str]) -> list[Knower]:
    """Every station by itself, and every contractor that runs more than one."""
    run: dict[str, list[str]] = defaultdict(list)
    for station in truth.stations:
        if station in contractors:
            run[contractors[station]].append(station)
    alone = [Knower(f"station {station}", (station,)) for station in truth.stations]
    return alone + [Knower(f"contractor {name}", tuple(held)) for name, held in sorted(run.items()) if len(held) > 1]


def chosen(every: Sequence[Knower], shares: Mapping[str, float], sampled: int, riskiest: int, seed: int) -> list[Knower]:
    """All where there are few; else the riskiest, who hold the greatest share of what is hidden, and a sample of the others."""
    if len(every) <= sampled + riskiest:
        return list(every)
    order = sorted(every, key=lambda knower: (-shares[knower.name], knower.name))
    rest = order[riskiest:]
    return order[:riskiest] + random.Random(seed).sample(rest, min(sampled, len(rest)))  # noqa: S311 a sample, no secret


class Knowledge:
    """What one insider adds to the system."""

    def __init__(self, reduced: Reduced, truth: Truth, knower: Knower) -> None:
        self._reduced = reduced
        self.own: dict[int, Numbers] = {n: truth.own(n, knower.stations) for n in range(len(truth.cells))}

    def insider(self) -> Insider:
        """For the solver."""
        return Insider(self._least, self._moved)

    def _least(self, atom: int) -> int:
        block, _frame, area, key = self._reduced.system.lattice.atoms[atom]
        return self.own[block.told.number].get((block.measure, block.period, area, key), NONE)[0]

    def _moved(self, row: Any) -> int:
        """A rule holds for the others by themselves as well, so the own slack of an inequality is nobody else's."""
        own = 0
        for sign, (block, area, key) in row.terms:
            own += sign * self.own[block.told.number].get((block.measure, block.period, area, key), NONE)[0]
        return max(0, -own)

    def components(self) -> set[int]:
        """Those in which the insider knows something of an unknown."""
        return {
            number
            for number, component in enumerate(self._reduced.components)
            if any(self._least(atom) for atoms in component.columns for atom in atoms)
        }

    def targets(self, truth: Truth, limits: Mapping[int, Limits], among: Collection[int]) -> list[Target]:
        """Hidden cells that reach into some components, or that anybody can reckon, where the rest beside the own is small."""
        found = []
        touched = {number for component in among for number in self._reduced.components[component].targets}
        touched |= {number for number, (_at, _known, parts) in enumerate(self._reduced.cells) if not parts}
        for number in sorted(touched):
            block, area, key = self._reduced.cells[number][0]
            place = (block.measure, block.period, area, key)
            if place not in block.told.cells:
                continue  # only the difference of two tables
            numbers = truth.cells[block.told.number].get(place, NONE)
            own = self.own[block.told.number].get(place, NONE)
            target = limits[block.told.number].target(number, block.measure, key, numbers, own)
            if target:
                found.append(target)
        return found
