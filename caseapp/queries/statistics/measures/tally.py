"""Groups the rows of a measure for every table at once: values, distinct persons and the greatest part of one person.

Not in SQL: one statement reads the rows of some stations once, both engines give the same, and distinct persons of each grouping
are counted for themselves. Codes become numbers as they are read, and each grouping is then one sorting of an array. What is
held at a time is bounded by the stations that are asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import Measure, Span, held_at
from caseapp.reference.statistics import Dimension, key_of

Groups = dict[str, tuple[str, ...]]  # client, as `text_of` gives it → values of an overlapping dimension
Numbers = NDArray[np.int64]


class Cell(NamedTuple):
    """The sum of a cell, how many persons are named in it, and the greatest part of one of them (0 where nobody is named)."""

    value: int
    persons: int
    largest: int


Cells = dict[tuple[Any, int, tuple[str, ...]], Cell]  # place, number of the grouping, values → cell


@dataclass(frozen=True)
class Column:
    """One column of rows as numbers: of each row the place of its value in `values`, -1 where it has none."""

    values: tuple[Any, ...]
    numbers: Numbers

    @classmethod
    def of(cls, values: Iterable[Any], told: Callable[[Any], Any] = lambda value: value) -> "Column":
        """`told` says what a value read stands for; None leaves a row without one."""
        first: dict[Any, int] = {}  # as read, so that `told` is asked once for each
        read = np.array([first.setdefault(value, len(first)) for value in values], dtype=np.int64)
        meant: dict[Any, int] = {}
        into = [-1 if (name := told(value)) is None else meant.setdefault(name, len(meant)) for value in first]
        return cls(tuple(meant), np.array(into, dtype=np.int64)[read] if len(read) else read)

    def only(self, rows: Any) -> "Column":
        """Of some rows."""
        return Column(self.values, self.numbers[rows])


@dataclass(frozen=True)
class Rows:
    """The rows of a measure in one span, those without a place left out. `over`: which rows stand in which group (may be several)."""

    places: Column
    persons: Column
    values: Numbers
    codes: dict[str, Column]
    over: dict[str, tuple[Numbers, Column]]


def text_of(column: Any) -> Any:
    """An id as text, however the engine keeps it: ids are only told apart here, and text is told apart fastest."""
    return cast(column, String(36))


def groups(session: Session, dimension: Dimension, span: Span) -> Groups:
    """Which groups each person of the span's stations belongs to on its last day, by confirmed tags."""
    value_of = {code: value.code for value in dimension.values for code in value.codes}
    rows = session.execute(
        select(text_of(c.TargetTag.client_id), c.TargetTag.code).where(
            span.here(c.TargetTag.station_path),
            c.TargetTag.code.in_(value_of),
            c.TargetTag.status == "confirmed",
            c.TargetTag.case_id.is_(None),
            held_at(span.last),
        )
    )
    found: dict[str, set[str]] = defaultdict(set)
    for client, code in rows:
        found[client].add(value_of[code])
    return {client: tuple(sorted(values)) for client, values in found.items()}


def read(
    session: Session,
    measure: Measure,
    span: Span,
    groupings: Sequence[tuple[str, ...]],
    place: Callable[[str], Any],
    held: Callable[[Dimension], Groups],
) -> Rows:
    """The rows of a measure, read once for all groupings. A path without a place counts nowhere.

    Conflict where a row has a code that the catalogue gives no value: it must not be lost in silence.
    """
    dimensions = span.catalogue.dimensions
    names = list(dict.fromkeys(name for grouping in groupings for name in grouping))
    plain = [name for name in names if not dimensions[name].overlap]
    rows = measure.rows(span).subquery()
    wanted = [rows.c.station_path, text_of(rows.c.person), rows.c.value, *(rows.c[name] for name in plain)]
    paths, people, values, *codes = list(zip(*session.execute(select(*wanted)), strict=True)) or [()] * len(wanted)
    places = Column.of(paths, place)
    here = places.numbers >= 0
    persons = Column.of(people).only(here)
    return Rows(
        places.only(here),
        persons,
        np.array([int(value or 0) for value in values], dtype=np.int64)[here],
        {name: Column.of(column, partial(_told, dimensions[name])).only(here) for name, column in zip(plain, codes, strict=True)},
        {name: _members(persons, held(dimensions[name])) for name in names if dimensions[name].overlap},
    )


