"""Cases opened, active and closed. Of a household the household is the contributor, of a community nobody."""

from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select

from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span

OVER = ("declined", "referred_out", "closed", "follow_up", "archived")


def _cases(span: Span, *which: Any, **more: Any) -> Select[Any]:
    subject = case(
        (c.Case.client_id.is_not(None), literal("client")),
        (c.Case.household_id.is_not(None), literal("household")),
        else_=literal("community"),
    )
    return select(
        c.Case.station_path,
        func.coalesce(c.Case.client_id, c.Case.household_id).label("person"),
        c.Case.domain.label("domain"),
        subject.label("subject"),
        *(column.label(name) for name, column in more.items()),
        ONE,
    ).where(span.here(c.Case.station_path), c.Case.opened_on.is_not(None), *which)


def _written(*which: Any) -> Any:
    """When a step of a case was written down; of a case without such an event when the case was."""
    at = select(func.max(c.CaseEvent.at)).where(c.CaseEvent.case_id == c.Case.id, *which).correlate(c.Case).scalar_subquery()
    return func.coalesce(at, c.Case.created_at)


def _stood(span: Span) -> Any:
    """The stage in which each case stood at the end of a day, by its events."""
    order: list[Any] = [c.CaseEvent.happened_on.desc(), c.CaseEvent.at.desc(), c.CaseEvent.id.desc()]
    turn = func.row_number().over(partition_by=c.CaseEvent.case_id, order_by=order)
    events = (
        select(c.CaseEvent.case_id, c.CaseEvent.to_status, turn.label("turn"))
        .where(span.here(c.CaseEvent.station_path), c.CaseEvent.happened_on <= span.last, c.CaseEvent.to_status.is_not(None))
        .subquery()
    )
    return select(events.c.case_id, events.c.to_status).where(events.c.turn == 1).subquery()


def _opened(span: Span) -> Select[Any]:
    opened = _written(c.CaseEvent.step == "accept")  # once in the life of a case
    return _cases(span, span.within(c.Case.opened_on, opened), c.Case.status != "declined")


def _active(span: Span) -> Select[Any]:
    """Accepted, and at work at the end of the last day; what was closed and opened again since was closed then."""
    stood = _stood(span)
    later = case((c.Case.closed_on > span.last, literal("other")), else_=c.Case.status)  # of a case without events
    status = func.coalesce(stood.c.to_status, later)
    return _cases(
        span,
        c.Case.opened_on <= span.last,
        or_(c.Case.closed_on.is_(None), c.Case.closed_on > span.last),
        status.not_in(OVER),
        span.known(c.Case.created_at),
        status=status,
    ).outerjoin(stood, stood.c.case_id == c.Case.id)


def _closed(span: Span) -> Select[Any]:
    told = {"lost": "moved", "institution": "referred"}
    reason = case(*((c.Case.closing_reason == code, literal(other)) for code, other in told.items()), else_=c.Case.closing_reason)
    closed = _written(c.CaseEvent.to_status == "closed")
    return _cases(span, span.within(c.Case.closed_on, closed), reason=reason)


MEASURES = (Measure("cases_opened", _opened), Measure("cases_active", _active), Measure("cases_closed", _closed))
