"""The keys of contributors and their sums by cell."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from caseapp.adapters import keys
from caseapp.queries.statistics.measures import Measure, Span
from caseapp.queries.statistics.places import Places
from caseapp.reference.statistics import key_of

WHOLE = 1 << 64  # keys are whole numbers below it and stand for key / 2⁶⁴; sums are taken modulo it
PURPOSE = "statistics noise"  # of the key ring: never changed, or the same cell would have two answers and their mean told more


class RecordKeys:
    """The key of each contributor: HMAC-SHA256 under a secret of the key ring, reckoned once in a run."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}

    def of(self, contributor: Any) -> int:
        """The key of a person, or of a station for what names nobody."""
        if contributor not in self._known:
            self._known[contributor] = int.from_bytes(keys.ring().index(PURPOSE, str(contributor))[:8])
        return self._known[contributor]


def key_sums(
    session: Any, measure: Measure, span: Span, names: tuple[str, ...], where: Places, own: RecordKeys
) -> dict[tuple[str, str], int]:
    """(township, key of the cell) → the sum of its contributors' keys, once for each of their rows. Needs a system session."""
    rows = measure.rows(span).subquery()
    parts = [rows.c.station_path, rows.c.person, *(rows.c[name] for name in names)]
    found: dict[tuple[str, str], int] = defaultdict(int)
    dimensions = [span.catalogue.dimensions[name] for name in names]
    for path, person, *codes, times in session.execute(select(*parts, func.count()).group_by(*parts)):
        place = where.of(path)
        if place is None:
            continue
        told = {d.code: str(d.told(code)) for d, code in zip(dimensions, codes, strict=True)}
        cell = place[0], key_of(told)
        found[cell] = (found[cell] + times * own.of(person or place[1])) % WHOLE
    return found
