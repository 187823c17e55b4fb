"""Groups the rows of a measure for every table at once: values, distinct persons and the greatest part of one person.

Not in SQL: one statement reads the rows of the stations asked for once, both engines give the same, and distinct persons of each
grouping are counted for themselves. The database writes the rows of a station into one text, two lines a row (whose it is, and all
that is said of it): texts are cut up and numbered a hundred times faster than rows are made. Each grouping is then one sorting of
an array.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, cast, func, literal, select
from sqlalchemy.orm import Session

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import Measure, Span, held_at
from caseapp.reference.statistics import Dimension, key_of

Numbers = NDArray[np.int64]
LINE, BETWEEN = "\n", "|"  # no code holds either


class Cell(NamedTuple):
    """The sum of a cell, how many persons are named in it, and the greatest part of one of them (0 where nobody is named)."""

    value: int
    persons: int
    largest: int


Cells = dict[tuple[Any, int, tuple[str, ...]], Cell]  # place, number of the grouping, values → cell


@dataclass(frozen=True)
class Column:
    """One column of rows as numbers: of each row the place of its value in `values`."""

    values: tuple[Any, ...]
    numbers: Numbers

    def only(self, rows: Any) -> "Column":
        """Of some rows."""
        return Column(self.values, self.numbers[rows])


class Words:
    """Words as numbers, in the order in which they first come."""

    def __init__(self) -> None:
        self.number: dict[str, int] = defaultdict(count().__next__)
        self._parts: list[Numbers] = [np.zeros(0, dtype=np.int64)]

    def add(self, words: Sequence[str]) -> None:
        """More of them."""
        self._parts.append(np.fromiter(map(self.number.__getitem__, words), dtype=np.int64, count=len(words)))

    def numbers(self) -> Numbers:
        """The number of each."""
        return np.concatenate(self._parts)

    def meaning(self, told: Callable[[str], Any]) -> Column:
        """What each stands for; `told` is asked once for every word."""
        meant: dict[Any, int] = {}
        into = [meant.setdefault(told(word), len(meant)) for word in self.number]
        return Column(tuple(meant), np.array(into, dtype=np.int64)[self.numbers()])


@dataclass(frozen=True)
class Groups:
    """The values of an overlapping dimension that persons are in.

    Those of the person with the number n in `number` (by client, as `text_of` gives it) are the `sizes[n]` of `values` from
    `starts[n]` on.
    """

    number: Mapping[str, int]
    starts: Numbers
    sizes: Numbers
    values: Column


@dataclass(frozen=True)
class Rows:
    """The rows of a measure, those without a place left out. `part`: of which span each is; `persons` has -1 for nobody.

    `over`: which rows stand in which group (may be several).
    """

    part: Numbers
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
    tag, clients, codes = c.TargetTag, Words(), Words()
    query = _by_station(tag.station_path, text_of(tag.client_id), tag.code).where(
        span.here(tag.station_path),
        tag.code.in_(value_of),
        tag.status == "confirmed",
        tag.case_id.is_(None),
        held_at(span.last),
    )
    for _path, persons, told in _lines(session, query):
        clients.add(persons)
        codes.add(told)
    values = codes.meaning(value_of.__getitem__)
    width = max(1, len(values.values))
    pairs = np.unique(clients.numbers() * width + values.numbers)
    sizes = np.bincount(pairs // width, minlength=len(clients.number))
    return Groups(clients.number, np.cumsum(sizes) - sizes, sizes, Column(values.values, pairs % width))


def read(
    session: Session,
    measure: Measure,
    spans: Sequence[Span],
    groupings: Sequence[tuple[str, ...]],
    place: Callable[[str], Any],
    held: Callable[[Span, Dimension], Groups],
) -> Rows:
    """The rows of a measure in one span, or in several one after the other; read once for all groupings.

    A path without a place counts nowhere. Conflict where a row has a code that the catalogue gives no value: it must not be
    lost in silence.
    """
    dimensions = spans[0].catalogue.dimensions
    names = list(dict.fromkeys(name for grouping in groupings for name in grouping))
    plain = [name for name in names if not dimensions[name].overlap]
    people, said = Words(), Words()
    at: dict[Any, int] = {}
    places, parts, sizes = list[int](), list[int](), list[int]()
    for part, span in enumerate(spans):
        rows = measure.rows(span).subquery()
        told: Any = cast(func.coalesce(rows.c.value, 0), String)
        for name in plain:
            told = told + literal(BETWEEN) + func.coalesce(cast(rows.c[name], String), "")
        for path, persons, words in _lines(session, _by_station(rows.c.station_path, text_of(rows.c.person), told)):
            here = place(path)
            if here is not None:
                people.add(persons)
                said.add(words)
                places.append(at.setdefault(here, len(at)))
                parts.append(part)
                sizes.append(len(words))
    numbers, nobody = people.numbers(), people.number.get("", -1)
    persons_of = Column(tuple(people.number), np.where(numbers == nobody, -1, numbers))
    part_of = np.repeat(np.array(parts, dtype=np.int64), sizes)
    over = {}
    for name in (name for name in names if dimensions[name].overlap):
        members = [_members(persons_of, part_of == part, held(span, dimensions[name])) for part, span in enumerate(spans)]
        over[name] = np.concatenate([rows_in for rows_in, _column in members]), _one([column for _rows_in, column in members])
    return Rows(
        part_of,
        Column(tuple(at), np.repeat(np.array(places, dtype=np.int64), sizes)),
        persons_of,
        _values(said),
        {name: said.meaning(_teller(dimensions[name], place_of)) for place_of, name in enumerate(plain, start=1)},
        over,
    )


def tally(rows: Rows, groupings: Sequence[tuple[str, ...]], part: int | None = None) -> Cells:
    """Cells of all rows, or of those of one span, for each grouping (dimension names; one that overlaps stands alone)."""
    found: Cells = {}
    for number, names in enumerate(groupings):
        if len(names) == 1 and names[0] in rows.over:
            at, column = rows.over[names[0]]
            columns = [column]
        else:
            at, columns = np.arange(len(rows.values)), [rows.codes[name] for name in names]
        if part is not None:
            own = rows.part[at] == part
            at, columns = at[own], [column.only(own) for column in columns]
        _cells(found, number, rows, at, columns)
    return found


def keys(groupings: Sequence[tuple[str, ...]], number: int, values: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """(dimension → value, the key of the cell)."""
    dims = dict(zip(groupings[number], values, strict=True))
    return dims, key_of(dims)


def _by_station(path: Any, person: Any, told: Any) -> Select[Any]:
    """One row a station: its path, and two lines for each row of it."""
    lines = func.coalesce(person, "") + literal(LINE) + told
    return select(path, func.aggregate_strings(lines, LINE)).group_by(path)


def _lines(session: Session, query: Select[Any]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Of each station its path, whose the rows are, and what is said of them."""
    for path, text in session.execute(query):
        lines = text.split(LINE)
        yield path, lines[::2], lines[1::2]


