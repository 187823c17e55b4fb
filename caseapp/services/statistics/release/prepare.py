"""The maker's part: asks for a release to be prepared, follows it, takes it back."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.access.system import joined, system_session
from caseapp.adapters import queue
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import AppError, Conflict, NotFound
from caseapp.core.periods import Month, Period, read_period
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.statistics import StatPreparation, StatRelease
from caseapp.models.statistics.preparation import OPEN
from caseapp.services.statistics import history
from caseapp.services.statistics.gate import Effort
from caseapp.services.statistics.refresh import require_order
from caseapp.services.statistics.release import correct, kept
from caseapp.services.statistics.release.facts import facts_of
from caseapp.services.statistics.release.make import (
    THOROUGH,
    Made,
    Say,
    in_force,
    last,
    make,
    require_highest,
    require_over,
)
from caseapp.services.trust import audit, jobs

KIND = "statistics.release"


def prepare(period: Period, reason: str, actor: Actor, effort: Effort = THOROUGH, *, corrects: bool = False) -> StatPreparation:
    """A release of a quarter or a month is on its way: protected and examined by a worker, or at once in a demo; shown to nobody yet.

    The highest bureau of the deployment may. Refuses a period that is not over, has no facts from after its end, is released
    already, or is being prepared. With `corrects` it is a correction of a quarter that is released: counted once more, and
    refused where nothing of it may change; a month is never corrected, its late entries count in the next one. Leaves a named event in the trail.
    """
    policy.require(actor, Permission.RELEASE_MAKE)
    require_over(period)
    with lifted("are there facts"), joined(f"statistics release {period}: may it be made") as session:
        require_highest(session, actor)
        old = in_force(session, str(period))
        if corrects and isinstance(period, Month):
            raise Conflict(_l("A month is not corrected; what came in late counts in the next one."), "period", code="no_month")
        if corrects and old is None:
            raise Conflict(_l("This quarter is not released; there is nothing to correct."), "period", code="not_released")
        if old is not None and not corrects:
            raise Conflict(_l("This period is released; its figures no longer change."), "period", code="released")
        facts_of(session, period)
        history.require_counted(session, period)
        if old is None:
            _require_place(session, period)
        _make_way(session, str(period))
        supersedes_id = old.id if old else None
    row = StatPreparation(
        path=actor.paths[0],
        period=str(period),
        supersedes_id=supersedes_id,
        state="waiting",
        reason=reason,
        made_by_id=actor.user_id,
        made_by=actor.user_name,
        made_at=clock.now(),
    )
    db.session.add(row)
    event = "statistics.correction_prepared" if corrects else "statistics.prepared"
    audit.record(db.session, event, row, reason=f"{period}: {reason}")
    db.session.flush()
    job = jobs.ask(KIND, row.id, row.path, actor, at_once=queue.is_immediate())
    row.job_id = job.id
    db.session.flush()
    if queue.is_immediate():
        with lifted("in a demo who asks for the work does it"), joined(f"statistics release {period}") as session:
            made = make(session, period, lambda _percent, _step: None, effort, _laid(session, row.supersedes_id))
        finish(row, made)
        jobs.ended(job)
        db.session.flush()
    return row


def _require_place(session: Any, period: Period) -> None:
    """Periods come out in their order; a month also after its quarter, for as long as nothing later is out."""
    if isinstance(period, Month) and str(period.quarter) in history.released(session):
        later = [name for name in history.released(session) if read_period(name).first_day > period.quarter.last_day]
        if later:
            words = _l("A later period is published already; this month can no longer be.")
            raise Conflict(words, "period", code="out_of_order")
        return
    require_order(session, period)


def _make_way(session: Any, period: str) -> None:
    """One preparation of a quarter at a time; one that the facts or the past have left behind does not stand in the way."""
    there = session.scalar(select(StatPreparation).where(StatPreparation.period == period, StatPreparation.state.in_(OPEN)))
    if there is None:
        return
    if there.state == "ready" and is_behind(session, there):
        there.state = "expired"
        session.flush()
        return
    raise Conflict(_l("This period is being prepared already; take that back first."), "period", code="being_prepared")


def is_behind(session: Any, row: StatPreparation) -> bool:
    """Whether facts or past are not those that a preparation was made from any more."""
    newest = last(session)
    if ((newest.head or "") if newest else "") != row.past_head:
        return True
    try:
        return facts_of(session, read_period(row.period), (row.params or {}).get("edition", 0))[2] != row.facts_mark
    except Conflict:
        return True  # counted anew and not up to the end


def finish(row: StatPreparation, made: Made) -> None:
    """What was made waits for a second person, unless the attack found somebody in it."""
    kept.put(row, made)
    row.state, row.ready_at = "ready" if made.gate.get("passed") else "failed", clock.now()


def cancel(preparation_id: UUID, words: str, actor: Actor) -> StatPreparation:
    """The bureau takes a preparation back that is not published; a worker that is at it stops at its next step."""
    policy.require(actor, Permission.RELEASE_MAKE)
    row = db.session.get(StatPreparation, preparation_id)
    if row is None:
        raise NotFound()
    if row.state not in OPEN:
        raise Conflict(_l("This preparation is closed already."), code="closed")
    if row.job_id is not None and row.state != "ready":
        jobs.cancel(row.job_id)
    row.state, row.answer = "cancelled", words
    audit.record(db.session, "statistics.preparation_cancelled", row, reason=f"{row.period}: {words}")
    db.session.flush()
    return row


def carry_out(preparation_id: UUID, say: Say) -> None:
    """The work of a preparation, in a worker: reads and reckons without holding a transaction, writes once at the end."""
    with system_session("statistics release: which") as session:
        row = session.get_one(StatPreparation, preparation_id)
        period, state, supersedes_id = read_period(row.period), row.state, row.supersedes_id
    if state not in ("waiting", "running"):
        raise jobs.Cancelled
    _now(preparation_id, "running")
    try:
        if supersedes_id is not None:
            say(1, "recount")
            with system_session(f"statistics correction {period}: counted once more", write=True) as session:
                if session.get_bind().dialect.name == "postgresql":
                    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                _laid(session, supersedes_id)
        with system_session(f"statistics release {period}") as session:
            made = make(session, period, say, corrects=session.get(StatRelease, supersedes_id) if supersedes_id else None)
        say(96, "storing")
        with system_session(f"statistics release {period}: storing", write=True) as session:
            row = session.get_one(StatPreparation, preparation_id)
            if row.state != "running":
                raise jobs.Cancelled
            finish(row, made)
    except jobs.Cancelled:
        _now(preparation_id, "cancelled")
        raise
    except AppError:
        _now(preparation_id, "failed")
        raise


def _laid(session: Any, release_id: UUID | None) -> StatRelease | None:
    """The release that is to be corrected, once the facts of the correction are laid beside its own; None where none is."""
    if release_id is None:
        return None
    old: StatRelease = session.get_one(StatRelease, release_id)
    correct.lay(session, old, history.contractors(session))
    return old


def _now(preparation_id: UUID, state: str) -> None:
    with system_session("statistics release: state", write=True) as session:
        row = session.get_one(StatPreparation, preparation_id)
        if row.state in ("waiting", "running"):
            row.state = state
