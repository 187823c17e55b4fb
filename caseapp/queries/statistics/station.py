"""A station's own live counts, for its people on screen only: true numbers of what the grant may see, never stored or sent out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.casework import Enrolment
from caseapp.queries.statistics.measures import Measure, Span
from caseapp.reference.statistics import Catalogue, key_of

Counts = dict[str, dict[str, int]]  # measure → key of a cell, "" for the total → count


def counts(actor: Actor, measures: Mapping[str, Measure], catalogue: Catalogue, quarter: Quarter) -> Counts:
    """What lies under the grant, seen through its row rules: files that are closed to the actor are not counted.

    The same rows as those of a release; a measure takes one statement for what adds up, and one for each overlapping
    dimension.
    """
    require(actor, Permission.STATION_COUNTS)
    span = Span.of(catalogue, quarter, clock.today())
    found: Counts = {}
    for code in catalogue.linked():
        wanted = [names for names in catalogue.groupings(code) if len(names) == 1]
        overlapping = [names for names in wanted if catalogue.dimensions[names[0]].overlap]
        plain = tuple(names[0] for names in wanted if names not in overlapping)
        found[code] = _count(measures[code], span, plain)
        for names in overlapping:
            groups = _count(measures[code], span, names)
            found[code] |= {key: count for key, count in groups.items() if key}
    return found


def quarters(actor: Actor, most: int = 6) -> list[Quarter]:
    """The quarters there is something of, newest first, the running one included."""
    require(actor, Permission.STATION_COUNTS)
    first: date = db.session.scalar(select(Enrolment.from_on).order_by(Enrolment.from_on).limit(1)) or clock.today()
    found: list[Quarter] = []
    quarter = Quarter.of(clock.today())
    while len(found) < most and quarter.last_day >= first:
        found.append(quarter)
        quarter = quarter.before()
    return found


def _count(measure: Measure, span: Span, names: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    rows: Any = db.session.execute(measure.counted(span, names))
    for _path, *codes, value, _persons in rows:
        found[""] += int(value or 0)
        for name, code in zip(names, codes, strict=True):
            told = span.catalogue.dimensions[name].told(code)
            found[key_of({name: str(told)})] += int(value or 0)
    return found
