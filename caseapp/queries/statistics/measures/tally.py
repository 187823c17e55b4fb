"""Groups the rows of a measure for every table at once: values, distinct persons and the greatest part of one person.

In Python and not in SQL: one statement reads the rows of some stations once, both engines give the same, and distinct persons of
each grouping are counted for themselves. What is held at a time is bounded by the stations that are asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import Measure, Span, held_at
from caseapp.reference.statistics import Dimension, key_of

Groups = dict[Any, tuple[str, ...]]  # client → values of an overlapping dimension


@dataclass
class Cell:
    """The sum of a cell, and of it the part of each person who is named."""

    value: int = 0
    parts: dict[Any, int] = field(default_factory=dict)

    def add(self, person: Any, value: int) -> None:
        """One more thing."""
        self.value += value
        if person is not None:
            self.parts[person] = self.parts.get(person, 0) + value

    def merge(self, other: "Cell") -> None:
        """Another month of the same cell."""
        self.value += other.value
        for person, value in other.parts.items():
            self.parts[person] = self.parts.get(person, 0) + value

    @property
    def largest(self) -> int:
        """The greatest part of one person; 0 where nobody is named."""
        return max(self.parts.values(), default=0)


Cells = dict[Any, dict[tuple[int, tuple[str, ...]], Cell]]  # place → (number of the grouping, values) → cell


def groups(session: Session, dimension: Dimension, span: Span) -> Groups:
    """Which groups each person of the span's stations belongs to on its last day, by confirmed tags."""
    value_of = {code: value.code for value in dimension.values for code in value.codes}
    rows = session.execute(
        select(c.TargetTag.client_id, c.TargetTag.code).where(
            span.here(c.TargetTag.station_path),
            c.TargetTag.code.in_(value_of),
            c.TargetTag.status == "confirmed",
            c.TargetTag.case_id.is_(None),
            held_at(span.last),
        )
    )
    found: dict[Any, set[str]] = defaultdict(set)
    for client, code in rows:
        found[client].add(value_of[code])
    return {client: tuple(values) for client, values in found.items()}


def tally(
    session: Session,
    measure: Measure,
    span: Span,
    groupings: Sequence[tuple[str, ...]],
    place: Callable[[str], Any],
    held: Callable[[Dimension], Groups],
) -> Cells:
    """Cells by place, for each grouping (dimension names; one that overlaps stands alone). A path without a place counts nowhere.

    Conflict where a row has a code that the catalogue gives no value: it must not be lost in silence.
    """
    dimensions = span.catalogue.dimensions
    plain = [(number, names) for number, names in enumerate(groupings) if not any(dimensions[n].overlap for n in names)]
    over = [(number, held(dimensions[names[0]])) for number, names in enumerate(groupings) if (number, names) not in plain]
    needed = list(dict.fromkeys(name for _number, names in plain for name in names))
    wanted = [(number, tuple(needed.index(name) for name in names)) for number, names in plain]
    rows = measure.rows(span).subquery()
    told: list[dict[Any, str]] = [{} for _name in needed]
    known: dict[str, Any] = {}
    found: Cells = {}
    for path, person, value, *codes in session.execute(
        select(rows.c.station_path, rows.c.person, rows.c.value, *(rows.c[name] for name in needed))
    ):
        if path not in known:
            known[path] = place(path)
        if known[path] is None:
            continue
        for number, code in enumerate(codes):
            if code not in told[number]:
                told[number][code] = _told(dimensions[needed[number]], code)
            codes[number] = told[number][code]
        cells = found.setdefault(known[path], {})
        number_of = int(value or 0)
        for number, places in wanted:
            key = (number, tuple([codes[at] for at in places]))
            if key not in cells:
                cells[key] = Cell()
            cells[key].add(person, number_of)
        for number, members in over:
            for code in members.get(person, ()):
                cells.setdefault((number, (code,)), Cell()).add(person, number_of)
    return found


def merged(months: Iterable[Cells]) -> Cells:
    """The sum of months."""
    found: Cells = {}
    for cells in months:
        for place, held in cells.items():
            into = found.setdefault(place, {})
            for key, cell in held.items():
                into.setdefault(key, Cell()).merge(cell)
    return found


def keys(groupings: Sequence[tuple[str, ...]], key: tuple[int, tuple[str, ...]]) -> tuple[dict[str, str], str]:
    """(dimension → value, the key of the cell)."""
    dims = dict(zip(groupings[key[0]], key[1], strict=True))
    return dims, key_of(dims)


def _told(dimension: Dimension, code: Any) -> str:
    value = dimension.told(code)
    if value is None:
        raise Conflict(_l("A figure cannot be counted: %(what)s has no value %(code)s.", what=dimension.code, code=str(code)))
    return value
