"""A measure: which rows it is made of. How they are grouped is the same for all (`tally.py`)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, true
from sqlalchemy.orm import aliased

from caseapp.core.periods import Period, Quarter
from caseapp.models import casework as c
from caseapp.reference.statistics import Catalogue

ONE: Any = literal(1).label("value")  # a thing that counts once


@dataclass(frozen=True)
class Span:
    """The days that are counted, at which stations, and what was entered when.

    `months` are what a monthly measure goes by. `paths` are station paths to be counted, `under` paths that all to be counted lies
    at or below; the filter stands inside the scan of each measure, so that a station costs no more than its own rows. `since`
    is the cut-off of the settled period before: what was entered after it of earlier days counts here (补报). `until` is the
    last instant of entry that counts; None while the period runs.
    """

    catalogue: Catalogue
    first: date
    last: date
    months: tuple["Span", ...] = ()
    paths: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, catalogue: Catalogue, period: Period, until: date | None = None) -> "Span":
        """A quarter or a month, or what is over of it by a day."""
        end = min(period.last_day, until or period.last_day)
        if not isinstance(period, Quarter):
            return replace(cls(catalogue, period.first_day, end), months=(cls(catalogue, period.first_day, end),))
        spans = tuple(cls(catalogue, first, min(last, end)) for _name, first, last in period.months() if first <= end)
        return cls(catalogue, period.first_day, end, spans)

    def at(self, *, paths: tuple[str, ...] = (), under: tuple[str, ...] = ()) -> "Span":
        """The same days at some stations only."""
        months = tuple(replace(month, paths=paths, under=under) for month in self.months)
        return replace(self, months=months, paths=paths, under=under)

    def here(self, path: Any) -> ColumnElement[bool]:
        """Whether a row stands at a station that is to be counted."""
        if self.paths:
            return path.in_(self.paths)
        if self.under:
            # at or below, as a range that an index serves on both engines
            return or_(*(and_(path >= above, path < above[:-1] + "0") for above in self.under))
        return true()

    def within(self, day: Any, entered: Any) -> ColumnElement[bool]:
        """Whether a thing counts: of these days and entered in time, or of earlier days and entered after their cut-off."""
        own = day.between(self.first, self.last)
        found = own if self.since is None else or_(own, and_(day < self.first, entered > self.since))
        return found if self.until is None else and_(found, entered <= self.until)

    def known(self, entered: Any) -> ColumnElement[bool]:
        """Whether something that lasts was entered by the cut-off."""
        return true() if self.until is None else entered <= self.until

    def once(self, visit_id: Any) -> ColumnElement[bool]:
        """Whether a visit does not stand in for one that a settled period counted already: moved or corrected since, maybe
        more than once."""
        if self.since is None:
            return true()
        new, old = aliased(c.Visit), aliased(c.Visit)
        moved = self.here(new.station_path), new.moved_from_id.is_not(None), new.created_at > self.since
        counted = old.created_at <= self.since, old.happened_on < self.first
        again = select(new.id).join(old, old.id == new.moved_from_id).where(*moved, *counted).cte(recursive=True)
        next_ = aliased(c.Visit)
        again = again.union(select(next_.id).join(again, again.c.id == next_.moved_from_id))
        return visit_id.is_(None) | visit_id.not_in(select(again.c.id))

    def entry(self, day: Any) -> ColumnElement[Any]:
        """Whether a thing is of the period's own days, or of earlier ones and entered after their cut-off (补报)."""
        return case((day < self.first, literal("late")), else_=literal("current")).label("entry")


@dataclass(frozen=True)
class Measure:
    """What is counted, by the rows that make it up.

    `rows` selects one row for each thing counted, with the columns `station_path`, `person` (whose, or null), `value`
    (1, heads, minutes) and one column named after each dimension of the catalogue that it is divided by. Of a human who
    stands at two stations the row with the smaller id is selected, so that areas add up to distinct persons. A
    `monthly` measure is selected for each month, and its quarter is their sum.
    """

    code: str
    rows: Callable[[Span], Select[Any]]
    monthly: bool = False


def held_at(day: date) -> ColumnElement[bool]:
    """A tag in force at the end of a day."""
    return and_(c.TargetTag.from_on <= day, or_(c.TargetTag.to_on.is_(None), c.TargetTag.to_on > day))


def on_file_at(day: date, row: Any = c.Enrolment) -> ColumnElement[bool]:
    """An enrolment in force at the end of a day; the last day of one that ended no longer counts."""
    return and_(row.from_on <= day, or_(row.to_on.is_(None), row.to_on > day))


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


def by_person(
    model: Any, which: Callable[[Any], tuple[ColumnElement[bool], ...]], span: Span, **more: ColumnElement[Any]
) -> Select[Any]:
    """Humans once, of the rows of a model with a client that `which` (given the model or an alias of it) chooses.

    A human known at two stations by the document number counts where the record with the smaller id is.
    """
    number = _number(model)
    twin, other = aliased(c.IdentityDocument), aliased(model)
    earlier = (
        select(1)
        .where(
            other.client_id == twin.client_id,
            twin.number_index == number,
            twin.voided_at.is_(None),
            twin.client_id < model.client_id,
            _number(twin) == number,
            *which(other),
        )
        .correlate(model)
        .offset(0)  # asked row by row: as a join PostgreSQL would number the papers of everybody for some stations
    )
    return (
        select(
            model.station_path,
            c.Client.id.label("person"),
            age_band(span),
            c.Client.sex.label("sex"),
            *(column.label(name) for name, column in more.items()),
            ONE,
        )
        .select_from(model)
        .join(c.Client, c.Client.id == model.client_id)
        .where(
            span.here(model.station_path),
            *which(model),
            ~and_(model.client_id.in_(_doubled(model, which, span)), earlier.exists()),
        )
        .group_by(model.station_path, c.Client.id)
    )


def _doubled(model: Any, which: Callable[[Any], tuple[ColumnElement[bool], ...]], span: Span) -> Select[Any]:
    """Those clients of some rows who have a paper with the number of another, smaller one: of few, found at once."""
    row, own, twin = aliased(model), aliased(c.IdentityDocument), aliased(c.IdentityDocument)
    return select(own.client_id).where(
        twin.number_index == own.number_index,
        twin.client_id < own.client_id,
        own.client_id.in_(select(row.client_id).where(span.here(row.station_path), *which(row))),
    )


def _number(row: Any) -> Any:
    """The number by which the client of a row is known elsewhere: the least, where there are several."""
    paper = aliased(c.IdentityDocument)
    return (
        select(paper.number_index)
        .where(paper.client_id == row.client_id, paper.voided_at.is_(None), paper.number_index.is_not(None))
        .order_by(paper.number_index)
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )
