"""What was written since a period was counted: marks that triggers set, spread over the periods that are not settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import visitors

from caseapp.core.periods import Period, read_period
from caseapp.models.casework import IdentityDocument, TargetTag
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatDue, StatMark, StatSnapshot
from caseapp.queries.statistics.measures import Measure, Span

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


def affected(session: Session, period: Period, span: Span, measures: Mapping[str, Measure]) -> dict[str, set[str] | None]:
    """Measure → the paths of the stations that it is to be counted anew for, by what is due for the period."""
    due = session.execute(select(StatDue.station_path, StatDue.what).where(StatDue.period == str(period))).all()
    stations = sorted(session.scalars(select(Organisation.path).where(Organisation.kind == "station")))
    found: dict[str, set[str]] = defaultdict(set)
    for path, what in due:
        found[what] |= _touched(path, stations, downwards=what == "organisation")
    if any(found[what] for what in TWINS if what in found):
        _add_twins(session, found, stations)
    everywhere = found.pop("organisation", set())
    todo: dict[str, set[str] | None] = {}
    for code, measure in measures.items():
        read = tables(measure, span)
        paths = everywhere.union(*(held for what, held in found.items() if what in read))
        if paths:
            todo[code] = paths
    return todo


def tables(measure: Measure, span: Span) -> set[str]:
    """The names of the tables that a measure is counted from, those of its groups included."""
    found = {element.name for element in visitors.iterate(measure.rows(span)) if element.__visit_name__ == "table"}  # type: ignore[attr-defined]
    dimensions = span.catalogue.dimensions
    grouped = any(dimensions[name].overlap for names in span.catalogue.groupings(measure.code) for name in names)
    return found | {TargetTag.__tablename__} if grouped else found


def _touched(path: str, stations: Iterable[str], *, downwards: bool) -> set[str]:
    """The station of a path at or below it; of an office above stations, all of them."""
    return {station for station in stations if path.startswith(station) or (downwards and station.startswith(path))}


def _at(session: Session, stations: set[str]) -> list[str]:
    """The stations and the service points below them."""
    return [path for path in session.scalars(select(Organisation.path)) if _touched(path, stations, downwards=False)]


def _add_twins(session: Session, found: dict[str, set[str]], stations: list[str]) -> None:
    """Stations that know one of the humans of the touched ones by the same number: their distinct persons may change too."""
    here, there = aliased(IdentityDocument), aliased(IdentityDocument)
    touched = {path for what in TWINS if what in found for path in found[what]}
    pairs: Any = (
        select(here.station_path, there.station_path)
        .join(there, there.number_index == here.number_index)
        .where(here.station_path.in_(_at(session, touched)), there.station_path != here.station_path)
        .distinct()
    )
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in session.execute(pairs):
        for station in _touched(one, stations, downwards=False):
            beside[station] |= _touched(other, stations, downwards=False)
    for what in TWINS:
        if what in found:
            found[what] |= {other for station in found[what] for other in beside.get(station, ())}
