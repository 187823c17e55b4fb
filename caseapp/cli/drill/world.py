"""An invented province for figures, in memory: people who come, age and leave, and what is done for them, as facts; seeded."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from caseapp.core.periods import Quarter
from caseapp.queries.statistics.places import Node
from caseapp.reference.statistics import Catalogue, Dimension, key_of
from caseapp.services.statistics.cells import Fact

Dims = dict[str, str | list[str]]  # dimension → value, or the values of one that overlaps
Thing = tuple[int, int, int, Dims]  # station, person, how much, what it is divided by

RATES = {  # things a quarter for each person on file
    "visits": 2.2, "services": 1.6, "consultations": 0.5, "hours": 1.0, "assessments": 0.3, "referrals": 0.08,
    "aid_requests": 0.05, "resident_requests": 0.12, "disability_needs": 0.05,
}  # fmt: skip
AGES = ((8, 5), (40, 12), (65, 33), (75, 32), (85, 18))  # about so old, in so many of a hundred


@dataclass
class Person:
    """Somebody on file at a station."""

    number: int
    station: int
    born: int  # in quarters
    sex: str
    groups: list[str]
    left: bool = False


@dataclass
class Case:
    """A case and its domain."""

    person: Person
    dims: Dims


@dataclass(frozen=True)
class Size:
    """How large a province is; persons a station by the mean, `spread` the factor between small and large ones."""

    counties: int = 3
    townships: int = 4
    stations: int = 1  # of a township
    persons: int = 60
    spread: float = 3.0
    cities: int = 1


@dataclass
class World:
    """Its places, its stations with who runs them, and its people through time."""

    catalogue: Catalogue
    size: Size
    seed: int
    same: str = ""  # a dimension in which everybody is alike
    nodes: list[Node] = field(default_factory=list)
    stations: list[tuple[str, str]] = field(default_factory=list)  # (township, station)
    contractors: dict[str, str] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._now = 2025 * 4
        self._weights: dict[str, list[float]] = {}
        self._places()
        for station in range(len(self.stations)):
            mean = self.size.persons * self._dice.uniform(1 / self.size.spread, 2 - 1 / self.size.spread)
            for _person in range(max(1, round(self._dice.gauss(mean, mean / 8)))):
                self._come(station)

    def quarter(self, quarter: Quarter) -> list[Fact]:
        """The facts of one quarter; called for one after the other."""
        self._now = quarter.year * 4 + quarter.number
        things: dict[str, list[Thing]] = defaultdict(list)
        self._pass(things)
        for person in self.people:
            common: Dims = {"age_band": self._band(person), "sex": person.sex, "group": person.groups}
            things["on_file"].append((person.station, person.number, 1, common))
            self._work(person, common, things)
        for measure in self.catalogue.linked():
            self._more(measure, things)
        return [fact for measure in self.catalogue.linked() for fact in self._facts(measure, str(quarter), things[measure])]

    def _places(self) -> None:
        size = self.size
        self.nodes.append(Node("10", "Province", "province", "/10/", None))
        for city in range(size.cities):
            self.nodes.append(Node(f"10{city:02}", f"City {city}", "city", f"/10/{city:02}/", "10"))
        for county in range(size.counties):
            above = f"10{county % size.cities:02}"
            code = f"{above}{county:02}"
            self.nodes.append(Node(code, f"County {county}", "county", f"/10/{above[2:]}/{county:02}/", above))
            for township in range(size.townships):
                below = f"{code}{township:03}"
                self.nodes.append(Node(below, below, "township", f"/10/{above[2:]}/{county:02}/{township:03}/", code))
                for number in range(size.stations):
                    self.stations.append((below, f"{below}-{number}"))
                    if self._dice.random() < 0.4:
                        self.contractors[f"{below}-{number}"] = f"{code}{self._dice.choice('xy')}"

    def _come(self, station: int) -> Person:
        years = self._dice.choices([age for age, _share in AGES], [share for _age, share in AGES])[0] + self._dice.randrange(
            -7, 8
        )
        person = Person(
            len(self.people),
            station,
            self._now - 4 * years - self._dice.randrange(4),
            self._dice.choice("12"),
            self._groups(years),
        )
        self.people.append(person)
        return person

    def _groups(self, years: int) -> list[str]:
        if "group" not in self.catalogue.dimensions:
            return []
        fitting = [v.code for v in self.catalogue.dimensions["group"].values if not v.ages or self._band_of(years) in v.ages]
        return self._dice.sample(fitting, min(len(fitting), self._dice.choice((0, 0, 0, 1, 1, 2))))

    def _pass(self, things: dict[str, list[Thing]]) -> None:
        """Who left, who came, which cases ended and began."""
        for person in [p for p in self.people if self._dice.random() < 0.02]:
            person.left = True
            things["ended"].append((person.station, person.number, 1, self._drawn("ended", {"age_band": self._band(person)})))
        going, staying = list[Case](), list[Case]()
        for case in self.cases:
            (going if case.person.left or self._dice.random() < 0.4 else staying).append(case)
        self.cases = staying
        for case in going:
            things["cases_closed"].append((case.person.station, case.person.number, 1, self._drawn("cases_closed", case.dims)))
        self.people = [person for person in self.people if not person.left]
        for station in range(len(self.stations)):
            for _new in range(self._dice.choice((0, 1, 1, 2, 3, 6))):
                person = self._come(station)
                things["enrolled"].append((station, person.number, 1, {"age_band": self._band(person)}))
        for number, person in enumerate(self.people):
            person.number = number
            if self._dice.random() < 0.06:
                case = Case(person, self._drawn("cases_opened", {}))
                self.cases.append(case)
                things["cases_opened"].append((person.station, number, 1, case.dims))
        for case in self.cases:
            dims = self._drawn("cases_active", case.dims)
            things["cases_active"].append((case.person.station, case.person.number, 1, dims))

    def _work(self, person: Person, common: Dims, things: dict[str, list[Thing]]) -> None:
        met = False
        for measure, rate in RATES.items():
            if measure not in ("consultations", "resident_requests"):
                for _thing in range(self._many(rate)):
                    dims = self._drawn(measure, common)
                    met = met or (measure == "visits" and dims.get("outcome") == "done")
                    minutes = 15 * self._dice.randrange(1, 9)
                    things[measure].append((person.station, person.number, minutes if measure == "hours" else 1, dims))
        if met:
            things["visited"].append((person.station, person.number, 1, common))
        if person.groups:
            things["duty"] += [(person.station, person.number, 1, {"met": "met" if met else "not_met"})] * 3

    def _more(self, measure: str, things: dict[str, list[Thing]]) -> None:
        """What does not follow from the rest: things of nobody on file, and persons once."""
        if measure in things or measure in ("on_file", "enrolled", "ended"):
            return
        chance = {"ability": 0.2, "guardianship": 0.05}.get(measure, RATES.get(measure, 0.0))
        for person in self.people:
            if self._dice.random() < chance:
                things[measure].append((person.station, person.number, 1, self._drawn(measure, {})))

    def _drawn(self, measure: str, common: Dims) -> Dims:
        """What is given, and the rest of a measure's dimensions by chance, a coarser one as the finer says."""
        dims = dict(common)
        names = {name for names in self.catalogue.groupings(measure) for name in names}
        for name in sorted(names, key=lambda name: (-len(self._chain(name)), name)):
            if name not in dims:
                dimension = self.catalogue.dimensions[name]
                dims[name] = self._one(dimension)
            for below, above in zip(self._chain(name), self._chain(name)[1:], strict=False):
                value = self.catalogue.dimensions[below].value(str(dims[below]))
                dims[above] = str(value.parent) if value else ""
        return dims

    def _chain(self, name: str) -> list[str]:
        within = self.catalogue.dimensions[name].within
        return [name, *(self._chain(within) if within else ())]

    def _one(self, dimension: Dimension) -> str:
        if dimension.code == self.same:
            return dimension.values[0].code
        if dimension.code not in self._weights:
            order = random.Random(dimension.code).sample(range(len(dimension.values)), len(dimension.values))
            self._weights[dimension.code] = [1 / (1 + place) ** 1.3 for place in order]
        return self._dice.choices(dimension.values, self._weights[dimension.code])[0].code

    def _many(self, rate: float) -> int:
        return int(self._dice.expovariate(1 / rate) + 0.5) if rate >= 0.3 else int(self._dice.random() < rate)

    def _band(self, person: Person) -> str:
        return self._band_of((self._now - person.born) // 4)

    def _band_of(self, years: int) -> str:
        bands = [band for band in self.catalogue.dimensions["age_band"].values if band.youngest is not None]
        return next(b.code for b in bands if b.oldest is None or years <= b.oldest)

    def _facts(self, measure: str, period: str, things: Sequence[Thing]) -> Iterator[Fact]:
        for names in self.catalogue.groupings(measure):
            values: Counter[tuple[int, tuple[str, ...]]] = Counter()
            by_person: dict[tuple[int, tuple[str, ...]], Counter[int]] = defaultdict(Counter)
            read: Callable[[Dims], list[tuple[str, ...]]] = _reader(self.catalogue, names)
            for station, person, much, dims in things:
                for codes in read(dims):
                    values[station, codes] += much
                    by_person[station, codes][person] += much
            for at, value in sorted(values.items()):
                township, station_code = self.stations[at[0]]
                key = key_of(dict(zip(names, at[1], strict=True)))
                held = by_person[at]
                yield Fact(measure, period, township, key, value, len(held), station_code, max(held.values()))


def _reader(catalogue: Catalogue, names: tuple[str, ...]) -> Callable[[Dims], list[tuple[str, ...]]]:
    if not any(catalogue.dimensions[name].overlap for name in names):
        return lambda dims: [tuple(str(dims[name]) for name in names)]
    return lambda dims: [(value,) for value in dims[names[0]]]
