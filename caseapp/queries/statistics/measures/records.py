"""Service records: attendances by item, consultations, minutes; and assessments with any instrument."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from caseapp import reference
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span, age_band

CONSULTATION = "consultation"


def _domain() -> ColumnElement[Any]:
    letters = {item.code[0]: item.domain for item in reference.catalogue()}
    return case(*((func.substr(c.ServiceRecord.item, 1, 1) == letter, literal(code)) for letter, code in letters.items()))


def _records(span: Span, value: Any, *which: Any) -> Select[Any]:
    return (
        select(
            c.ServiceRecord.station_path,
            c.ServiceRecord.client_id.label("person"),
            _domain().label("domain"),
            func.substr(c.ServiceRecord.item, 1, 2).label("section"),
            c.ServiceRecord.item.label("item"),
            c.ServiceRecord.topic.label("topic"),
            age_band(span).label("served_age"),
            c.Client.sex.label("served_sex"),
            span.entry(c.ServiceRecord.happened_on),
            value.label("value"),
        )
        .outerjoin(c.Client, c.Client.id == c.ServiceRecord.client_id)
        .where(
            span.here(c.ServiceRecord.station_path),
            c.ServiceRecord.voided_at.is_(None),
            span.within(c.ServiceRecord.happened_on, c.ServiceRecord.created_at),
            span.once(c.ServiceRecord.visit_id),
            *which,
        )
    )


def _services(span: Span) -> Select[Any]:
    """One for a person named, else the heads that were counted."""
    heads = case((c.ServiceRecord.client_id.is_not(None), 1), else_=func.coalesce(c.ServiceRecord.head_count, 1))
    return _records(span, heads, c.ServiceRecord.kind != CONSULTATION)


def _consultations(span: Span) -> Select[Any]:
    return _records(span, literal(1), c.ServiceRecord.kind == CONSULTATION)


def _hours(span: Span) -> Select[Any]:
    return _records(span, c.ServiceRecord.minutes)


def _assessments(span: Span) -> Select[Any]:
    return select(
        c.Assessment.station_path, c.Assessment.client_id.label("person"), c.Assessment.reason.label("assessed"), ONE
    ).where(
        c.Assessment.state == "complete",
        c.Assessment.voided_at.is_(None),
        c.Assessment.confirmed_at.is_not(None),
        span.here(c.Assessment.station_path),
        span.within(c.Assessment.assessed_on, c.Assessment.confirmed_at),
    )


MEASURES = (
    Measure("services", _services),
    Measure("consultations", _consultations),
    Measure("hours", _hours),
    Measure("assessments", _assessments),
)
