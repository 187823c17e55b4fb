"""Settling a period: what was entered until when, the hash over its facts, and from then on the database keeps them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Month, Period, Quarter, edition, plain_name, read_period
from caseapp.core.text import _l
from caseapp.models.statistics import StatFact, StatSnapshot
from caseapp.reference.statistics import newest

Bounds = tuple[datetime | None, datetime | None]  # entered after … (of earlier days), entered until …


def find(session: Session, period: Period) -> StatSnapshot | None:
    """How a period was counted, if it was."""
    return session.scalars(select(StatSnapshot).where(StatSnapshot.period == str(period))).one_or_none()


def bounds(session: Session, period: Period, now: datetime) -> Bounds:
    """What counts in a period by the instant of its entry.

    The cut-off is the end of the tenth day after the period (T+10). Where the tenth day was over before the first period of all
    was settled, the period is of the time before there were figures: what stands in the ledgers counts. A settled period keeps
    the cut-off that it was settled with. What was entered after the cut-off of the settled period before, of days before this one, counts here and nowhere else.
    """
    before = find(session, period.before())
    since = before.cut_off_at if before and before.frozen_at else None
    if period.last_day >= clock.local(now).date():
        return since, None
    held = find(session, period)
    if held is not None and held.frozen_at and held.cut_off_at:
        return since, held.cut_off_at
    cut_off = clock.midnight(period.last_day + timedelta(days=newest().cut_off_days + 1))
    began = session.scalar(select(func.min(StatSnapshot.frozen_at)))
    is_backlog = began is None or began > cut_off
    return since, now if is_backlog else min(now, cut_off - timedelta(microseconds=1))


def freeze(session: Session, period: Period) -> StatSnapshot:
    """Settles the facts of a period that is over; the same again when it is settled already.

    Conflict where it was not counted after its end, where a later period of its kind is settled, or where the period before is
    open although an earlier one is settled: late entries would count twice or nowhere. The months of a quarter are settled with it.
    """
    held = find(session, period)
    if held is not None and held.frozen_at and (not held.part_of or held.facts):  # counted for itself, settled with its quarter
        return held
    if held is None or held.part_of or clock.local(held.counted_at).date() <= period.last_day:
        raise Conflict(_l("Run the refresh of this period after its end first."), "period", code="no_facts")
    require_order(session, period)
    now = clock.now()
    held.mark, held.frozen_at = mark(session, period), now
    if isinstance(period, Quarter):
        for name, _first, _last in period.months():
            month = find(session, Month.read(name))
            if month is None:
                month = StatSnapshot(period=name, catalogue_version=held.catalogue_version, counted_at=held.counted_at)
                month.part_of = str(period)
                session.add(month)
            if month.frozen_at is None:
                month.part_of, month.cut_off_at, month.frozen_at = str(period), held.cut_off_at, now
    session.flush()
    return held


def require_order(session: Session, period: Period) -> None:
    """Refuses to settle a period before the one that comes first, or after a later one of its kind (quarters, months)."""
    kind = type(period)
    settled = [
        read_period(plain_name(name))
        for name in session.scalars(select(StatSnapshot.period).where(StatSnapshot.frozen_at.is_not(None)))
    ]
    alike: list[Any] = [other for other in settled if isinstance(other, kind)]
    if any(other > period for other in alike) or (alike and period not in alike and period.before() not in alike):
        raise Conflict(
            _l("Settle the quarters in their order: late entries count in the next one."), "period", code="out_of_order"
        )


def mark(session: Session, period: Period, number: int = 0) -> str:
    """A keyed hash over the facts of a period, or of an edition of it, those of its months included.

    Keyed: a bare hash of true numbers could be tried out by somebody who lacks only a few of them.
    """
    names = [str(period), *(name for name, _first, _last in period.months())] if isinstance(period, Quarter) else [str(period)]
    names = [edition(name, number) for name in names]
    columns = (
        StatFact.measure,
        StatFact.period,
        StatFact.area,
        StatFact.station_id,
        StatFact.dims_key,
        StatFact.value,
        StatFact.persons,
        StatFact.largest,
    )
    digest = hashlib.sha256()
    for row in session.execute(select(*columns).where(StatFact.period.in_(names)).order_by(*columns[:5])):
        digest.update(",".join(map(str, row)).encode() + b"\n")
    return keys.ring().index("statistics facts", digest.hexdigest()).hex()
