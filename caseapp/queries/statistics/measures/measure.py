"""A measure: which rows it is made of. How they are grouped is the same for all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from caseapp.core.periods import Quarter
from caseapp.models import casework as c
from caseapp.reference.statistics import Catalogue, Dimension

ONE: Any = literal(1).label("value")  # a thing that counts once


@dataclass(frozen=True)
class Span:
    """The days that are counted; `months` are what a monthly measure goes by."""

    catalogue: Catalogue
    first: date
    last: date
    months: tuple[tuple[date, date], ...]

    @classmethod
    def of(cls, catalogue: Catalogue, quarter: Quarter, until: date | None = None) -> "Span":
        """A quarter, or what is over of it."""
        end = min(quarter.last_day, until or quarter.last_day)
        months = tuple((first, min(last, end)) for _name, first, last in quarter.months() if first <= end)
        return cls(catalogue, quarter.first_day, end, months)

    @classmethod
    def month(cls, catalogue: Catalogue, first: date, last: date) -> "Span":
        """One month."""
        return cls(catalogue, first, last, ((first, last),))

    def entry(self, day: Any) -> ColumnElement[Any]:
        """Whether a thing is of the period's own days, or of earlier ones and entered after their cut-off (补报)."""
        return case((day < self.first, literal("late")), else_=literal("current")).label("entry")


@dataclass(frozen=True)
class Measure:
    """What is counted, by the rows that make it up.

    `rows` selects one row for each thing counted, with the columns `station_path`, `person` (whose, or null), `value`
    (1, heads, minutes) and one column named after each dimension of the catalogue that it is divided by. Where a person
    stands at two stations, the row with the smaller id is selected, so that areas add up to distinct persons. A
    `monthly` measure is counted for each month of the quarter too.
    """

    code: str
    rows: Callable[[Span], Select[Any]]
    monthly: bool = False

    def counted(self, span: Span, names: tuple[str, ...]) -> Select[Any]:
        """Rows (station_path, a code for each dimension …, value, distinct persons)."""
        groups = {name: span.catalogue.dimensions[name] for name in names}
        rows = _told(self.rows(span).subquery(), [group for group in groups.values() if not group.overlap])
        held: Any = next((holders(dimension, span.last) for dimension in groups.values() if dimension.overlap), None)
        parts = [rows.c.station_path, *(held.c.value if g.overlap else rows.c[name] for name, g in groups.items())]
        query = select(*parts, func.sum(rows.c.value), func.count(rows.c.person.distinct())).group_by(*parts)
        return query if held is None else query.join(held, held.c.client_id == rows.c.person)


def _told(rows: Any, dimensions: list[Dimension]) -> Any:
    """The rows with every code as the value it counts under, so that a person with two codes of one value is one contributor."""
    codes = [
        case((rows.c[d.code].in_([value.code for value in d.values]), rows.c[d.code]), else_=literal(d.rest)).label(d.code)
        if d.rest
        else rows.c[d.code]
        for d in dimensions
    ]
    return select(rows.c.station_path, rows.c.person, rows.c.value, *codes).subquery()


def holders(dimension: Dimension, day: date) -> Any:
    """(client_id, value) for each group a person belongs to at the end of a day, by confirmed tags."""
    value = case(*((c.TargetTag.code.in_(v.codes), v.code) for v in dimension.values), else_=None)
    every = [code for v in dimension.values for code in v.codes]
    return (
        select(c.TargetTag.client_id, value.label("value"))
        .where(c.TargetTag.code.in_(every), c.TargetTag.status == "confirmed", c.TargetTag.case_id.is_(None), held_at(day))
        .distinct()
        .subquery()
    )


def held_at(day: date) -> ColumnElement[bool]:
    """A tag in force at the end of a day."""
    return and_(c.TargetTag.from_on <= day, or_(c.TargetTag.to_on.is_(None), c.TargetTag.to_on > day))


def on_file_at(day: date) -> ColumnElement[bool]:
    """An enrolment in force at the end of a day; the last day of one that ended no longer counts."""
    return and_(c.Enrolment.from_on <= day, or_(c.Enrolment.to_on.is_(None), c.Enrolment.to_on > day))


def age_band(span: Span) -> ColumnElement[Any]:
    """The age band of a client on the last day; null where the day of birth is not known."""
    bands = [band for band in span.catalogue.dimensions["age_band"].values if band.youngest is not None]
    steps: list[Any] = [(or_(c.Client.birth_on.is_(None), c.Client.birth_precision == "unknown"), None)]
    steps += [(c.Client.birth_on > _years_before(span.last, b.oldest + 1), b.code) for b in bands if b.oldest is not None]
    return case(*steps, else_=bands[-1].code).label("age_band")


def _years_before(day: date, years: int) -> date:
    """Who was born after it is not yet so old; a 29th of February is then the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def by_person(people: Any, span: Span, *more: str) -> Select[Any]:
    """Humans once, over a subquery of (client_id, station_path, …): known at two stations by the document number."""
    place = func.row_number().over(partition_by=c.IdentityDocument.client_id, order_by=c.IdentityDocument.number_index)
    numbered = (
        select(c.IdentityDocument.client_id, c.IdentityDocument.number_index, place.label("place"))
        .where(c.IdentityDocument.voided_at.is_(None), c.IdentityDocument.number_index.is_not(None))
        .subquery()
    )
    document = select(numbered.c.client_id, numbered.c.number_index).where(numbered.c.place == 1).subquery()
    human = [document.c.number_index, case((document.c.number_index.is_(None), people.c.client_id))]
    turn = func.row_number().over(partition_by=human, order_by=[people.c.client_id, people.c.station_path])
    rows = (
        select(
            people.c.station_path,
            people.c.client_id.label("person"),
            age_band(span),
            c.Client.sex.label("sex"),
            *(people.c[name] for name in more),
            turn.label("turn"),
        )
        .select_from(people)
        .join(c.Client, c.Client.id == people.c.client_id)
        .outerjoin(document, document.c.client_id == people.c.client_id)
        .subquery()
    )
    kept = [column for column in rows.c if column.key != "turn"]
    return select(*kept, ONE).where(rows.c.turn == 1)
