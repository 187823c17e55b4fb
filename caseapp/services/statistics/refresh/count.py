"""Counts measures over stations, some stations at a time, and puts the facts in place of those that stood there."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, insert, literal, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.core.periods import Month, Period, Quarter, edition
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatFact
from caseapp.queries.statistics.measures import Measure, Span
from caseapp.queries.statistics.measures.tally import Cells, Groups, groups, keys, read, tally
from caseapp.queries.statistics.places import Places
from caseapp.reference.statistics import Catalogue, Dimension
from caseapp.services.statistics.refresh.snapshot import Bounds, bounds, find

AT_A_TIME = 1000  # stations whose rows are held in memory together, as numbers: some 400,000 persons


class Counting:
    """The counting of one period in one session; `number` above 0 lays what it comes to under the name of that edition."""

    def __init__(
        self,
        session: Session,
        period: Period,
        catalogue: Catalogue,
        where: Places,
        limits: Bounds,
        now: datetime,
        number: int = 0,
    ) -> None:
        self.session, self.period, self.where, self.bounds, self.now = session, period, where, limits, now
        self.catalogue, self.number = catalogue, number
        self.span = replace(Span.of(catalogue, period), since=limits[0], until=limits[1])
        self.months = tuple(self._months())
        self.paths = _paths(session, where)
        self._groups: dict[tuple[str, date, tuple[str, ...]], Groups] = {}

    def forget(self) -> None:
        """Takes away what stands, before everything is counted anew; months that are settled stay."""
        self.session.execute(delete(StatFact).where(StatFact.period == str(self.period)))

    def count(self, measure: Measure, stations: set[str] | None) -> None:
        """The facts of one measure: of all stations (None), or of those with these paths."""
        chosen = sorted(self.paths if stations is None else stations & self.paths.keys())
        for some in _pieces(chosen, AT_A_TIME):
            self._some(measure, some, fresh=stations is None)

    def _some(self, measure: Measure, stations: tuple[str, ...], *, fresh: bool) -> None:
        paths = tuple(path for station in stations for path in self.paths[station])
        ids = [self.where.stations[station] for station in stations]
        groupings = self.catalogue.groupings(measure.code)
        names, spans = zip(*(self.months if measure.monthly else ((str(self.period), self.span),)), strict=True)
        spans = tuple(span.at(paths=paths) for span in spans)
        rows = read(self.session, measure, spans, groupings, self.where.of, self._held)
        if measure.monthly and isinstance(self.period, Quarter):
            for part, name in enumerate(names):
                if self.number or not self._is_settled(name):
                    self._replace(measure, name, ids, groupings, tally(rows, groupings, part), fresh=False)
        self._replace(measure, str(self.period), ids, groupings, tally(rows, groupings), fresh=fresh)

    def _held(self, span: Span, dimension: Dimension) -> Groups:
        key = (dimension.code, span.last, span.paths)
        if key not in self._groups:
            self._groups = {key: groups(self.session, dimension, span)}  # of the last stations only
        return self._groups[key]

    def _replace(
        self, measure: Measure, period: str, ids: list[UUID], groupings: list[tuple[str, ...]], cells: Cells, *, fresh: bool
    ) -> None:
        """What differs from what stands is written; `fresh`: nothing stands."""
        period = edition(period, self.number)
        stands = {} if fresh else _standing(self.session, measure.code, period, ids)
        facts = []
        told: dict[tuple[int, tuple[str, ...]], tuple[dict[str, str], str]] = {}
        for ((area, station), number, values), cell in cells.items():
            if (number, values) not in told:
                told[number, values] = keys(groupings, number, values)
            dims, key = told[number, values]
            held = stands.get((area, station, key))
            if held is not None and held[1:] == cell:
                del stands[area, station, key]
                continue
            facts.append(
                {
                    "id": uuid7(),
                    "measure": measure.code,
                    "period": period,
                    "area": area,
                    "station_id": station,
                    "dims": dims,
                    "dims_key": key,
                    "value": cell.value,
                    "persons": cell.persons,
                    "largest": cell.largest,
                    "refreshed_at": self.now,
                }
            )
        _remove(self.session, [held[0] for held in stands.values()])
        _write(self.session, facts)

    def _months(self) -> Iterator[tuple[str, Span]]:
        """The months of the span that have begun, each with its own cut-off."""
        names = [name for name, _first, _last in self.period.months()] if isinstance(self.period, Quarter) else [str(self.period)]
        for name, span in zip(names, self.span.months, strict=False):
            yield name, replace(span, until=bounds(self.session, Month.read(name), self.now)[1])

    def _is_settled(self, name: str) -> bool:
        held = find(self.session, Month.read(name))
        return held is not None and held.frozen_at is not None


def _standing(session: Session, measure: str, period: str, ids: list[UUID]) -> dict[tuple[str, UUID, str], tuple[Any, ...]]:
    """(area, station, key) → id, value, persons and largest of the facts that stand."""
    fact = StatFact
    rows = session.execute(
        select(fact.area, fact.station_id, fact.dims_key, fact.id, fact.value, fact.persons, fact.largest).where(
            fact.measure == measure, fact.period == period, fact.station_id.in_(ids)
        )
    )
    return {(area, station, key): tuple(rest) for area, station, key, *rest in rows}


def _remove(session: Session, ids: list[UUID]) -> None:
    """Takes facts away; on PostgreSQL by one array: thousands of parameters take longer to be written down than to be found."""
    if ids and session.get_bind().dialect.name == "postgresql":
        session.execute(delete(StatFact).where(StatFact.id == any_(literal(ids, ARRAY(Uuid)))))
        return
    for some in _pieces(ids, 5000):
        session.execute(delete(StatFact).where(StatFact.id.in_(some)))


def _write(session: Session, facts: list[dict[str, Any]]) -> None:
    """Adds facts; on PostgreSQL as a copy, which takes a tenth of the time of single rows."""
    if not facts:
        return
    if session.get_bind().dialect.name != "postgresql":
        session.execute(insert(StatFact), facts)
        return
    driver: Any = session.connection().connection
    with driver.cursor() as cursor, cursor.copy(f"COPY stat_fact ({', '.join(facts[0])}) FROM STDIN") as copy:
        for fact in facts:
            copy.write_row([json.dumps(value) if name == "dims" else value for name, value in fact.items()])


def _paths(session: Session, where: Places) -> dict[str, tuple[str, ...]]:
    """Station path → it and the service points below it, whose rows count at the station."""
    found: dict[str, list[str]] = {path: [] for path in where.stations}
    for path in session.scalars(select(Organisation.path).order_by(Organisation.path)):
        station = where.station_of(path)
        if station is not None:
            found[station].append(path)
    return {station: tuple(paths) for station, paths in found.items()}


def _pieces(items: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    every = list(items)
    for start in range(0, len(every), size):
        yield tuple(every[start : start + size])
