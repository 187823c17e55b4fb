"""What of a recount may be published as a correction: pure, from the facts of the release in force and those counted anew.

Whoever holds two releases of a period subtracts them, so that a change is a figure like any other (statistics design, sections 3
and 5). A station's change of measures that are tied is taken over as a whole or not at all, so that figures go on adding up:
it is taken over where in every published area so many people changed, in the eyes of everybody and of each station and
contractor there, that none of them is told. What is not taken over stays as it was and counts in the next period. A cell that
changes by fewer than its threshold is hidden by the correction, and so is what was hidden before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.cells import Fact

Cell = tuple[str, str, str]  # measure, area, key
Unit = tuple[str, str, int]  # area of the facts, station, number of the measures that are tied
Told = tuple[str, str, str]  # period, measure, key
STEP = 2  # a change is not told to within one


@dataclass
class Revision:
    """What a correction takes over.

    `kept` are the units that changed and stay as they were; `taken` those whose change is published; `facts` the true numbers that
    the correction stands on; `changed` the cells to be guarded because of their change: by how much each must be able to rise
    and fall; `same` the cells that do not change, `cells` all others.
    """

    kept: set[Unit]
    taken: set[Unit]
    facts: list[Fact]
    changed: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    same: set[Cell] = field(default_factory=set)
    cells: set[Cell] = field(default_factory=set)


def revise(
    catalogue: Catalogue,
    period: str,
    areas: Sequence[Area],
    chains: Mapping[str, Sequence[str]],
    old: Sequence[Fact],
    new: Sequence[Fact],
    tied: Sequence[Sequence[str]],
    contractors: Mapping[str, str],
    *,
    settle: bool = True,
) -> Revision:
    """Which units a correction takes over, and which cells it must guard.

    `old` and `new` are the facts of the period and its months, `tied` the measures that are protected together, `contractors`
    who runs which station. Without `settle` the new facts are those that a correction stands on already: everything that has changed
    is taken over.
    """
    work = _Work(catalogue, areas, chains, old, new, tied, contractors)
    if settle:
        work.settle()
    facts = [fact for fact in work.old if work.unit(fact) not in work.units]
    facts += [fact for fact in work.new if work.unit(fact) in work.units]
    facts.sort(key=lambda fact: (fact.measure, fact.period, fact.area, fact.station, fact.key))
    found = Revision(work.every - work.units, set(work.units), facts)
    work.cells(period, facts, found)
    return found


class _Work:
    def __init__(
        self,
        catalogue: Catalogue,
        areas: Sequence[Area],
        chains: Mapping[str, Sequence[str]],
        old: Sequence[Fact],
        new: Sequence[Fact],
        tied: Sequence[Sequence[str]],
        contractors: Mapping[str, str],
    ) -> None:
        self.catalogue, self.areas, self.chains, self.contractors = catalogue, areas, chains, contractors
        self.old, self.new = old, new
        self.tables = catalogue.linked()
        self.component = {measure: number for number, measures in enumerate(tied) for measure in measures}
        self.least = {measure: _least(catalogue, tables) for measure, tables in self.tables.items()}
        self.levels = {measure: {level for t in tables for level in t.levels} for measure, tables in self.tables.items()}
        self.level = {area.code: area.level for area in areas}
        self.overlap = {dimension.code for dimension in catalogue.dimensions.values() if dimension.overlap}
        self.moves: dict[Unit, dict[Told, int]] = defaultdict(lambda: defaultdict(int))
        self.largest: dict[tuple[Unit, str], int] = defaultdict(lambda: 1)
        for facts, sign in ((old, -1), (new, 1)):
            for fact in facts:
                if fact.measure in self.component:
                    unit = self.unit(fact)
                    self.moves[unit][fact.period, fact.measure, fact.key] += sign * fact.value
                    self.largest[unit, fact.measure] = max(self.largest[unit, fact.measure], fact.largest)
        self.moves = {unit: _some(told) for unit, told in self.moves.items() if any(told.values())}
        self.every = set(self.moves)
        self.units = set(self.moves)

    def unit(self, fact: Fact) -> Unit:
        """The unit of a fact."""
        return fact.area, fact.station, self.component.get(fact.measure, -1)

    def settle(self) -> None:
        """Leaves units as they were until no change tells of few."""
        while True:
            small = next(self._small(), None)
            if small is None:
                return
            self.units.discard(min(small, key=lambda unit: (sum(map(abs, self.moves[unit].values())), unit)))

    def _small(self) -> Iterator[list[Unit]]:
        """Units that together change something of an area of which too few people can be behind it, in somebody's eyes."""
        for area, component in self._places():
            held = [u for u in sorted(self.units) if u[2] == component and area in self.chains.get(u[0], ())]
            for others in self._eyes(held):
                for (_period, measure), told in _by_measure(self._sum(others)).items():
                    if self.level[area] in self.levels[measure] and not self._is_backed(measure, told, others):
                        yield others

    def _places(self) -> Iterator[tuple[str, int]]:
        for area in reversed(self.areas):  # the smallest first
            for component in sorted({unit[2] for unit in self.units}):
                yield area.code, component

    def _eyes(self, held: Sequence[Unit]) -> Iterator[list[Unit]]:
        """The units of an area, and what is left of them for each insider who has some of them."""
        if held:
            yield list(held)
        for name in sorted({who for unit in held for who in self._knowers(unit)}):
            others = [unit for unit in held if name not in self._knowers(unit)]
            if others:
                yield others

    def _knowers(self, unit: Unit) -> Iterator[tuple[str, str]]:
        yield "station", unit[1]
        if unit[1] in self.contractors:
            yield "contractor", self.contractors[unit[1]]

    def _sum(self, units: Iterable[Unit]) -> dict[Told, int]:
        found: dict[Told, int] = defaultdict(int)
        for unit in units:
            for told, moved in self.moves[unit].items():
                found[told] += moved
        return _some(found)

    def _is_backed(self, measure: str, told: Mapping[str, int], units: Iterable[Unit]) -> bool:
        """Whether at least the threshold's number of people changed: one moves a count by their own part of it at most."""
        most = max(self.largest[unit, measure] for unit in units)
        least = max(self.least[measure].get(key, self.catalogue.threshold) for key in told)
        return max(_moved(told, self.overlap)) > (least - 1) * most

    def cells(self, period: str, facts: Sequence[Fact], found: Revision) -> None:
        """Fills in which published cells change too little to be shown, and which stay as they are."""
        inside: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(self.units):
            for area in self.chains.get(unit[0], ()):
                inside[area].append(unit)
        values: dict[Cell, int] = defaultdict(int)
        for fact in facts:
            if fact.period == period:
                for area in self.chains.get(fact.area, ()):
                    values[fact.measure, area, fact.key] += fact.value
        for measure, least in self.least.items():
            for place in self.areas:
                if place.level not in self.levels[measure]:
                    continue
                held = [unit for unit in inside[place.code] if unit[2] == self.component[measure]]
                eyes = [(self._sum(others), others) for others in self._eyes(held)]
                for key, k in least.items():
                    cell = (measure, place.code, key)
                    moved = [(told.get((period, measure, key), 0), others) for told, others in eyes]
                    if not any(change for change, _others in moved):
                        found.same.add(cell)
                        continue
                    found.cells.add(cell)
                    if any(
                        0 < abs(change) <= (k - 1) * max(self.largest[unit, measure] for unit in others)
                        for change, others in moved
                    ):
                        found.changed[cell] = _amounts(moved[0][0], k, values[cell])


