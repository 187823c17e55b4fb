"""Halves and years: shown cells of their quarters, added. They are no releases of their own and tell nothing that is not out."""

from collections.abc import Mapping, Sequence

from caseapp.reference.statistics import Catalogue, TableKind
from caseapp.services.statistics.cells import HIDDEN

Shown = Mapping[tuple[str, str, str], str]  # (table, area, key) → digits or the mark


def adds_up(catalogue: Catalogue, table: TableKind) -> bool:
    """Whether a table has a half at all: sums do, a stock is that of the last quarter; persons may come twice, rates do not add."""
    return not table.derived and catalogue.over_time(table.measure) != "distinct"


def add_up(catalogue: Catalogue, table: TableKind, quarters: Sequence[Shown]) -> dict[tuple[str, str], str]:
    """(area, key) → the sum of a table over quarters in their order, each of which must be there; hidden where one part is.

    Of a stock the last quarter's cell. Only cells that every quarter has. ValueError for a table that does not add up.
    """
    if not adds_up(catalogue, table):
        raise ValueError(f"{table.code} does not add up over time")
    if catalogue.over_time(table.measure) == "stock":
        quarters = quarters[-1:]
    own = [{(area, key): shown for (code, area, key), shown in told.items() if code == table.code} for told in quarters]
    return {
        cell: HIDDEN if HIDDEN in parts else str(sum(map(int, parts)))
        for cell in own[0]
        if all(cell in told for told in own)
        for parts in ([told[cell] for told in own],)
    }
