"""Fills the facts of a quarter from the true rows, in a system session; shows them to nobody."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import domains
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Quarter
from caseapp.core.text import _l
from caseapp.models.casework import Enrolment
from caseapp.models.statistics import StatFact, StatRelease
from caseapp.queries.statistics.measures import Span
from caseapp.queries.statistics.places import Places, places
from caseapp.reference.statistics import Catalogue, Dimension, key_of, newest

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
    where, counted = places(session), domains.measures()
    spans = {str(period): Span.of(catalogue, period)}
    monthly = {name: Span.month(catalogue, first, last) for name, first, last in period.months()}
    facts: list[dict[str, Any]] = []
    for code in catalogue.linked():
        measure = counted[code]
        for name, span in (spans | monthly if measure.monthly else spans).items():
            for dims in catalogue.groupings(code):
                rows = session.execute(measure.counted(span, dims))
                facts += _facts(code, name, [catalogue.dimensions[dim] for dim in dims], rows, where)
    session.execute(delete(StatFact).where(StatFact.period.in_([*spans, *monthly])))
    for start in range(0, len(facts), 5000):
        session.execute(insert(StatFact), facts[start : start + 5000])
    return len(facts)


def _facts(measure: str, period: str, dims: list[Dimension], rows: Iterable[Any], where: Places) -> list[dict[str, Any]]:
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
        found = _told(dims, values)
        key = key_of(found)
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


def _told(dims: list[Dimension], codes: Iterable[Any]) -> dict[str, str]:
    """The values that codes of the rows count under; a code that the catalogue does not know must not be lost in silence."""
    found = {}
    for dimension, code in zip(dims, codes, strict=True):
        value = dimension.told(code)
        if value is None:
            raise Conflict(_l("A figure cannot be counted: %(what)s has no value %(code)s.", what=dimension.code, code=str(code)))
        found[dimension.code] = value
    return found
