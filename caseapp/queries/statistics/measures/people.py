"""Persons on file: at the end, newly, and no longer."""

from typing import Any

from sqlalchemy import Select, func, select

from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import Measure, Span, by_person, on_file_at

MERGED = "merged"  # a duplicate that was put together: nobody left


def _on_file(span: Span) -> Select[Any]:
    people = select(c.Enrolment.client_id, c.Enrolment.station_path).where(on_file_at(span.last)).subquery()
    return by_person(people, span)


def _enrolled(span: Span) -> Select[Any]:
    people = (
        select(c.Enrolment.client_id, c.Enrolment.station_path)
        .where(c.Enrolment.from_on.between(span.first, span.last))
        .distinct()
    )
    return by_person(people.subquery(), span)


def _ended(span: Span) -> Select[Any]:
    """Who ended twice in a quarter counts once, with one of the reasons."""
    people = (
        select(c.Enrolment.client_id, c.Enrolment.station_path, func.max(c.Enrolment.end_reason).label("end"))
        .where(c.Enrolment.to_on.between(span.first, span.last), func.coalesce(c.Enrolment.end_reason, "") != MERGED)
        .group_by(c.Enrolment.client_id, c.Enrolment.station_path)
    )
    return by_person(people.subquery(), span, "end")


MEASURES = (Measure("on_file", _on_file), Measure("enrolled", _enrolled), Measure("ended", _ended))
