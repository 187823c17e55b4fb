"""What makes a catalogue unsafe or unreadable, whatever its numbers will be: refused when it is read."""

from itertools import combinations

from caseapp.reference.files import insist
from caseapp.reference.statistics.kinds import LEVELS, Catalogue, TableKind

CROSSED_FROM = "county"  # two dimensions never meet below it: a township's cells would be a handful of persons
CROSSED_MOST = 40  # cells of one area
MINORS = 10  # the least threshold where everybody is under age


def lint(found: Catalogue, where: str) -> None:
    """Refuses (BrokenReference) a catalogue whose tables would give away what they hide, or that lacks a word."""
    subjects = {subject.code for subject in found.subjects}
    insist(not subjects or all(table.subject in subjects for table in found.tables), f"{where}: a table without a subject")
    for measure, tables in found.linked().items():
        insist(len({table.magnitude for table in tables}) == 1, f"{where}: {measure} is a count here and a magnitude there")
        for one, other in combinations(tables, 2):
            insist(set(one.names) != set(other.names), f"{where}: {one.code} and {other.code} are one table")
        reach = {table.names: len(table.levels) for table in tables}
        for table in tables:
            for dimension in table.dimensions:
                coarser = reach.get((dimension.within or "",))
                insist(not dimension.within or coarser is not None, f"{where}: {table.code} needs a table by {dimension.within}")
            if table.crossed:
                _crossed(table, reach, where)
    known = {table.measure for table in found.tables}
    insist(all({*pair.flows} <= known for pair in found.balances), f"{where}: a balance of unknown measures")
    if found.measures:
        _measures(found, known, where)
        _minors(found, where)


def _crossed(table: TableKind, reach: dict[tuple[str, ...], int], where: str) -> None:
    insist(len(table.levels) <= LEVELS.index(CROSSED_FROM) + 1, f"{where}: {table.code} is too detailed below {CROSSED_FROM}")
    insist(sum(1 for _cell in table.cells()) <= CROSSED_MOST, f"{where}: {table.code} has too many cells")
    insist(not table.months, f"{where}: {table.code} is too detailed for months")
    for dimension in table.dimensions:
        # its margins must be cells that the protection sees
        insist(reach.get((dimension.code,), 0) >= len(table.levels), f"{where}: {table.code} needs a table by {dimension.code}")
        insist(dimension.within is None, f"{where}: {table.code} crosses {dimension.code}, which is a part of another")


def _measures(found: Catalogue, known: set[str], where: str) -> None:
    insist(known == found.measures.keys(), f"{where}: measures without a word, or of no table: {known ^ found.measures.keys()}")
    stocks = {code for code, measure in found.measures.items() if measure.over_time == "stock"}
    insist(all(pair.stock in stocks for pair in found.balances), f"{where}: a balance without its stock")
    for pair in found.balances:
        told = {bool(_monthly(found, measure)) for measure in (*pair.flows, pair.stock)}
        # of three of which two are told anybody reckons the third, which nothing would guard
        insist(len(told) == 1, f"{where}: of {pair.stock} and what came and went some is told by month and some not")
    for rule in found.never_more:
        insist({rule.small, rule.large} <= known, f"{where}: a comparison of unknown measures")
    for table in found.tables:
        insist(found.measures[table.measure].counts in found.words, f"{where}: {table.code} counts what no word explains")
        insist(set(table.also_sensitive) <= set(table.names), f"{where}: {table.code} is sensitive in what it is not divided by")
        if not table.months:
            continue
        reach = min(len(table.levels), LEVELS.index(CROSSED_FROM) + 1)
        insist(len(table.months) <= reach, f"{where}: the months of {table.code} reach too deep")
        moves = [d.code for d in table.dimensions if d.at_end and found.over_time(table.measure) == "sum"]
        # months by something that changes in between would almost add up, and tell who changed
        insist(not moves, f"{where}: months of {table.code} do not add up by {', '.join(moves)}")
        finer = [d.within for d in table.dimensions if d.within and (d.within,) not in _monthly(found, table.measure)]
        insist(not finer, f"{where}: the months of {table.code} need those by {', '.join(map(str, finer))}")


def _monthly(found: Catalogue, measure: str) -> set[tuple[str, ...]]:
    return {table.names for table in found.tables if table.measure == measure and table.months}


def _minors(found: Catalogue, where: str) -> None:
    """Whoever is under age has the higher threshold: bands that end before eighteen, groups that lie in them."""
    bands = {value.code: value for d in found.dimensions.values() for value in d.values if value.youngest is not None}
    young = {code for code, band in bands.items() if band.oldest is not None and band.oldest < 18}
    insist(bool(young) or not bands, f"{where}: no age band ends at seventeen")
    for dimension in found.dimensions.values():
        for value in dimension.values:
            insist(set(value.ages) <= bands.keys(), f"{where}: {value.code} lies in an unknown age band")
            minor = value.code in young or (value.ages and set(value.ages) <= young)
            insist(not minor or value.k >= MINORS, f"{where}: {dimension.code} {value.code} is of minors and needs k {MINORS}")
