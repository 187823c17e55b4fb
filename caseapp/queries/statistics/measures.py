"""What is counted: one select per measure over the true rows, for `statistics refresh` in a system session only.

Each select gives rows (station_path, value codes …, value, persons); where a person stands at two stations, the row with
the smaller id counts, so that areas add up to distinct persons.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, union_all

from caseapp import reference
from caseapp.models import casework as c
from caseapp.reference.statistics import Catalogue

SPECIAL_ELDERLY = ("EL02", "EL03", "EL04", "EL05", "EL06", "EL07")
REACHED_BY = ("home", "phone", "video")


def on_file_at(day: date) -> ColumnElement[bool]:
    """An enrolment in force at the end of a day; the last day of one that ended no longer counts."""
    return and_(c.Enrolment.from_on <= day, or_(c.Enrolment.to_on.is_(None), c.Enrolment.to_on > day))


def tagged_at(day: date) -> ColumnElement[bool]:
    """A tag of special hardship in force at the end of a day."""
    return and_(
        c.TargetTag.code.in_(SPECIAL_ELDERLY),
        c.TargetTag.status != "cancelled",
        c.TargetTag.from_on <= day,
        or_(c.TargetTag.to_on.is_(None), c.TargetTag.to_on > day),
    )


def age_band(catalogue: Catalogue, day: date) -> ColumnElement[str]:
    """The age band of a client on a day."""
    bands = [band for band in catalogue.dimensions["age_band"].values if band.youngest is not None]
    steps: list[Any] = [(or_(c.Client.birth_on.is_(None), c.Client.birth_precision == "unknown"), literal("unknown"))]
    steps += [
        (c.Client.birth_on > day.replace(year=day.year - band.oldest - 1), literal(band.code))
        for band in bands
        if band.oldest is not None
    ]
    return case(*steps, else_=literal(bands[-1].code))


def sex() -> ColumnElement[str]:
    """Sex as published: male, female, unknown."""
    return case((c.Client.sex.in_(("1", "2")), c.Client.sex), else_=literal("unknown"))


def _documents() -> Any:
    """One number per client, to know one human at two stations."""
    place = func.row_number().over(partition_by=c.IdentityDocument.client_id, order_by=c.IdentityDocument.number_index)
    numbered = (
        select(c.IdentityDocument.client_id, c.IdentityDocument.number_index, place.label("place"))
        .where(c.IdentityDocument.voided_at.is_(None), c.IdentityDocument.number_index.is_not(None))
        .subquery()
    )
    return select(numbered.c.client_id, numbered.c.number_index).where(numbered.c.place == 1).subquery()


def _distinct(people: Any, band: Any, gender: Any) -> Select[Any]:
    """Counts humans once over (client_id, station_path) rows."""
    document = _documents()
    human = [document.c.number_index, case((document.c.number_index.is_(None), people.c.client_id))]
    first = func.row_number().over(partition_by=human, order_by=[people.c.client_id, people.c.station_path])
    rows = (
        select(people.c.station_path, band.label("age_band"), gender.label("sex"), first.label("first"))
        .select_from(people)
        .join(c.Client, c.Client.id == people.c.client_id)
        .outerjoin(document, document.c.client_id == people.c.client_id)
        .subquery()
    )
    parts = (rows.c.station_path, rows.c.age_band, rows.c.sex)
    return select(*parts, func.count(), func.count()).where(rows.c.first == 1).group_by(*parts)


def on_file(catalogue: Catalogue, last: date) -> Select[Any]:
    """Persons on file at the end of a day."""
    people = select(c.Enrolment.client_id, c.Enrolment.station_path).where(on_file_at(last)).subquery()
    return _distinct(people, age_band(catalogue, last), sex())


def visited(catalogue: Catalogue, first: date, last: date) -> Select[Any]:
    """Distinct persons met."""
    people = (
        select(c.VisitPerson.client_id, c.VisitPerson.station_path)
        .where(c.VisitPerson.voided == false(), c.VisitPerson.outcome == "done", c.VisitPerson.happened_on.between(first, last))
        .distinct()
        .subquery()
    )
    return _distinct(people, age_band(catalogue, last), sex())


def visits(catalogue: Catalogue, first: date, last: date) -> Select[Any]:
    """Attendances: persons of visits."""
    parts: tuple[Any, ...] = (c.VisitPerson.station_path, age_band(catalogue, last), sex())
    return (
        select(*parts, func.count(), func.count(c.VisitPerson.client_id.distinct()))
        .select_from(c.VisitPerson)
        .join(c.Client, c.Client.id == c.VisitPerson.client_id)
        .where(c.VisitPerson.voided == false(), c.VisitPerson.happened_on.between(first, last))
        .group_by(*parts)
    )


def _duty(first: date, last: date) -> Select[Any]:
    met = (
        select(c.VisitPerson.client_id)
        .join(c.Visit, c.Visit.id == c.VisitPerson.visit_id)
        .where(
            c.VisitPerson.voided == false(),
            c.VisitPerson.outcome == "done",
            c.VisitPerson.happened_on.between(first, last),
            c.Visit.kind.in_(REACHED_BY),
        )
        .distinct()
        .subquery()
    )
    tagged = select(c.TargetTag.client_id).where(tagged_at(last)).distinct().subquery()
    return (
        select(
            c.Enrolment.station_path,
            case((met.c.client_id.is_(None), literal("not_met")), else_=literal("met")).label("met"),
            c.Enrolment.client_id,
        )
        .join(tagged, tagged.c.client_id == c.Enrolment.client_id)
        .outerjoin(met, met.c.client_id == c.Enrolment.client_id)
        .where(on_file_at(last))
        .distinct()
    )


def duty(months: Sequence[tuple[date, date]], *, split: bool) -> Select[Any]:
    """Elderly people in special hardship on file at the end of each month, by whether they were met in it."""
    rows = union_all(*(_duty(first, last) for first, last in months)).subquery()
    parts = (rows.c.station_path, *((rows.c.met,) if split else ()))
    return select(*parts, func.count(), func.count(rows.c.client_id.distinct())).group_by(*parts)


def _cases(*which: Any, split: bool) -> Select[Any]:
    parts = (c.Case.station_path, *((c.Case.domain,) if split else ()))
    subjects = func.count(func.coalesce(c.Case.client_id, c.Case.household_id).distinct())
    return select(*parts, func.count(), subjects).where(c.Case.opened_on.is_not(None), *which).group_by(*parts)


def cases_opened(first: date, last: date, *, split: bool) -> Select[Any]:
    """Cases accepted in the period."""
    return _cases(c.Case.opened_on.between(first, last), c.Case.status != "declined", split=split)


def cases_active(last: date, *, split: bool) -> Select[Any]:
    """Cases accepted and not yet closed at the end of a day."""
    gone = and_(c.Case.status.in_(("declined", "referred_out")), c.Case.stage_since <= last)
    return _cases(c.Case.opened_on <= last, or_(c.Case.closed_on.is_(None), c.Case.closed_on > last), ~gone, split=split)


def cases_closed(first: date, last: date, *, split: bool) -> Select[Any]:
    """Cases closed in the period."""
    return _cases(c.Case.closed_on.between(first, last), split=split)


def hours(first: date, last: date, *, split: bool) -> Select[Any]:
    """Minutes of service records, by the domain of the item."""
    section = func.substr(c.ServiceRecord.item, 1, 1)
    letters = {item.code[0]: item.domain for item in reference.catalogue()}
    domain = case(*((section == letter, literal(code)) for letter, code in letters.items()), else_=literal("unknown"))
    parts = (c.ServiceRecord.station_path, *((domain,) if split else ()))
    return (
        select(*parts, func.sum(c.ServiceRecord.minutes), func.count(c.ServiceRecord.client_id.distinct()))
        .where(c.ServiceRecord.voided_at.is_(None), c.ServiceRecord.happened_on.between(first, last))
        .group_by(*parts)
    )
