"""What an attacker has in hand: the files of the releases, read as anybody reads them who is given the folder."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caseapp.reference.statistics import LEVELS, Catalogue

HIDDEN = "*"
Key = tuple[tuple[str, str], ...]  # (dimension, value) of a cell in order of the dimensions' names; () is the total
Cell = tuple[str, str, str, Key]  # measure, period, area, key


class Contradiction(ValueError):
    """The files cannot all be true."""


@dataclass(frozen=True)
class Place:
    """A published area: how deep it lies (0 the province), what it is a part of, which divisions it covers."""

    code: str
    depth: int
    parent: str | None
    roots: frozenset[str]


@dataclass
class Told:
    """One release: its areas, and what it says of each cell, None where it says nothing."""

    number: int  # its place in the history, from 0
    period: str
    catalogue: Catalogue
    places: dict[str, Place]
    cells: dict[Cell, int | None] = field(default_factory=dict)
    tables: dict[Cell, str] = field(default_factory=dict)  # cell → code of the first table it stands in

    def parts(self, area: str, depth: int) -> list[str]:
        """The areas right below one, none of them deeper than `depth`."""
        return [code for code in self._below.get(area, ()) if self.places[code].depth <= depth]

    def __post_init__(self) -> None:
        self._below: dict[str, list[str]] = {}
        for place in self.places.values():
            if place.parent in self.places:
                self._below.setdefault(str(place.parent), []).append(place.code)

    def add_rest(self, area: str) -> str:
        """An unnamed part of an area beside those that are published; the code it goes by."""
        code = f"{area}~"
        if code not in self.places:
            depth = min(self.places[below].depth for below in self._below[area])
            self.places[code] = Place(code, depth, area, frozenset())
            self._below[area].append(code)
        return code


def key_from(text: str) -> Key:
    """A key as facts and cells write it: "age_band=80+;sex=1"."""
    return key_of(part.split("=", 1) for part in text.split(";")) if text else ()


def key_of(pairs: Iterable[Sequence[str]]) -> Key:
    """A key of (dimension, value) pairs, the empty values left out."""
    return tuple(sorted((name, value) for name, value in pairs if value))


def read(folders: Sequence[Mapping[str, bytes]], catalogues: Mapping[str, Catalogue]) -> list[Told]:
    """Every release, oldest first, each a mapping of file name to bytes as in section 11 of the design.

    Tables of derived figures are left out: they are made from cells that are shown. A cell that stands in two tables is
    known when one of them shows it; two that show different numbers are a Contradiction.
    """
    return [_release(number, folder, catalogues) for number, folder in enumerate(folders)]


def _release(number: int, folder: Mapping[str, bytes], catalogues: Mapping[str, Catalogue]) -> Told:
    about = json.loads(folder["release.json"])
    places = {
        entry["code"]: Place(entry["code"], LEVELS.index(entry["level"]), entry["parent"], frozenset(entry["roots"]))
        for entry in about["areas"]
    }
    told = Told(number, about["period"], catalogues[about["catalogue_version"]].issue(about["period"]), places)
    for table in about["tables"]:
        if not table["derived"] and table["file"] in folder:
            _table(told, table["code"], table["measure"], folder[table["file"]])
    return told


def _table(told: Told, code: str, measure: str, content: bytes) -> None:
    rows = csv.DictReader(io.StringIO(content.decode()))
    names = [name for name in rows.fieldnames or () if name not in ("geo", "period", "count")]
    for row in rows:
        cell = (measure, row["period"], row["geo"], key_of((name, row[name]) for name in names))
        shown = None if row["count"] == HIDDEN else int(row["count"])
        before = told.cells.get(cell)
        if before is not None and shown is not None and before != shown:
            raise Contradiction(f"{code} and {told.tables[cell]} say different numbers of one cell of {row['geo']}")
        told.cells[cell] = before if shown is None else shown
        told.tables.setdefault(cell, code)
