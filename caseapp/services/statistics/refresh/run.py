"""Refreshing a period: whole the first time, then only the stations and measures whose rows were written since."""

from collections.abc import Mapping

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from caseapp import domains
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import Conflict
from caseapp.core.periods import Month, Period, Quarter
from caseapp.core.text import _l
from caseapp.models.casework import Enrolment
from caseapp.models.statistics import StatDue, StatFact, StatRelease, StatSnapshot
from caseapp.queries.statistics.places import places
from caseapp.reference.statistics import Catalogue, newest
from caseapp.services.statistics.refresh import marks
from caseapp.services.statistics.refresh.count import Counting
from caseapp.services.statistics.refresh.snapshot import bounds, find

# compiling a statement takes longer than running it; each is read to its end; sought rows lie in memory, or next to each other
PLANNER = {"jit": "off", "cursor_tuple_fraction": "1", "random_page_cost": "1.1", "work_mem": "128MB"}


def refresh(period: Period, *, whole: bool = False) -> int:
    """The facts of a quarter or a month are those of the rows as they now are; returns how many facts there are.

    Only a command calls this. Counts everything the first time, after a change of the catalogue, and when `whole`; else what was
    written since the last time, with the same result. Refuses a period that has not begun, and one that is settled: late
    entries count in the next period.
    """
    if period.first_day > clock.today():
        raise Conflict(_l("This quarter has not begun yet."), "period")
    with system_session(f"statistics refresh {period}", write=True) as session:
        if session.get_bind().dialect.name == "postgresql":
            # one look at the rows for all measures, so that figures agree with each other
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for name, value in PLANNER.items():
                session.execute(text(f"SET LOCAL {name} = '{value}'"))
        return _refresh(session, period, newest(), whole=whole)


def _refresh(session: Session, period: Period, catalogue: Catalogue, *, whole: bool) -> int:
    if isinstance(period, Month):
        catalogue = catalogue.monthly()
    held = find(session, period)
    released = session.scalar(select(StatRelease.id).where(StatRelease.period == str(period)).limit(1))
    settled = isinstance(period, Month) and find(session, period.quarter)
    if released or (held and held.frozen_at) or (settled and settled.frozen_at):
        raise Conflict(_l("This period is released; its figures no longer change."), "period", code="released")
    now = clock.now()
    marks.take(session)
    where = places(session)
    counting = Counting(session, period, catalogue, where, bounds(session, period, now), now)
    counted = domains.measures()
    if whole or held is None or held.catalogue_version != catalogue.version:
        counting.forget()
        todo: Mapping[str, set[str] | None] = dict.fromkeys(catalogue.linked())
    else:
        todo = marks.affected(session, period, counting.span, {code: counted[code] for code in catalogue.linked()}, where)
    for code, paths in todo.items():
        counting.count(counted[code], paths)
    session.execute(delete(StatDue).where(StatDue.period == str(period)))
    session.execute(
        update(StatFact)  # the totals of persons on file carry the time of the last look, also where nothing had changed
        .where(StatFact.period == str(period), StatFact.measure == "on_file", StatFact.dims_key == "")
        .values(refreshed_at=now)
    )
    if held is None:
        held = StatSnapshot(period=str(period))
        session.add(held)
    held.catalogue_version, held.counted_at, held.cut_off_at = catalogue.version, now, counting.bounds[1] or now
    held.facts = session.scalar(select(func.count()).select_from(StatFact).where(StatFact.period == str(period))) or 0
    return held.facts


def open_periods(session: Session) -> list[Quarter]:
    """The quarters from the first enrolment to today that are not released."""
    first = session.scalar(select(Enrolment.from_on).order_by(Enrolment.from_on).limit(1))
    released = set(session.scalars(select(StatRelease.period)))
    released |= set(session.scalars(select(StatSnapshot.period).where(StatSnapshot.frozen_at.is_not(None))))
    found, quarter = [], Quarter.of(first) if first else None
    while quarter and quarter.first_day <= clock.today():
        if str(quarter) not in released:
            found.append(quarter)
        quarter = quarter.next()
    return found
