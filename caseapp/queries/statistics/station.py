"""A station's own live counts, for its people on screen only: true numbers of what the grant may see, never stored or sent out."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.casework import Enrolment
from caseapp.queries.statistics.measures import Measure, Span
from caseapp.queries.statistics.measures.tally import Groups, groups, keys, read, tally
from caseapp.reference.statistics import Catalogue, Dimension

Counts = dict[str, dict[str, int]]  # measure → key of a cell, "" for the total → count


def counts(actor: Actor, measures: Mapping[str, Measure], catalogue: Catalogue, quarter: Quarter) -> Counts:
    """What lies under the grant, seen through its row rules: files that are closed to the actor are not counted.

    The same rows as those of a release, sought by the grant's own paths: a measure takes one statement (a monthly one for each month),
    and the tags one more.
    """
    require(actor, Permission.STATION_COUNTS)
    span = Span.of(catalogue, quarter, clock.today()).at(under=actor.paths)
    held: dict[tuple[str, date], Groups] = {}

    found: Counts = {}
    for code in catalogue.linked():
        wanted = [(), *(names for names in catalogue.groupings(code) if len(names) == 1)]
        spans = span.months if measures[code].monthly else (span,)
        rows = read(db.session(), measures[code], spans, wanted, lambda _path: "here", partial(_groups, held))
        found[code] = {
            keys(wanted, number, values)[1]: cell.value for (_here, number, values), cell in tally(rows, wanted).items()
        }
    return found


def _groups(held: dict[tuple[str, date], Groups], span: Span, dimension: Dimension) -> Groups:
    """Read once for each day that is asked about."""
    if (dimension.code, span.last) not in held:
        held[dimension.code, span.last] = groups(db.session(), dimension, span)
    return held[dimension.code, span.last]


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
