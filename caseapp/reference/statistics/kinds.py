"""What a published table is: a measure, by area down to a level, divided by nothing, one or two dimensions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from caseapp.reference.files import Worded

LEVELS = ("province", "city", "management_area", "county", "township")
APART = ";"  # between the parts of a key


@dataclass(frozen=True)
class Value(Worded):
    """One value of a dimension.

    `k` is its own threshold, `oldest` and `youngest` bound an age band, `codes` are the tags of a group, `parent` is the
    value of the coarser dimension that holds it.
    """

    k: int = 5
    youngest: int | None = None
    oldest: int | None = None
    codes: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Dimension(Worded):
    """What a table is divided by: values that cover everybody, so that they add up, unless they `overlap`.

    `within` names the coarser dimension whose values are the sums of this one's. `rest` takes every code that has no
    value of its own.
    """

    values: tuple[Value, ...] = ()
    overlap: bool = False
    within: str | None = None
    rest: str | None = None

    def value(self, code: str | None) -> Value | None:
        """One value."""
        return self._by_code.get(code or "")

    def told(self, code: str | None) -> str | None:
        """The value a code of the rows counts under; None when there is none for it."""
        return code if code in self._by_code else self.rest

    @cached_property
    def _by_code(self) -> dict[str, Value]:
        return {value.code: value for value in self.values}


def key_of(dims: Mapping[str, str]) -> str:
    """The key of a cell, dimensions in order; empty for the total."""
    return APART.join(f"{name}={code}" for name, code in dims.items())


@dataclass(frozen=True)
class TableKind(Worded):
    """One published table."""

    measure: str = ""
    subject: str = ""
    dimensions: tuple[Dimension, ...] = ()
    levels: tuple[str, ...] = LEVELS
    derived: bool = False
    magnitude: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The codes of its dimensions."""
        return tuple(dimension.code for dimension in self.dimensions)

    @property
    def crossed(self) -> bool:
        """Whether two dimensions meet in it."""
        return len(self.dimensions) > 1

    def cells(self) -> Iterator[tuple[Value, ...]]:
        """The values of each cell of one area but the total, in order; of a crossed table without its margins."""
        if self.dimensions:
            yield from product(*(dimension.values for dimension in self.dimensions))

    def dims(self, *values: str) -> dict[str, str]:
        """Dimension → code of one cell."""
        return dict(zip(self.names, values, strict=True)) if values else {}

    def dims_key(self, *values: str) -> str:
        """The key of one of its cells; no value for the total."""
        return key_of(self.dims(*(value for value in values if value)))

    def cell_keys(self) -> Iterator[str]:
        """The key of every cell of one area: the total first, then, where two dimensions meet, the margins are other tables'."""
        yield ""
        for values in self.cells():
            yield self.dims_key(*(value.code for value in values))


@dataclass(frozen=True)
class Catalogue:
    """All tables of one version with the parameters of their protection."""

    version: str
    threshold: int
    contributors: int
    area_minimum: int
    protection: Worded
    subjects: tuple[Worded, ...] = ()
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    tables: tuple[TableKind, ...] = ()
    balances: tuple[tuple[str, ...], ...] = ()  # measures whose difference the stock at two ends tells

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

    def groupings(self, measure: str) -> list[tuple[str, ...]]:
        """By which dimensions a measure is counted, the total first."""
        return list(dict.fromkeys([(), *(table.names for table in self.linked().get(measure, ()))]))

    def by_subject(self) -> list[tuple[Worded, list[TableKind]]]:
        """The tables under their headings."""
        return [(subject, [t for t in self.tables if t.subject == subject.code]) for subject in self.subjects]
