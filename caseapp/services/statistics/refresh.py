"""Fills the facts of a quarter from the true rows, in a system session; shows them to nobody."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Quarter
from caseapp.core.text import _l
from caseapp.models.casework import Enrolment
from caseapp.models.statistics import StatFact, StatRelease
from caseapp.queries.statistics import measures
from caseapp.queries.statistics.places import Places, places
from caseapp.reference.statistics import Catalogue, newest

Sums = dict[tuple[str, UUID, str], list[int]]


def refresh(period: Quarter) -> int:
    """The facts of a quarter are those of the rows as they now are; returns how many facts there are.

    Only a command calls this. Refuses a quarter that has not begun, and one that is released: its facts are the
    snapshot behind the release, late entries count in the next quarter.
    """
    if period.first_day > clock.today():
        raise Conflict(_l("This quarter has not begun yet."), "period")
    with system_session(f"statistics refresh {period}", write=True) as session:
        if session.scalar(select(StatRelease.id).where(StatRelease.period == str(period))):
            raise Conflict(_l("This quarter is released; its figures no longer change."), "period", code="released")
        return _fill(session, period, newest())


def open_periods(session: Session) -> list[Quarter]:
    """The quarters from the first enrolment to today that are not released."""
    first = session.scalar(select(Enrolment.from_on).order_by(Enrolment.from_on).limit(1))
    released = set(session.scalars(select(StatRelease.period)))
    found, quarter = [], Quarter.of(first) if first else None
    while quarter and quarter.first_day <= clock.today():
        if str(quarter) not in released:
            found.append(quarter)
        quarter = quarter.next()
    return found


def _fill(session: Session, period: Quarter, catalogue: Catalogue) -> int:
    where = places(session)
    first, last = period.first_day, period.last_day
    months = period.months()
    spans = [(begins, ends) for _name, begins, ends in months]
    quarterly: dict[str, list[tuple[Any, tuple[str, ...]]]] = {
        "on_file": [(measures.on_file(catalogue, last), ("age_band", "sex"))],
        "visits": [(measures.visits(catalogue, first, last), ("age_band", "sex"))],
        "visited": [(measures.visited(catalogue, first, last), ("age_band", "sex"))],
        "cases_opened": [(measures.cases_opened(first, last, split=s), _by(s)) for s in (True, False)],
        "cases_active": [(measures.cases_active(last, split=s), _by(s)) for s in (True, False)],
        "cases_closed": [(measures.cases_closed(first, last, split=s), _by(s)) for s in (True, False)],
        "hours": [(measures.hours(first, last, split=s), _by(s)) for s in (True, False)],
        "duty": [(measures.duty(spans, split=s), _by(s, "met")) for s in (True, False)],
    }
    facts: list[dict[str, Any]] = []
    for measure, selects in quarterly.items():
        for query, dims in selects:
            facts += _facts(measure, str(period), dims, session.execute(query), where)
    for name, begins, ends in months:
        facts += _facts("duty", name, ("met",), session.execute(measures.duty([(begins, ends)], split=True)), where)
    session.execute(delete(StatFact).where(StatFact.period.in_([str(period), *(name for name, _a, _b in months)])))
    for start in range(0, len(facts), 5000):
        session.execute(insert(StatFact), facts[start : start + 5000])
    return len(facts)


def _by(split: bool, name: str = "domain") -> tuple[str, ...]:
    return (name,) if split else ()


def _facts(measure: str, period: str, dims: tuple[str, ...], rows: Iterable[Any], where: Places) -> list[dict[str, Any]]:
    """Rows (path, codes …, value, persons) as facts per township and station; service points count at their station."""
    sums: Sums = defaultdict(lambda: [0, 0])
    codes: dict[str, dict[str, str]] = {}
    known: dict[str, Any] = {}
    for path, *values, value, persons in rows:
        if path not in known:
            known[path] = where.of(path)
        place = known[path]
        if place is None:
            continue  # rows of an organisation that is no station's any more
        found = dict(zip(dims, values, strict=True))
        key = ";".join(f"{name}={code}" for name, code in found.items())
        codes[key] = found
        sums[(*place, key)][0] += int(value or 0)
        sums[(*place, key)][1] += int(persons)
    now = clock.now()
    return [
        {
            "id": uuid7(),
            "measure": measure,
            "period": period,
            "area": area,
            "station_id": station,
            "dims": codes[key],
            "dims_key": key,
            "value": value,
            "persons": persons,
            "refreshed_at": now,
        }
        for (area, station, key), (value, persons) in sums.items()
    ]
