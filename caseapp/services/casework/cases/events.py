"""Writing what happened to a case: one event for each step, with both days, and where the case stands now."""

from datetime import date
from typing import Any

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent


def note(
    case: Case,
    step: str,
    actor: Actor | None,
    *,
    to: str | None = None,
    on: date | None = None,
    text: str | None = None,
    facts: dict[str, Any] | None = None,
    klass: str | None = None,
) -> CaseEvent:
    """One event; with `to` the case changes its status from that day. `klass` is said where the event is more restricted than
    its case."""
    day = on or clock.today()
    event = CaseEvent(
        case_id=case.id,
        step=step,
        from_status=case.status if to else None,
        to_status=to,
        happened_on=day,
        at=clock.now(),
        by_id=actor.user_id if actor else None,
        facts=facts,
    )
    event.note = text
    event.belongs_to(case)
    event.klass = klass or case.klass
    db.session.add(event)
    if to is not None and to != case.status:
        case.status, case.stage_since = to, day
    if event.klass == case.klass:  # else whoever does not see the event would see that something happened
        case.updated_at = clock.now()
    return event
