"""Visits: attendances, persons met, and the monthly duty to those in special hardship."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, literal, select, union_all

from caseapp import reference
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span, age_band, by_person, held_at, on_file_at

REACHED_BY = ("home", "phone", "video")


def _in(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (c.VisitPerson.voided == false(), c.VisitPerson.happened_on.between(first, last))


def _visits(span: Span) -> Select[Any]:
    return (
        select(
            c.VisitPerson.station_path,
            c.VisitPerson.client_id.label("person"),
            age_band(span),
            c.Client.sex.label("sex"),
            c.Visit.kind.label("visit_kind"),
            c.VisitPerson.outcome.label("outcome"),
            span.entry(c.VisitPerson.happened_on),
            ONE,
        )
        .join(c.Client, c.Client.id == c.VisitPerson.client_id)
        .join(c.Visit, c.Visit.id == c.VisitPerson.visit_id)
        .where(*_in(span.first, span.last))
    )


def _visited(span: Span) -> Select[Any]:
    met = (*_in(span.first, span.last), c.VisitPerson.outcome == "done")
    people = select(c.VisitPerson.client_id, c.VisitPerson.station_path).where(*met).distinct().subquery()
    return by_person(people, span)


def _month(first: date, last: date) -> Select[Any]:
    met = (
        select(c.VisitPerson.client_id)
        .join(c.Visit, c.Visit.id == c.VisitPerson.visit_id)
        .where(*_in(first, last), c.VisitPerson.outcome == "done", c.Visit.kind.in_(REACHED_BY))
        .distinct()
        .subquery()
    )
    hardship = sorted(reference.group_codes("special_elderly"))
    tagged = (
        select(c.TargetTag.client_id)
        .where(c.TargetTag.code.in_(hardship), c.TargetTag.status != "cancelled", held_at(last))
        .distinct()
        .subquery()
    )
    return (
        select(
            c.Enrolment.station_path,
            case((met.c.client_id.is_(None), literal("not_met")), else_=literal("met")).label("met"),
            c.Enrolment.client_id.label("person"),
            ONE,
        )
        .join(tagged, tagged.c.client_id == c.Enrolment.client_id)
        .outerjoin(met, met.c.client_id == c.Enrolment.client_id)
        .where(on_file_at(last))
        .distinct()
    )


def _duty(span: Span) -> Select[Any]:
    """A person-month for each month at whose end a person of the hardship groups is on file."""
    rows = union_all(*(_month(first, last) for first, last in span.months)).subquery()
    return select(*rows.c)


MEASURES = (Measure("visits", _visits), Measure("visited", _visited), Measure("duty", _duty, monthly=True))