def tally(months: Sequence[Rows], groupings: Sequence[tuple[str, ...]]) -> Cells:
    """Cells of the rows of one or more months, for each grouping (dimension names; one that overlaps stands alone)."""
    rows = _joined(months)
    found: Cells = {}
    for number, names in enumerate(groupings):
        if len(names) == 1 and names[0] in rows.over:
            at, column = rows.over[names[0]]
            columns = [column]
        else:
            at, columns = np.arange(len(rows.values)), [rows.codes[name] for name in names]
        _cells(found, number, rows, at, columns)
    return found


def keys(groupings: Sequence[tuple[str, ...]], number: int, values: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """(dimension → value, the key of the cell)."""
    dims = dict(zip(groupings[number], values, strict=True))
    return dims, key_of(dims)


def _cells(found: Cells, number: int, rows: Rows, at: Numbers, columns: Sequence[Column]) -> None:
    """Adds the cells of one grouping. `at`: the rows that take part, as often as they do; `columns` say where."""
    if not len(at):
        return
    cells = rows.places.numbers[at]
    for column in columns:
        cells = cells * len(column.values) + column.numbers
    which, cell_of = np.unique(cells, return_inverse=True)
    sums = _sums(cell_of, rows.values[at], len(which))
    count, largest = np.zeros(len(which), np.int64), np.zeros(len(which), np.int64)
    persons = rows.persons.numbers[at]
    named = persons >= 0
    if named.any():
        parts, part_of = np.unique(cell_of[named] * len(rows.persons.values) + persons[named], return_inverse=True)
        shares = _sums(part_of, rows.values[at][named], len(parts))
        owners, starts = np.unique(parts // len(rows.persons.values), return_index=True)
        count[owners] = np.diff(starts, append=len(parts))
        largest[owners] = np.maximum.reduceat(shares, starts)
    for index, rest in enumerate(which.tolist()):
        place = rest
        values: tuple[str, ...] = ()
        for column in reversed(columns):
            place, code = divmod(place, len(column.values))
            values = (column.values[code], *values)
        found[rows.places.values[place], number, values] = Cell(int(sums[index]), int(count[index]), int(largest[index]))


def _sums(index: Numbers, values: Numbers, size: int) -> Numbers:
    found = np.zeros(size, np.int64)
    np.add.at(found, index, values)
    return found


def _members(persons: Column, held: Groups) -> tuple[Numbers, Column]:
    """Rows in the order of their persons' groups, and the group of each."""
    groups_of = [held.get(person, ()) for person in persons.values]
    column = Column.of(value for values in groups_of for value in values)
    sizes = np.array([len(values) for values in groups_of] + [0], dtype=np.int64)  # the last for nobody: -1
    starts = np.cumsum(sizes) - sizes
    each = sizes[persons.numbers]
    at = np.repeat(np.arange(len(persons.numbers)), each)
    within = np.arange(len(at)) - np.repeat(np.cumsum(each) - each, each)
    return at, column.only(starts[persons.numbers[at]] + within)


def _joined(months: Sequence[Rows]) -> Rows:
    """The rows of months as those of one span."""
    if len(months) == 1:
        return months[0]
    sizes = np.cumsum([0, *(len(month.values) for month in months)])
    return Rows(
        _one([month.places for month in months]),
        _one([month.persons for month in months]),
        np.concatenate([month.values for month in months]),
        {name: _one([month.codes[name] for month in months]) for name in months[0].codes},
        {
            name: (
                np.concatenate([month.over[name][0] + size for month, size in zip(months, sizes[:-1], strict=True)]),
                _one([month.over[name][1] for month in months]),
            )
            for name in months[0].over
        },
    )


def _one(columns: Sequence[Column]) -> Column:
    meant: dict[Any, int] = {}
    parts = []
    for column in columns:
        into = np.array([*(meant.setdefault(value, len(meant)) for value in column.values), -1], dtype=np.int64)
        parts.append(into[column.numbers])  # -1, no value, finds the last
    return Column(tuple(meant), np.concatenate(parts))


def _told(dimension: Dimension, code: Any) -> str:
    value = dimension.told(code)
    if value is None:
        raise Conflict(_l("A figure cannot be counted: %(what)s has no value %(code)s.", what=dimension.code, code=str(code)))
    return value
