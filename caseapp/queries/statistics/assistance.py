"""The measure of social assistance: applications handed in with the station's help, by the authority's answer."""

from typing import Any

from sqlalchemy import Select, case, literal, or_, select

from caseapp.models.details.assistance import AidRequest
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span


def _applications(span: Span) -> Select[Any]:
    """By how each stood at the end of the last day; the household is the contributor, else the person.

    Once, by the day it was handed in first, also where the authority wanted more and it was handed in again.
    """
    answered = or_(AidRequest.answered_on.is_(None), AidRequest.answered_on > span.last)
    state = case((answered, literal("waiting")), else_=AidRequest.state).label("aid_answer")
    family = case((AidRequest.household_id.is_not(None), AidRequest.household_id), else_=AidRequest.client_id)
    return select(AidRequest.station_path, family.label("person"), state, ONE).where(
        span.here(AidRequest.station_path), span.within(AidRequest.first_handed_in_on, AidRequest.first_handed_in_at)
    )


MEASURES = (Measure("aid_requests", _applications),)
