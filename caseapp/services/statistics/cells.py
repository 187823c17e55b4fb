"""From facts to the cells of a release: summed over areas, protected measure by measure, derived figures last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.core.periods import Quarter, read_period
from caseapp.reference.statistics import Catalogue, TableKind, key_of
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection import Asked, Plan, protect

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
    loss: dict[str, Any] = field(default_factory=dict)  # per table and level


def publish(
    catalogue: Catalogue,
    period: str,
    areas: Sequence[Area],
    chains: Mapping[str, Sequence[str]],
    facts: Iterable[Fact],
    asked: Asked | None = None,
) -> Protected:
    """Every cell of every table, in the order of the catalogue and of the tree.

    `facts` are those of the period and its months, and of the period before where `asked` names that; `asked` says against
    whom and with which secret. Raises Conflict where facts do not add up, or where earlier releases
    leave no room.
    """
    held = list(facts)
    plan = protect(catalogue, period, areas, chains, held, asked or Asked())
    span = read_period(period)
    months = {name for name, _first, _last in span.months()} if isinstance(span, Quarter) else {period}
    rates = _rates([fact for fact in held if fact.measure == "duty" and fact.period in months], chains)
    cells = [
        Published(
            table,
            area,
            dims,
            _derived(plan, rates, area) if table.derived else _shown(plan, table.measure, area.code, key_of(dims)),
        )
        for table, area, dims in places(catalogue, areas)
    ]
    return Protected(cells, plan.certificate, plan.loss)


def places(catalogue: Catalogue, areas: Sequence[Area]) -> Iterator[tuple[TableKind, Area, dict[str, str]]]:
    """Every cell of every table, without what it shows."""
    for table in catalogue.tables:
        for area in areas:
            if area.level in table.levels:
                yield table, area, {}
                for values in table.cells():
                    yield table, area, table.dims(*(value.code for value in values))


def nothing(catalogue: Catalogue, areas: Sequence[Area]) -> list[Published]:
    """The cells of a period that is not out: to whoever attacks, one of which everything is hidden."""
    return [Published(table, area, dims, HIDDEN) for table, area, dims in places(catalogue, areas)]


def _shown(plan: Plan, measure: str, area: str, key: str) -> str:
    return HIDDEN if (measure, area, key) in plan.hidden else str(plan.values[measure, area, key])


def _sum(facts: Iterable[Fact], chains: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for fact in facts:
        for area in chains.get(fact.area, ()):
            found[area, fact.key] += fact.value
    return found


def _rates(monthly: Iterable[Fact], chains: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The mean of the months' rates by area, in per cent; months with nobody due do not count."""
    months: dict[str, list[Fact]] = defaultdict(list)
    for fact in monthly:
        months[fact.period].append(fact)
    rates: dict[str, list[float]] = defaultdict(list)
    for _period, facts in sorted(months.items()):
        numbers = _sum(facts, chains)
        for (area, key), due in numbers.items():
            if key == "" and due:
                rates[area].append(100 * numbers.get((area, "met=met"), 0) / due)
    return {area: sum(found) / len(found) for area, found in rates.items()}


def _derived(plan: Plan, rates: dict[str, float], area: Area) -> str:
    """The rate of an area where everything it is made from is shown."""
    if any(("duty", area.code, key) in plan.hidden for key in ("", "met=met", "met=not_met")):
        return HIDDEN
    return f"{rates[area.code]:.1f}" if area.code in rates else NOTHING