def _values(said: Words) -> Numbers:
    each = np.array([int(word.partition(BETWEEN)[0]) for word in said.number], dtype=np.int64)
    return each[said.numbers()]


def _teller(dimension: Dimension, place: int) -> Callable[[str], str]:
    """Reads the value of a dimension from what is said of a row."""

    def told(said: str) -> str:
        code = said.split(BETWEEN)[place] or None
        value = dimension.told(code)
        if value is None:
            raise Conflict(_l("A figure cannot be counted: %(what)s has no value %(code)s.", what=dimension.code, code=str(code)))
        return value

    return told


def _cells(found: Cells, number: int, rows: Rows, at: Numbers, columns: Sequence[Column]) -> None:
    """Adds the cells of one grouping. `at`: the rows that take part, as often as they do; `columns` say where."""
    if not len(at):
        return
    cells = rows.places.numbers[at]
    for column in columns:
        cells = cells * len(column.values) + column.numbers
    which, cell_of = np.unique(cells, return_inverse=True)
    sums = _sums(cell_of, rows.values[at], len(which))
    count_of, largest = np.zeros(len(which), np.int64), np.zeros(len(which), np.int64)
    persons = rows.persons.numbers[at]
    named = persons >= 0
    if named.any():
        parts, part_of = np.unique(cell_of[named] * len(rows.persons.values) + persons[named], return_inverse=True)
        shares = _sums(part_of, rows.values[at][named], len(parts))
        owners, starts = np.unique(parts // len(rows.persons.values), return_index=True)
        count_of[owners] = np.diff(starts, append=len(parts))
        largest[owners] = np.maximum.reduceat(shares, starts)
    told = zip(which.tolist(), sums.tolist(), count_of.tolist(), largest.tolist(), strict=True)
    for cell, value, persons_in, most in told:
        rest, values = cell, tuple[str, ...]()
        for column in reversed(columns):
            rest, code = divmod(rest, len(column.values))
            values = (column.values[code], *values)
        found[rows.places.values[rest], number, values] = Cell(value, persons_in, most)


def _sums(index: Numbers, values: Numbers, size: int) -> Numbers:
    found = np.zeros(size, np.int64)
    np.add.at(found, index, values)
    return found


def _members(persons: Column, own: NDArray[np.bool_], held: Groups) -> tuple[Numbers, Column]:
    """Of some rows those whose persons are in groups, as often as they are in one, and the group of each."""
    nobody = len(held.sizes)
    known = np.array([*(held.number.get(person, nobody) for person in persons.values), nobody], dtype=np.int64)  # -1: the last
    sizes, starts = np.append(held.sizes, 0), np.append(held.starts, 0)
    rows = np.flatnonzero(own)
    who = known[persons.numbers[rows]]
    each = sizes[who]
    at = np.repeat(np.arange(len(who)), each)
    within = np.arange(len(at)) - np.repeat(np.cumsum(each) - each, each)
    return rows[at], held.values.only(starts[who[at]] + within)


def _one(columns: Sequence[Column]) -> Column:
    """Columns one after the other."""
    if len(columns) == 1:
        return columns[0]
    meant: dict[Any, int] = {}
    parts = [
        np.array([meant.setdefault(v, len(meant)) for v in column.values], dtype=np.int64)[column.numbers] for column in columns
    ]
    return Column(tuple(meant), np.concatenate(parts))
