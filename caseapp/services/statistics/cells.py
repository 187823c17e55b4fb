"""From facts to the cells of a release: summed over areas, protected measure by measure, derived figures last."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection import Cell, Key, protect, sums

HIDDEN, NOTHING = "*", "-"  # not shown; nothing to divide by
UNDIVIDED = frozenset({"cases_opened", "cases_active", "cases_closed", "hours", "duty"})  # facts of their own for the total


@dataclass(frozen=True)
class Fact:
    """One true number as the refresh left it."""

    measure: str
    period: str
    area: str
    dims: dict[str, str]
    value: int
    persons: int


@dataclass(frozen=True)
class Published:
    """One cell of the release: what everybody with a right to the area may see."""

    table: TableKind
    area: Area
    value: str  # code of the dimension's value, empty for the total
    shown: str


Numbers = dict[Key, list[int]]


def publish(
    catalogue: Catalogue, period: str, areas: Sequence[Area], chains: dict[str, list[str]], facts: Iterable[Fact]
) -> list[Published]:
    """Every cell of every table, in the order of the catalogue and of the tree."""
    by_measure: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_measure[fact.measure].append(fact)
    shown: dict[tuple[str, Key], str] = {}
    for measure, tables in catalogue.linked().items():
        here = [area for area in areas if area.level in tables[0].levels]
        numbers = _sum((f for f in by_measure[measure] if f.period == period), tables, chains, measure in UNDIVIDED)
        keyed = _cells(catalogue, tables, here, numbers)
        known = {area.code for area in here}
        pairs = [(area.code, area.parent if area.parent in known else None) for area in here]
        dims = [[table.dims_key(value.code) for value in _values(table)] for table in tables]
        hidden = protect(keyed, sums(pairs, dims))
        shown |= {(measure, key): HIDDEN if key in hidden else str(cell.value) for key, cell in keyed.items()}
    monthly = [f for f in by_measure["duty"] if f.period != period]
    rates = _rates(monthly, catalogue, chains)
    return [
        Published(
            table,
            area,
            code,
            _derived(shown, rates, area) if table.derived else shown[table.measure, (area.code, table.dims_key(code))],
        )
        for table in catalogue.tables
        for area in areas
        if area.level in table.levels
        for code in ["", *(value.code for value in _values(table))]
    ]


def _values(table: TableKind) -> Sequence[Any]:
    return table.dimension.values if table.dimension else ()


def _sum(facts: Iterable[Fact], tables: Sequence[TableKind], chains: dict[str, list[str]], undivided: bool) -> Numbers:
    found: Numbers = defaultdict(lambda: [0, 0])
    for fact in facts:
        if undivided:
            keys = [table.dims_key(fact.dims.get(table.dimension.code, "")) for table in tables if table.dimension]
        else:
            keys = ["", *(table.dims_key(fact.dims[table.dimension.code]) for table in tables if table.dimension)]
        for area in chains.get(fact.area, ()):
            for key in keys:
                numbers = found[area, key]
                numbers[0] += fact.value
                numbers[1] += fact.persons
    return found


def _cells(catalogue: Catalogue, tables: Sequence[TableKind], areas: Sequence[Area], numbers: Numbers) -> dict[Key, Cell]:
    found: dict[Key, Cell] = {}
    for table in tables:
        thresholds = {"": catalogue.threshold} | {table.dims_key(value.code): value.k for value in _values(table)}
        for area in areas:
            for key, k in thresholds.items():
                value, persons = numbers.get((area.code, key), (0, 0))
                least = catalogue.contributors if table.magnitude else k
                found[area.code, key] = Cell(value, persons, least, table.magnitude)
    return found


def _rates(monthly: Iterable[Fact], catalogue: Catalogue, chains: dict[str, list[str]]) -> dict[str, float]:
    """The mean of the months' rates by area, in per cent; months with nobody due do not count."""
    table = next(table for table in catalogue.linked()["duty"])
    months: dict[str, list[Fact]] = defaultdict(list)
    for fact in monthly:
        months[fact.period].append(fact)
    rates: dict[str, list[float]] = defaultdict(list)
    for _period, facts in sorted(months.items()):
        numbers = _sum(facts, (table,), chains, undivided=False)
        for (area, key), (due, _persons) in numbers.items():
            if key == "" and due:
                rates[area].append(100 * numbers.get((area, "met=met"), (0, 0))[0] / due)
    return {area: sum(found) / len(found) for area, found in rates.items()}


def _derived(shown: dict[tuple[str, Key], str], rates: dict[str, float], area: Area) -> str:
    """The rate of an area where everything it is made from is shown."""
    base = [shown["duty", (area.code, key)] for key in ("", "met=met", "met=not_met")]
    if HIDDEN in base:
        return HIDDEN
    return f"{rates[area.code]:.1f}" if area.code in rates else NOTHING
