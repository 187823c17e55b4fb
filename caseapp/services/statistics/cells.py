"""From facts to the cells of a release: summed over areas, protected measure by measure, derived figures last."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from caseapp.reference.statistics import Catalogue, TableKind, key_of
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection import Cell, Key, Sum, protect
from caseapp.services.statistics.sums import sums

HIDDEN, NOTHING = "*", "-"  # not shown; nothing to divide by


@dataclass(frozen=True)
class Fact:
    """One true number as the refresh left it."""

    measure: str
    period: str
    area: str
    key: str  # of its cell
    value: int
    persons: int
    station: str = ""  # whose own raw data hold it
    largest: int = 0  # the greatest part of one person


@dataclass(frozen=True)
class Published:
    """One cell of the release: what everybody with a right to the area may see."""

    table: TableKind
    area: Area
    dims: dict[str, str]  # dimension → code, empty for the total
    shown: str

    @property
    def dims_key(self) -> str:
        """The key of its cell."""
        return key_of(self.dims)


@dataclass(frozen=True)
class Protected:
    """What protection gives back: every cell in the order of the catalogue and of the tree, and what proves it."""

    cells: list[Published]
    certificate: bytes = b""  # witness tables, compressed; with the truth they reveal it


@dataclass
class Linked:
    """The cells of one measure with the sums that tie them, and what of them is not shown."""

    cells: dict[Key, Cell]
    equations: list[Sum]
    hidden: set[Key] = field(default_factory=set)

    def protect(self, also: Iterable[Key] = ()) -> None:
        """Hides what must be, and what is asked for."""
        self.hidden = protect(self.cells, self.equations, also)

    def shown(self, key: Key) -> str:
        """What everybody sees of a cell."""
        return HIDDEN if key in self.hidden else str(self.cells[key].value)


Numbers = dict[Key, list[int]]


def publish(
    catalogue: Catalogue, period: str, areas: Sequence[Area], chains: dict[str, list[str]], facts: Iterable[Fact]
) -> Protected:
    """Every cell of every table, in the order of the catalogue and of the tree."""
    by_measure: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_measure[fact.measure].append(fact)
    linked = {}
    for measure, tables in catalogue.linked().items():
        numbers = _sum((fact for fact in by_measure[measure] if fact.period == period), chains)
        linked[measure] = Linked(_cells(catalogue, tables, areas, numbers), sums(tables, areas))
        linked[measure].protect()
    for pair in catalogue.balances:
        _balance([linked[measure] for measure in pair.flows])
    rates = _rates([fact for fact in by_measure["duty"] if fact.period != period], chains)
    cells = [
        Published(
            table,
            area,
            dims,
            _derived(linked["duty"], rates, area) if table.derived else linked[table.measure].shown((area.code, key_of(dims))),
        )
        for table in catalogue.tables
        for area in areas
        if area.level in table.levels
        for dims in ({}, *(table.dims(*(value.code for value in values)) for values in table.cells()))
    ]
    return Protected(cells)


def _balance(flows: Sequence[Linked]) -> None:
    """What came and what went are hidden together: the stock at two ends tells their difference."""
    wanted: set[Key] = set()
    while True:
        wanted |= {key for flow in flows for key in flow.hidden if all(key in other.cells for other in flows)}
        behind = [flow for flow in flows if wanted - flow.hidden]
        if not behind:
            return
        for flow in behind:
            flow.protect(wanted)


def _sum(facts: Iterable[Fact], chains: dict[str, list[str]]) -> Numbers:
    found: Numbers = defaultdict(lambda: [0, 0])
    for fact in facts:
        for area in chains.get(fact.area, ()):
            numbers = found[area, fact.key]
            numbers[0] += fact.value
            numbers[1] += fact.persons
    return found


def _cells(catalogue: Catalogue, tables: Sequence[TableKind], areas: Sequence[Area], numbers: Numbers) -> dict[Key, Cell]:
    found: dict[Key, Cell] = {}
    for table in tables:
        least = {"": table.least(threshold=catalogue.threshold)}
        for values in table.cells():
            least[table.dims_key(*(value.code for value in values))] = table.least(values)
        for area in areas:
            if area.level in table.levels:
                for key, k in least.items():
                    value, persons = numbers.get((area.code, key), (0, 0))
                    found[area.code, key] = Cell(
                        value, persons, catalogue.contributors if table.magnitude else k, table.magnitude
                    )
    return found


def _rates(monthly: Iterable[Fact], chains: dict[str, list[str]]) -> dict[str, float]:
    """The mean of the months' rates by area, in per cent; months with nobody due do not count."""
    months: dict[str, list[Fact]] = defaultdict(list)
    for fact in monthly:
        months[fact.period].append(fact)
    rates: dict[str, list[float]] = defaultdict(list)
    for _period, facts in sorted(months.items()):
        numbers = _sum(facts, chains)
        for (area, key), (due, _persons) in numbers.items():
            if key == "" and due:
                rates[area].append(100 * numbers.get((area, "met=met"), (0, 0))[0] / due)
    return {area: sum(found) / len(found) for area, found in rates.items()}


def _derived(duty: Linked, rates: dict[str, float], area: Area) -> str:
    """The rate of an area where everything it is made from is shown."""
    if any((area.code, key) in duty.hidden for key in ("", "met=met", "met=not_met")):
        return HIDDEN
    return f"{rates[area.code]:.1f}" if area.code in rates else NOTHING
