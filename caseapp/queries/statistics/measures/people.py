"""Persons on file: at the end, newly, and no longer."""

from typing import Any

from sqlalchemy import Select, func

from caseapp.models.casework import Enrolment
from caseapp.queries.statistics.measures.measure import Measure, Span, by_person, on_file_at

MERGED = "merged"  # a duplicate that was put together: nobody left


def _on_file(span: Span) -> Select[Any]:
    return by_person(Enrolment, lambda row: (on_file_at(span.last, row), span.known(row.created_at)), span)


def _enrolled(span: Span) -> Select[Any]:
    return by_person(Enrolment, lambda row: (span.within(row.from_on, row.created_at),), span)


def _ended(span: Span) -> Select[Any]:
    """Who ended twice in a period counts once, with one of the reasons."""

    def which(row: Any) -> Any:
        entered = func.coalesce(row.ended_at, row.created_at)
        return row.to_on.is_not(None), span.within(row.to_on, entered), func.coalesce(row.end_reason, "") != MERGED

    return by_person(Enrolment, which, span, end=func.max(Enrolment.end_reason))


MEASURES = (Measure("on_file", _on_file), Measure("enrolled", _enrolled), Measure("ended", _ended))
