"""Tiny catalogues, areas and releases, written as the files of a release are; and every table that fits them, one by one."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from caseapp.reference.files import Worded
from caseapp.reference.statistics import LEVELS, Catalogue, Dimension, TableKind, Value
from caseapp.services.statistics.attack.read import Key, key_of
from caseapp.services.statistics.cells import Fact

Tree = Mapping[str, tuple[str, str | None]]  # area → level, area above
Places = dict[tuple[str, str, str, Key], int]  # measure, period, area, key → number
COUNTY: Tree = {"c": ("county", None), "t1": ("township", "c"), "t2": ("township", "c")}


def dimension(code: str, values: str, within: str | None = None, overlap: bool = False, k: int = 5) -> Dimension:
    """A dimension of values like "a b c", or "a:x b:x" with the coarser value each lies in."""
    held = []
    for text in values.split():
        name, _colon, parent = text.partition(":")
        held.append(Value(name, name, name, k=k, parent=parent or None))
    return Dimension(code, code, code, values=tuple(held), overlap=overlap, within=within)


def catalogue(tables: Sequence[tuple[str, str, str]], dimensions: Iterable[Dimension], magnitude: str = "") -> Catalogue:
    """Tables as (measure, "dim dim", deepest level)."""
    by_code = {d.code: d for d in dimensions}
    kinds = [
        TableKind(
            "_".join([measure, *names.split()]),
            measure,
            measure,
            measure=measure,
            dimensions=tuple(by_code[name] for name in names.split()),
            levels=LEVELS[: LEVELS.index(level) + 1],
            magnitude=measure == magnitude,
        )
        for measure, names, level in tables
    ]
    return Catalogue("tiny", 5, 3, 30, Worded("p", "p", "p"), dimensions=by_code, tables=tuple(kinds))


def facts(
    measure: str, period: str, held: Mapping[tuple[str, str], Mapping[str, int]], names: Sequence[str], told: Catalogue
) -> list[Fact]:
    """Facts of (area, station) → {"a|x": number} by the named dimensions: every grouping of them is counted."""
    found: dict[tuple[str, str, str], int] = {}
    for (area, station), numbers in held.items():
        for codes, number in numbers.items():
            pairs = list(zip(names, codes.split("|"), strict=True)) if codes else []
            for name, code in list(pairs):
                dim, value = told.dimensions[name], told.dimensions[name].value(code)
                while dim.within and value and value.parent:
                    pairs.append((dim.within, value.parent))
                    dim = told.dimensions[dim.within]
                    value = dim.value(value.parent)
            for chosen in product((False, True), repeat=len(pairs)):
                key = ";".join(f"{n}={c}" for n, c in sorted(p for p, take in zip(pairs, chosen, strict=True) if take))
                found[area, station, key] = found.get((area, station, key), 0) + number
    return [Fact(measure, period, area, key, n, n, station, 1) for (area, station, key), n in found.items()]


def chains(tree: Tree) -> dict[str, list[str]]:
    """Area → itself and those above."""
    found = {}
    for code in tree:
        chain, at = [], code
        while at:
            chain.append(at)
            at = tree[at][1] or ""
        found[code] = chain
    return found


def summed(held: Iterable[Fact], tree: Tree) -> Places:
    """True numbers of every cell."""
    found: Places = {}
    for fact in held:
        for area in chains(tree)[fact.area]:
            at = (fact.measure, fact.period, area, key_of(p.split("=") for p in fact.key.split(";")) if fact.key else ())
            found[at] = found.get(at, 0) + fact.value
    return found


def cells(told: Catalogue, tree: Tree, table: TableKind) -> Iterator[tuple[str, Key]]:
    """The cells of one table."""
    for area, (level, _above) in tree.items():
        if level in table.levels:
            for values in ((), *table.cells()):
                yield area, key_of(table.dims(*(v.code for v in values)).items())


def folder(told: Catalogue, tree: Tree, period: str, true: Places, hidden: Iterable[tuple[str, str, Key]]) -> dict[str, bytes]:
    """The files of a release: every cell true but the hidden ones (measure, area, key)."""
    starred = set(hidden)
    found = {}
    for table in told.tables:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["geo", *table.names, "period", "count"])
        for area, key in cells(told, tree, table):
            shown = "*" if (table.measure, area, key) in starred else str(true.get((table.measure, period, area, key), 0))
            writer.writerow([area, *(dict(key).get(name, "") for name in table.names), period, shown])
        found[f"{table.code}.csv"] = out.getvalue().encode()
    about = {
        "period": period,
        "catalogue_version": told.version,
        "areas": [{"code": c, "level": level, "parent": up, "roots": [c]} for c, (level, up) in tree.items()],
        "tables": [{"code": t.code, "file": f"{t.code}.csv", "measure": t.measure, "derived": False} for t in told.tables],
    }
    return {**found, "release.json": json.dumps(about).encode()}
