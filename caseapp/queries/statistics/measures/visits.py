"""Visits: attendances, persons met, and the monthly duty to those in special hardship."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, literal, select
from sqlalchemy.orm import aliased

from caseapp import reference
from caseapp.models import casework as c
from caseapp.queries.statistics.measures.measure import ONE, Measure, Span, age_band, by_person, held_at, on_file_at

REACHED_BY = ("home", "phone", "video")


def _counts(span: Span, row: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether a person's line of a visit counts in the span."""
    visit = aliased(c.Visit)
    entered = select(visit.created_at).where(visit.id == row.visit_id).correlate_except(visit).scalar_subquery()
    return row.voided == false(), span.within(row.happened_on, entered), span.once(row.visit_id)


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
        .where(span.here(c.VisitPerson.station_path), *_counts(span, c.VisitPerson))
    )


def _visited(span: Span) -> Select[Any]:
    return by_person(c.VisitPerson, lambda row: (row.outcome == "done", *_counts(span, row)), span)


def _duty(span: Span) -> Select[Any]:
    """The persons of the hardship groups on file at the end of one month, and whether they were reached in it."""
    reached = (
        select(c.VisitPerson.client_id)
        .join(c.Visit, c.Visit.id == c.VisitPerson.visit_id)
        .where(
            span.here(c.VisitPerson.station_path),
            c.VisitPerson.voided == false(),
            c.VisitPerson.happened_on.between(span.first, span.last),
            c.VisitPerson.outcome == "done",
            c.Visit.kind.in_(REACHED_BY),
            span.known(c.Visit.created_at),
        )
    )
    hardship = sorted(reference.group_codes("special_elderly"))
    tagged = select(c.TargetTag.client_id).where(
        span.here(c.TargetTag.station_path),
        c.TargetTag.code.in_(hardship),
        c.TargetTag.status != "cancelled",
        held_at(span.last),
    )
    return (
        select(
            c.Enrolment.station_path,
            case((c.Enrolment.client_id.in_(reached), literal("met")), else_=literal("not_met")).label("met"),
            c.Enrolment.client_id.label("person"),
            ONE,
        )
        .where(
            c.Enrolment.client_id.in_(tagged),
            span.here(c.Enrolment.station_path),
            on_file_at(span.last),
            span.known(c.Enrolment.created_at),
        )
        .distinct()
    )


MEASURES = (Measure("visits", _visits), Measure("visited", _visited), Measure("duty", _duty, monthly=True))