def _amounts(change: int, k: int, value: int) -> tuple[int, int]:
    """(up, down) that a cell must be able to move so that its change may be none to speak of, or the threshold at least."""
    further = max(k - abs(change), STEP)
    return (further, min(value, STEP)) if change > 0 else (STEP, min(value, further))


def _least(catalogue: Catalogue, tables: Sequence[TableKind]) -> dict[str, int]:
    """Key → from how many persons on it is shown."""
    found: dict[str, int] = {}
    for table in tables:
        for values in ((), *table.cells()):
            key = table.dims_key(*(value.code for value in values))
            found[key] = max(found.get(key, 0), table.least(values, catalogue.threshold))
    return found


def _some(told: Mapping[Told, int]) -> dict[Told, int]:
    return {key: moved for key, moved in told.items() if moved}


def _by_measure(told: Mapping[Told, int]) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (period, measure, key), moved in told.items():
        found[period, measure][key] = moved
    return found


def _moved(told: Mapping[str, int], overlap: set[str]) -> Iterator[int]:
    """By how much a measure rose or fell, as each of its groupings tells it."""
    rose: dict[tuple[str, ...], int] = defaultdict(int)
    fell: dict[tuple[str, ...], int] = defaultdict(int)
    for key, moved in told.items():
        names = tuple(part.partition("=")[0] for part in key.split(";") if part)
        if overlap & set(names):  # a person may be in several of them
            rose[key,] = abs(moved)
        elif moved > 0:
            rose[names] += moved
        else:
            fell[names] -= moved
    yield from rose.values()
    yield from fell.values()
