"""What was written since a period was counted: marks that triggers set, spread over the periods that are not settled."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import visitors

from caseapp.core.periods import Period, read_period
from caseapp.models.casework import IdentityDocument, TargetTag
from caseapp.models.statistics import StatDue, StatMark, StatSnapshot
from caseapp.queries.statistics.measures import Measure, Span
from caseapp.queries.statistics.places import Places

TWINS = ("enrolment", "identity_document", "visit_person", "visit")  # where a human counts depends on their records elsewhere


def take(session: Session) -> None:
    """Takes the marks that stand and notes for each open period what of which station is to be counted anew.

    A mark set by a transaction that is not over yet is not seen here and stays for the next time.
    """
    taken = session.execute(delete(StatMark).returning(StatMark.station_path, StatMark.what, StatMark.from_on)).all()
    first: dict[tuple[str, str], date] = {}
    for path, what, day in taken:
        first[path, what] = min(day or date.min, first.get((path, what), date.max))
    if not first:
        return
    known = {tuple(row) for row in session.execute(select(StatDue.period, StatDue.station_path, StatDue.what))}
    due = []
    for period in session.scalars(select(StatSnapshot.period).where(StatSnapshot.frozen_at.is_(None))):
        last = read_period(period).last_day
        due += [
            {"period": period, "station_path": path, "what": what}
            for (path, what), day in first.items()
            if day <= last and (period, path, what) not in known
        ]
    if due:
        session.execute(insert(StatDue), due)


def affected(
    session: Session, period: Period, span: Span, measures: Mapping[str, Measure], where: Places
) -> dict[str, set[str] | None]:
    """Measure → the paths of the stations that it is to be counted anew for, by what is due for the period."""
    due = session.execute(select(StatDue.station_path, StatDue.what).where(StatDue.period == str(period))).all()
    found: dict[str, set[str]] = defaultdict(set)
    for path, what in due:
        found[what] |= _touched(path, where, downwards=what == "organisation")
    everywhere = found.pop("organisation", set())
    beside = _twins(session, set().union(*(found[what] for what in TWINS if what in found)), where)
    todo: dict[str, set[str] | None] = {}
    for code, measure in measures.items():
        read = tables(measure, span)
        paths = everywhere.union(*(held for what, held in found.items() if what in read))
        if IdentityDocument.__tablename__ in read:  # a human counts at one station only
            changed = set().union(*(found[what] for what in TWINS if what in found and what in read))
            paths = paths.union(*(beside.get(station, ()) for station in changed))
        if paths:
            todo[code] = paths
    return todo


def tables(measure: Measure, span: Span) -> set[str]:
    """The names of the tables that a measure is counted from, those of its groups included."""
    found = {element.name for element in visitors.iterate(measure.rows(span)) if element.__visit_name__ == "table"}  # type: ignore[attr-defined]
    dimensions = span.catalogue.dimensions
    grouped = any(dimensions[name].overlap for names in span.catalogue.groupings(measure.code) for name in names)
    return found | {TargetTag.__tablename__} if grouped else found


def _touched(path: str, where: Places, *, downwards: bool) -> set[str]:
    """The station of a path at or below it; of an office above stations, all of them."""
    station = where.station_of(path)
    if station is not None:
        return {station}
    return {station for station in where.stations if station.startswith(path)} if downwards else set()


def _twins(session: Session, touched: set[str], where: Places) -> dict[str, set[str]]:
    """Station → others that know one of its humans by the same number: their distinct persons may change with its own.

    Only of touched stations, or of one of a pair.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    if not touched:
        return beside
    here, there = aliased(IdentityDocument), aliased(IdentityDocument)
    pairs: Any = (
        select(here.station_path, there.station_path)
        .join(there, there.number_index == here.number_index)
        .where(here.station_path < there.station_path)
        .distinct()
    )
    for one, other in session.execute(pairs):
        stations = where.station_of(one), where.station_of(other)
        if None not in stations:
            for station, twin in (stations, stations[::-1]):
                if station in touched:
                    beside[str(station)].add(str(twin))
    return beside
