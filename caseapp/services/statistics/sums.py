"""What a reader of the published tables can add up: the sums that the protection must not let give a hidden cell back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from caseapp.reference.statistics import Dimension, TableKind, key_of
from caseapp.services.statistics.areas import Area
from caseapp.services.statistics.protection import Sum


def sums(tables: Sequence[TableKind], areas: Sequence[Area]) -> list[Sum]:
    """Of the tables of one measure: inside each area, and from areas to the one above for each cell they share."""
    here = {area.code: [table for table in tables if area.level in table.levels] for area in areas}
    keys = {code: {key for table in held for key in table.cell_keys()} for code, held in here.items()}
    inside: dict[tuple[TableKind, ...], list[tuple[str, ...]]] = {}
    found: list[Sum] = []
    children: dict[str, list[str]] = defaultdict(list)
    for area in areas:
        shape = tuple(here[area.code])
        if shape not in inside:
            inside[shape] = list(_inside(shape))
        found += [tuple((area.code, key) for key in equation) for equation in inside[shape]]
        if area.parent in here:
            children[area.parent].append(area.code)
    for parent, below in children.items():
        shared = [key for key in _in_order(here[parent]) if all(key in keys[code] for code in below)]
        found += [((parent, key), *((code, key) for code in below)) for key in shared]
    return found


def _inside(tables: Sequence[TableKind]) -> Iterator[tuple[str, ...]]:
    """Keys, the sum first: values to the total, finer values to the coarser, crossed cells to both margins."""
    names = {table.names for table in tables}
    for table in tables:
        for dimension in table.dimensions:
            if dimension.overlap:
                continue  # who is in two groups is in the total once
            if table.crossed:
                other = next(d for d in table.dimensions if d is not dimension)
                for value in other.values:
                    yield (
                        _of(other, value.code),
                        *(_crossed(table, other, value.code, dimension, v.code) for v in dimension.values),
                    )
            else:
                yield "", *(_of(dimension, value.code) for value in dimension.values)
                if (dimension.within,) in names:
                    yield from _within(dimension)


def _within(dimension: Dimension) -> Iterator[tuple[str, ...]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for value in dimension.values:
        parts[value.parent or ""].append(_of(dimension, value.code))
    for parent, held in parts.items():
        yield key_of({str(dimension.within): parent}), *held


def _of(dimension: Dimension, code: str) -> str:
    return key_of({dimension.code: code})


def _crossed(table: TableKind, one: Dimension, code: str, other: Dimension, other_code: str) -> str:
    told = {one.code: code, other.code: other_code}
    return table.dims_key(*(told[name] for name in table.names))


def _in_order(tables: Sequence[TableKind]) -> list[str]:
    return list(dict.fromkeys(key for table in tables for key in table.cell_keys()))
