"""A station's own live counts, for its people on screen only: true numbers of what the grant may see, never stored or sent out."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.queries.statistics import measures
from caseapp.reference.statistics import newest


@dataclass(frozen=True)
class StationCounts:
    """The counts of a span of days; `by_age` and `by_sex` divide the persons on file at its end."""

    on_file: int
    by_age: dict[str, int]
    by_sex: dict[str, int]
    visits: int
    visited: int
    minutes: int
    cases: dict[str, int]
    due: int
    met: int


def counts(actor: Actor, first: date, last: date) -> StationCounts:
    """What lies under the grant, seen through its row rules: files that are closed to the actor are not counted."""
    require(actor, Permission.STATION_COUNTS)
    catalogue = newest()
    people = _rows(measures.on_file(catalogue, last))
    duty = _sum(_rows(measures.duty([(first, last)], split=True)), 1)
    return StationCounts(
        on_file=sum(row[-2] for row in people),
        by_age=_sum(people, 1),
        by_sex=_sum(people, 2),
        visits=sum(row[-2] for row in _rows(measures.visits(catalogue, first, last))),
        visited=sum(row[-2] for row in _rows(measures.visited(catalogue, first, last))),
        minutes=sum(row[-2] or 0 for row in _rows(measures.hours(first, last, split=False))),
        cases=_sum(_rows(measures.cases_active(last, split=True)), 1),
        due=sum(duty.values()),
        met=duty.get("met", 0),
    )


def _rows(query: Any) -> list[Any]:
    return list(db.session.execute(query))


def _sum(rows: list[Any], place: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[place]] += row[-2]
    return dict(found)
