"""The true facts behind a release: which, up to which day, and under which mark."""

from datetime import date
from typing import Any

from sqlalchemy import select

from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Period, editions, is_month, plain_name, read_period
from caseapp.core.text import _l
from caseapp.models.statistics import StatFact, StatRelease
from caseapp.services.statistics import history
from caseapp.services.statistics.cells import Fact
from caseapp.services.statistics.refresh import mark


def behind(session: Any, release: StatRelease) -> list[Fact]:
    """The facts that a release was made from: those of its period, or of the edition that a correction stands on."""
    return facts_of(session, read_period(release.period), release.edition)[0]


def facts_of(session: Any, period: Period, number: int = 0) -> tuple[list[Fact], date, str]:
    """The true facts behind a quarter or a month (or an edition of a quarter), the day they were counted up to, and their keyed mark."""
    names = editions(period, number)
    query = (
        select(
            StatFact.measure,
            StatFact.period,
            StatFact.area,
            StatFact.value,
            StatFact.persons,
            StatFact.largest,
            StatFact.refreshed_at,
            StatFact.station_id,
            StatFact.dims_key,
        )
        .where(StatFact.period.in_(names))
        .order_by(StatFact.measure, StatFact.period, StatFact.area, StatFact.station_id, StatFact.dims_key)
    )
    rows = session.execute(query).all()
    cut_off = clock.local(max(row.refreshed_at for row in rows)).date() if rows else None
    if cut_off is None or cut_off <= period.last_day or (is_month(str(period)) and not history.is_counted(session, period)):
        raise Conflict(_l("Run the refresh of this period after its end first."), "period", code="no_facts")
    facts = [
        Fact(
            row.measure,
            plain_name(row.period),
            row.area,
            row.dims_key,
            row.value,
            row.persons,
            str(row.station_id),
            row.largest,
        )
        for row in rows
    ]
    return facts, cut_off, mark(session, period, number)
