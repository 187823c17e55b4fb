"""Counting a settled period once more, for a correction: the rows as they now are, entered until the period's own cut-off.

What it comes to is laid beside the facts of the period, which never change, under a name of its own (`2026Q3.1` beside `2026Q3`).
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import domains
from caseapp.core import clock
from caseapp.core.periods import Quarter, edition, editions
from caseapp.models.statistics import StatFact, StatSnapshot
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import Catalogue
from caseapp.services.statistics.refresh.count import Counting
from caseapp.services.statistics.refresh.snapshot import bounds, find, mark


def recount(session: Session, period: Quarter, number: int, catalogue: Catalogue) -> None:
    """The facts of a settled quarter and its months as its rows now are, as edition `number` of it (1 for the first correction).

    What an earlier try has left under the same name goes. Needs a system session that writes; on PostgreSQL one that keeps to
    one look at the rows.
    """
    now = clock.now()
    session.execute(delete(StatFact).where(StatFact.period.in_(editions(period, number))))
    counting = Counting(session, period, catalogue, places(session), bounds(session, period, now), now, number)
    counted = domains.measures()
    for code in catalogue.linked():
        counting.count(counted[code], None)


def restore(session: Session, period: Quarter, number: int, kept: Iterable[tuple[str, str, Iterable[str]]], before: int) -> None:
    """Puts back in an edition what stays as it was in edition `before` (0: the period's own facts).

    `kept` names (area, station, measures). Needs a system session that writes.
    """
    columns = [column for column in StatFact.__table__.columns if column.name not in ("id", "period")]
    names = dict(zip(editions(period, before), editions(period, number), strict=True))
    for area, station, measures in kept:
        place = (StatFact.area == area, StatFact.station_id == UUID(station), StatFact.measure.in_(list(measures)))
        for old, new in names.items():
            session.execute(delete(StatFact).where(StatFact.period == new, *place))
            rows = session.execute(select(*columns).where(StatFact.period == old, *place)).mappings().all()
            if rows:
                session.execute(insert(StatFact), [{**row, "id": uuid7(), "period": new} for row in rows])


def freeze_edition(session: Session, period: Quarter, number: int) -> StatSnapshot:
    """Settles an edition, its months with it: from now on the database refuses to change its facts."""
    now, own = clock.now(), find(session, period)
    found = None
    for name, plain in zip(editions(period, number), editions(period, 0), strict=True):
        made = StatSnapshot(
            period=name,
            catalogue_version=own.catalogue_version if own else "",
            counted_at=now,
            cut_off_at=own.cut_off_at if own else None,
            facts=session.scalar(select(func.count()).select_from(StatFact).where(StatFact.period == name)) or 0,
            part_of=None if plain == str(period) else edition(str(period), number),
        )
        if plain == str(period):
            made.mark, found = mark(session, period, number), made
        made.frozen_at = now
        session.add(made)
    session.flush()
    if found is None:
        raise LookupError(f"{period} has no edition {number}")
    return found
