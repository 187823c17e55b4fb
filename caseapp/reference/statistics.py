"""The versioned catalogue of published tables: which there are, by what they are divided, from how many persons a cell is shown."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from caseapp.reference.files import Worded, insist, read_folder, unique, worded

LEVELS = ("province", "city", "management_area", "county", "township")


@dataclass(frozen=True)
class Value(Worded):
    """One value of a dimension; `k` is its own threshold, `oldest` and `youngest` bound an age band."""

    k: int = 5
    youngest: int | None = None
    oldest: int | None = None


@dataclass(frozen=True)
class Dimension(Worded):
    """What a table is divided by: values that cover everybody and do not overlap."""

    values: tuple[Value, ...] = ()

    def value(self, code: str) -> Value | None:
        """One value."""
        return next((value for value in self.values if value.code == code), None)


@dataclass(frozen=True)
class TableKind(Worded):
    """One published table: a measure, by area down to a level, and by at most one dimension."""

    measure: str = ""
    dimension: Dimension | None = None
    levels: tuple[str, ...] = LEVELS
    derived: bool = False
    magnitude: bool = False

    def dims_key(self, value: str) -> str:
        """The key of one of its cells; empty for the total."""
        return f"{self.dimension.code}={value}" if self.dimension and value else ""


@dataclass(frozen=True)
class Catalogue:
    """All tables of one version with the parameters of their protection."""

    version: str
    threshold: int
    contributors: int
    area_minimum: int
    protection: Worded
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    tables: tuple[TableKind, ...] = ()

    def table(self, code: str) -> TableKind | None:
        """One table by code."""
        return next((table for table in self.tables if table.code == code), None)

    def linked(self) -> dict[str, tuple[TableKind, ...]]:
        """Tables of counts that share their totals, by measure: protected together."""
        found: dict[str, tuple[TableKind, ...]] = {}
        for table in self.tables:
            if not table.derived:
                found[table.measure] = (*found.get(table.measure, ()), table)
        return found


@cache
def versions() -> dict[str, Catalogue]:
    """Every version, oldest first: a release is read by the version it was made with."""
    return {name: _read(name, raw) for name, raw in sorted(read_folder("statistics").items())}


def newest() -> Catalogue:
    """The version that new releases are made with."""
    return list(versions().values())[-1]


def _read(name: str, raw: dict[str, Any]) -> Catalogue:
    where = f"statistics/{name}"
    insist(raw["version"] == name, f"{where}: the file is named after another version")
    dimensions = {entry["code"]: _dimension(entry, where, raw["threshold"]) for entry in raw["dimensions"]}
    tables = tuple(_table(entry, where, dimensions) for entry in raw["tables"])
    unique((table.code for table in tables), where)
    for measure in {table.measure for table in tables}:
        levels = {table.levels for table in tables if table.measure == measure}
        insist(len(levels) == 1, f"{where}: tables of {measure} share totals and must go down to one level")
    return Catalogue(
        version=name,
        threshold=raw["threshold"],
        contributors=raw["contributors"],
        area_minimum=raw["area_minimum"],
        protection=Worded("protection", raw["protection"]["zh"], raw["protection"]["en"]),
        dimensions=dimensions,
        tables=tables,
    )


def _dimension(entry: dict[str, Any], where: str, threshold: int) -> Dimension:
    code, zh, en = worded(entry, where)
    values = tuple(
        Value(*worded(value, where), facts=value, k=value.get("k", threshold), youngest=value.get("from"), oldest=value.get("to"))
        for value in entry["values"]
    )
    unique((value.code for value in values), f"{where}: {code}")
    expected: int | None = 0
    for band in (value for value in values if value.youngest is not None):
        # bands that overlap or leave a gap would give single years away by subtraction
        insist(band.youngest == expected, f"{where}: {code} leaves a gap or overlaps before {band.code}")
        expected = None if band.oldest is None else band.oldest + 1
    return Dimension(code, zh, en, facts=entry, values=values)


def _table(entry: dict[str, Any], where: str, dimensions: dict[str, Dimension]) -> TableKind:
    code, zh, en = worded(entry, where)
    for member in ("unit_zh", "unit_en", "definition_zh", "definition_en"):
        insist(entry.get(member), f"{where}: {code} lacks {member}")
    insist(entry["dimension"] is None or entry["dimension"] in dimensions, f"{where}: {code} has an unknown dimension")
    return TableKind(
        code,
        zh,
        en,
        facts=entry,
        measure=entry["measure"],
        dimension=dimensions.get(entry["dimension"] or ""),
        levels=LEVELS[: LEVELS.index(entry["levels"]) + 1],
        derived=entry.get("derived", False),
        magnitude=entry.get("magnitude", False),
    )
