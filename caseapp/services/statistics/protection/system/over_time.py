"""What ties a quarter to its months: what adds up does, the last month's stock is the quarter's, nobody counts more than once.

Source: statistics design, section 3, "Monthly and quarterly"; the catalogue says which measure goes through time in which way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from caseapp.reference.statistics import Catalogue, plain
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection.beside import Family
from caseapp.services.statistics.protection.insiders import Insiders
from caseapp.services.statistics.protection.numbers import Cell, Numbers, Whole
from caseapp.services.statistics.protection.system.shape import Matrix
from caseapp.services.statistics.protection.system.ties import Ties

STEP = 2  # a difference is not told to within one


@dataclass(frozen=True)
class Difference:
    """By how much a cell must be able to rise and fall so that a difference is in doubt: for everybody, and for those who know a part."""

    up: int
    down: int
    own: Mapping[int, tuple[int, int]]


def tied(catalogue: Catalogue, family: Family) -> Iterator[tuple[str, str, list[str]]]:
    """(how it goes through time, the quarter's measure, those of its months) of every measure that is issued by month."""
    linked = catalogue.linked()
    for measure in dict.fromkeys(plain(name)[0] for name in linked):
        whole, parts = family.name(measure, family.whole), [family.name(measure, month) for month in family.months]
        if whole in linked and all(part in linked for part in parts):
            yield catalogue.over_time(measure), whole, parts


def equal(ties: Ties, family: Family, truth: Whole, inside: Sequence[Whole]) -> Matrix:
    """The months of a quarter add up to it, its last stock is the quarter's: at every station, and in every area, where the truth keeps it."""
    found = []
    for way, whole, parts in tied(ties.catalogue, family):
        summed = parts[-1:] if way == "stock" else parts if way == "sum" else []
        for key in ties.shared([parts[-1], *parts[:-1], whole]) if summed else ():
            rows = ties.row([*((part, key, 1) for part in summed), (whole, key, -1)])
            if rows is not None:
                found += ties.kept(rows, rows @ truth, inside)
    return ties.stack(found)


def more(ties: Ties, family: Family) -> list[Matrix]:
    """Each person once: no month is more than its quarter, all of them together are not less; rows that are not below nothing."""
    found = []
    for way, whole, parts in tied(ties.catalogue, family):
        for key in ties.shared([parts[-1], *parts[:-1], whole]) if way == "distinct" else ():
            told = [ties.row([(whole, key, 1), (part, key, -1)]) for part in parts]
            told.append(ties.row([*((part, key, 1) for part in parts), (whole, key, -1)]))
            found += [rows for rows in told if rows is not None]
    return found


def company(catalogue: Catalogue, family: Family) -> dict[str, list[dict[str, int]]]:
    """Measure → what may move with one of it so that the quarter stays the sum of its months: 1 the same way, -1 the other way."""
    found: dict[str, list[dict[str, int]]] = {}
    for way, whole, parts in tied(catalogue, family):
        if way == "stock":
            last = parts[-1]
            for place, part in enumerate(parts):
                after = dict.fromkeys([*parts[place + 1 :], whole], 1)
                found[part] = [{whole: 1}, after] if part == last else [after]
            found[whole] = [{last: 1}]
        elif way == "sum":
            found[whole] = [{part: 1} for part in reversed(parts)]
            for part in parts:
                found[part] = [{whole: 1}, *({other: -1} for other in parts if other != part)]
    return found


def few(
    catalogue: Catalogue,
    family: Family,
    areas: Sequence[Area],
    inside: Sequence[Whole],
    numbers: Numbers,
    known: Insiders,
    shows: Mapping[Cell, int],
) -> dict[Cell, Difference]:
    """The candidate's cells by which all periods together would tell of few what came in late, was taken back, or came twice.

    A quarter and its months are counted at different days: whoever subtracts them sees the difference, which is a figure like any
    other.
    """
    found: dict[Cell, Difference] = {}
    for way, whole, parts in tied(catalogue, family):
        own = family.name(plain(whole)[0], family.candidate)
        summed = parts[-1:] if way == "stock" else parts
        if own not in (whole, *summed):
            continue
        reach: dict[str, set[str]] = {}
        least: dict[str, int] = {}
        for table in catalogue.linked()[parts[-1]]:
            for values in ((), *table.cells()):
                key = table.dims_key(*(value.code for value in values))
                reach.setdefault(key, set()).update(table.levels)
                least[key] = max(least.get(key, 0), table.least(values, catalogue.threshold))
        for key, levels in reach.items():
            gaps = sum((numbers.value(part, key) for part in summed), -numbers.value(whole, key))
            if not gaps.any():
                continue
            most = max(1, *(int(numbers.greatest(name, key).max(initial=0)) for name in (*summed, whole)))
            for number, area in enumerate(areas):
                held = gaps[inside[number]]
                others = [(name, area.code, key) for name in (*summed, whole) if name != own]
                if area.level not in levels or not held.any() or not all(cell in shows for cell in others):
                    continue
                who, of = known.within(inside[number])
                counts = numbers.value(own, key)[inside[number]]
                seen = _amounts(int(held.sum()), int(counts.sum()), least[key], most)
                rests = zip(who.tolist(), (held.sum() - of @ held).tolist(), (counts.sum() - of @ counts).tolist(), strict=True)
                inside_see = {insider: _amounts(gap, value, least[key], most) for insider, gap, value in rests}
                if any(seen) or any(map(any, inside_see.values())):
                    found[own, area.code, key] = Difference(*seen, own=inside_see)
    return found


def _amounts(gap: int, value: int, least: int, most: int) -> tuple[int, int]:
    """(up, down) where a difference is one of few people, each of whom moves it by `most` at most; nothing where it is none, or of many."""
    if not 0 < abs(gap) <= (least - 1) * most:
        return 0, 0
    return max(least * most, STEP), min(value, STEP)
