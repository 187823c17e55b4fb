"""The measure of community governance: requests of residents by whether the answer kept the promised day, and by whether it satisfied."""

from typing import Any

from sqlalchemy import Select, and_, case, literal, or_, select

from caseapp.models.details.governance import GovernanceRequest
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span


def _requests(span: Span) -> Select[Any]:
    """By how each stood at the end of the last day; of somebody not on file nobody is named."""
    row = GovernanceRequest
    open_then = or_(row.answered_on.is_(None), row.answered_on > span.last)
    kept = case(
        (and_(open_then, row.due_on < span.last), literal("overdue")),
        (open_then, literal("waiting")),
        (row.answered_on <= row.due_on, literal("in_time")),
        else_=literal("late"),
    ).label("answered")
    satisfied = case((open_then, literal("not_asked")), else_=row.satisfied).label("satisfied")
    return select(row.station_path, row.client_id.label("person"), kept, satisfied, ONE).where(
        span.here(row.station_path), row.state != "void", span.within(row.asked_on, row.created_at)
    )


MEASURES = (Measure("resident_requests", _requests),)
