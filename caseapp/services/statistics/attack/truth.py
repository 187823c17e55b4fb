"""What is true: only for saying whether the attacker was right, for what an insider knows, and which rules do not hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from caseapp.services.statistics.attack.read import Key, Told, key_from

Place = tuple[str, str, str, Key]  # measure, period, area, key
Numbers = dict[Place, tuple[int, int, int]]  # value, persons, the greatest part of one person


class Fact(Protocol):
    """A true number of one station; what protects has its own word for it, of which this needs the members below."""

    @property
    def measure(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> int: ...
    @property
    def persons(self) -> int: ...
    @property
    def station(self) -> str: ...
    @property
    def largest(self) -> int: ...


class Truth:
    """The true numbers behind each release, by published area; and those of each station."""

    def __init__(
        self, told: Sequence[Told], facts: Sequence[Iterable[Fact]], chains: Sequence[Mapping[str, Sequence[str]]]
    ) -> None:
        """Facts and chains (fact area → published areas, the deepest first) for each release, oldest first."""
        self._told, self._chains = told, chains
        self._of: list[dict[str, list[Fact]]] = []
        self._keys: dict[str, Key] = {}
        self.cells: list[Numbers] = []
        for release, held, chain in zip(told, facts, chains, strict=True):
            periods = {cell[1] for cell in release.cells}
            wanted = [fact for fact in held if fact.period in periods]
            by_station: dict[str, list[Fact]] = defaultdict(list)
            for fact in wanted:
                by_station[fact.station].append(fact)
            self._of.append(by_station)
            self._rests(release, wanted, chain)
            self.cells.append(self._sum(release, wanted, chain))

    @property
    def stations(self) -> list[str]:
        """Every station that has a number in one of the releases."""
        return sorted({station for held in self._of for station in held if station})

    def own(self, number: int, stations: Collection[str]) -> Numbers:
        """What stations know of a release by their own data."""
        facts = [fact for station in stations for fact in self._of[number].get(station, ())]
        return self._sum(self._told[number], facts, self._chains[number])

    @staticmethod
    def _rests(release: Told, facts: Iterable[Fact], chain: Mapping[str, Sequence[str]]) -> None:
        """Where an area has numbers of its own beside those of its parts, the parts do not add up to it."""
        for area in {chain[fact.area][0] for fact in facts if fact.value and chain.get(fact.area)}:
            if release.parts(area, 99):
                release.add_rest(area)

    def _sum(self, release: Told, facts: Iterable[Fact], chain: Mapping[str, Sequence[str]]) -> Numbers:
        found: dict[Place, list[int]] = {}
        keys = self._keys
        for fact in facts:
            key = keys.get(fact.key)
            if key is None:
                key = keys[fact.key] = key_from(fact.key)
            areas = list(chain.get(fact.area, ()))
            if areas and f"{areas[0]}~" in release.places:
                areas.append(f"{areas[0]}~")
            for area in areas:
                held = found.setdefault((fact.measure, fact.period, area, key), [0, 0, 0])
                held[0] += fact.value
                held[1] += fact.persons
                held[2] = max(held[2], fact.largest)
        return {place: (held[0], held[1], held[2]) for place, held in found.items()}
