"""What bureaus read: releases, their tables and areas, through the engine that sees published cells only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select

from caseapp.access import guard
from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.adapters import figures
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.core.periods import is_month, read_period
from caseapp.core.text import _
from caseapp.models.statistics import StatCell, StatExport, StatRelease
from caseapp.queries import paging
from caseapp.reference.statistics import Catalogue, TableKind, versions

HIDDEN, NOTHING = "*", "-"
NAMED = 2  # areas taken together that are all named where there is little room


@dataclass(frozen=True)
class Place:
    """One published area under the grant."""

    code: str
    name: str
    level: str
    parent: str | None
    roots: tuple[str, ...] = ()  # the areas of the tree that it takes together
    path: str = ""  # of the organisation whose officers and those above read it

    @property
    def names(self) -> list[str]:
        """Of the areas that it takes together, each; else its own."""
        return self.name.split("、")

    @property
    def short(self) -> str:
        """Its name where there is little room: of many areas taken together the first and how many there are."""
        if len(self.names) <= NAMED:
            return self.name
        return _("%(name)s and %(n)s more", name=self.names[0], n=len(self.names) - 1)


@dataclass(frozen=True)
class Line:
    """One area's row of a table: what is shown by the key of the cell, "" for the total."""

    place: Place
    shown: dict[str, str]


@dataclass(frozen=True)
class Figures:
    """One table of one release at one area: the area's own line and those of the areas right below it."""

    release: StatRelease
    table: TableKind
    own: Line
    below: tuple[Line, ...]
    above: tuple[Place, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The parts, the sum last."""
        return (*self.below, self.own)

    @property
    def hidden(self) -> int:
        """How many of these cells are not shown."""
        return sum(shown == HIDDEN for line in self.lines for shown in line.shown.values())

    @property
    def cells(self) -> int:
        """How many cells these are."""
        return sum(len(line.shown) for line in self.lines)


@contextmanager
def reading(actor: Actor) -> Iterator[Any]:
    """A session of the figures engine under the actor's row rules; what it yields is detached at its end."""
    require(actor, Permission.FIGURES_READ)
    with figures.session() as session:
        guard.bind(session, actor)
        yield session
        session.expunge_all()


def catalogue(release: StatRelease) -> Catalogue:
    """The tables of a release: of the version of the catalogue it was made with those that are issued for its period."""
    return versions()[release.catalogue_version].issue(release.period)


QUARTERS = StatRelease.period.like("____Q_")


def periods(actor: Actor) -> list[str]:
    """Released quarters, newest first."""
    with reading(actor) as session:
        query = select(StatRelease.period).where(QUARTERS).distinct()
        return list(session.scalars(query.order_by(StatRelease.period.desc())))


def every_period(actor: Actor) -> list[str]:
    """Released quarters and months, the newest first, a quarter before its months."""
    with reading(actor) as session:
        found = list(session.scalars(select(StatRelease.period).distinct()))
    return sorted(found, key=lambda name: (read_period(name).last_day, not is_month(name)), reverse=True)


def periods_of(actor: Actor, area: str) -> set[str]:
    """Released quarters whose release in force holds figures of an area under the grant."""
    newest = select(func.max(StatRelease.number)).group_by(StatRelease.period)
    held = exists().where(StatCell.release_id == StatRelease.id, StatCell.area == area)
    with reading(actor) as session:
        return set(session.scalars(select(StatRelease.period).where(QUARTERS, StatRelease.number.in_(newest), held)))


def releases(actor: Actor, cursor: str | None = None, limit: int = 25) -> Page[StatRelease]:
    """Releases, newest first."""
    with reading(actor) as session:
        order = (StatRelease.period, StatRelease.id)
        return paging.page(session, select(StatRelease), order, cursor, limit, descending=True)


def release(actor: Actor, release_id: UUID) -> StatRelease:
    """One release; NotFound where there is none."""
    with reading(actor) as session:
        found: StatRelease | None = session.scalar(select(StatRelease).where(StatRelease.id == release_id))
    if found is None:
        raise NotFound()
    return found


def correction(actor: Actor, found: StatRelease) -> StatRelease | None:
    """The release that corrects one; None where there is none."""
    with reading(actor) as session:
        later: StatRelease | None = session.scalar(select(StatRelease).where(StatRelease.supersedes_id == found.id))
    return later


def of_period(actor: Actor, period: str | None = None, *, months: bool = False) -> StatRelease | None:
    """The release of a quarter in force (corrections come later), or of the newest one; None where nothing is released.

    Of a month only with `months`: what compares quarters has no place for it. NotFound for a period that is not released.
    """
    query = select(StatRelease).order_by(StatRelease.period.desc(), StatRelease.number.desc()).limit(1)
    query = query.where(StatRelease.period == period) if period else query.where(QUARTERS)
    if period and not months:
        query = query.where(QUARTERS)
    with reading(actor) as session:
        found: StatRelease | None = session.scalar(query)
    if found is None and period:
        raise NotFound()
    return found


def places(actor: Actor, found: StatRelease) -> list[Place]:
    """The published areas under the grant in the order of the tree, the highest first."""
    return _places(actor, found)


def totals(actor: Actor, found: StatRelease, area: str, tables: Sequence[str]) -> dict[tuple[str, str], str]:
    """What some tables show for an area under the grant: (table, key, "" for the total) → the published cell."""
    query = select(StatCell.table, StatCell.dims_key, StatCell.shown).where(
        StatCell.release_id == found.id, StatCell.area == area, StatCell.table.in_(tables)
    )
    with reading(actor) as session:
        return {(table, key): shown for table, key, shown in session.execute(query)}


def across(actor: Actor, found: StatRelease, table: str, key: str = "") -> dict[str, str]:
    """One cell of a table in every area under the grant: area → what is shown."""
    query = select(StatCell.area, StatCell.shown).where(
        StatCell.release_id == found.id, StatCell.table == table, StatCell.dims_key == key
    )
    with reading(actor) as session:
        return {row.area: row.shown for row in session.execute(query)}


def before(actor: Actor, found: StatRelease) -> StatRelease | None:
    """The release of the period before; None where that was not released."""
    query = select(StatRelease).where(StatRelease.period == str(read_period(found.period).before()))
    query = query.order_by(StatRelease.number.desc()).limit(1)
    with reading(actor) as session:
        return session.scalar(query)


def figures_of(actor: Actor, found: StatRelease | None, table: str, area: str | None = None) -> Figures:
    """One table at an area under the grant, the grant's own where none is named; NotFound for what is not published."""
    if found is None:
        raise NotFound()
    kind = catalogue(found).table(table)
    known = {place.code: place for place in _places(actor, found)}
    if area is None:
        area = next(iter(known), None)
    if kind is None or area not in known:
        raise NotFound()
    wanted = [area, *(place.code for place in known.values() if place.parent == area)]
    with reading(actor) as session:
        query = select(StatCell.area, StatCell.dims_key, StatCell.shown).where(
            StatCell.release_id == found.id, StatCell.table == table, StatCell.area.in_(wanted)
        )
        cells: dict[str, dict[str, str]] = {}
        for code, key, shown in session.execute(query.order_by(StatCell.position)):
            cells.setdefault(code, {})[key] = shown
    if area not in cells:
        raise NotFound()
    return Figures(
        found,
        kind,
        Line(known[area], cells[area]),
        tuple(Line(known[code], cells[code]) for code in wanted[1:] if code in cells),
        _above(known, known[area]),
    )


def margins(actor: Actor, found: Figures) -> dict[str, str]:
    """What is shown of the table's measure in its area, by key: a crossed table has its margins in the tables beside it."""
    tables = [kind.code for kind in catalogue(found.release).linked().get(found.table.measure, ())]
    return {key: shown for (_table, key), shown in totals(actor, found.release, found.own.place.code, tables).items()}


def lines(actor: Actor, found: StatRelease, table: str | None = None) -> dict[str, list[Line]]:
    """Every table of a release under the grant, or one: what an export holds."""
    known = {place.code: place for place in _places(actor, found)}
    with reading(actor) as session:
        query = select(StatCell.table, StatCell.area, StatCell.dims_key, StatCell.shown).where(StatCell.release_id == found.id)
        if table is not None:
            query = query.where(StatCell.table == table)
        cells: dict[str, dict[str, dict[str, str]]] = {}
        for table, code, key, shown in session.execute(query.order_by(StatCell.position)):
            cells.setdefault(table, {}).setdefault(code, {})[key] = shown
    return {table: [Line(known[code], shown) for code, shown in held.items()] for table, held in cells.items()}


def exports(actor: Actor, release_id: UUID) -> Sequence[Any]:
    """The exports of a release made under this very grant, newest first: rows without their bytes."""
    columns = (
        StatExport.id,
        StatExport.format,
        StatExport.purpose,
        StatExport.made_at,
        StatExport.file_name,
        StatExport.sha256,
        StatExport.watermark,
    )
    with reading(actor) as session:
        query = select(*columns, func.length(StatExport.content).label("size")).where(
            StatExport.release_id == release_id, _mine(actor)
        )
        return list(session.execute(query.order_by(StatExport.made_at.desc(), StatExport.id.desc()).limit(50)))


def export(actor: Actor, release_id: UUID, export_id: UUID) -> StatExport:
    """One stored export made under this very grant."""
    with reading(actor) as session:
        query = select(StatExport).where(StatExport.id == export_id, StatExport.release_id == release_id, _mine(actor))
        found: StatExport | None = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def _mine(actor: Actor) -> Any:
    """Bytes go to who had them made, under the same grant."""
    return and_(StatExport.user_id == actor.user_id, StatExport.grant_id == actor.grant_id)


def _places(actor: Actor, found: StatRelease) -> list[Place]:
    """Every release holds the same areas in each table that goes down to the township; one of these is read."""
    deepest = max(catalogue(found).tables, key=lambda table: (len(table.levels), not table.derived))
    columns = (StatCell.area, StatCell.area_name, StatCell.area_level, StatCell.parent_area, StatCell.area_path)
    with reading(actor) as session:
        query = select(*columns).where(StatCell.release_id == found.id, StatCell.table == deepest.code, StatCell.dims_key == "")
        roots = {area["code"]: tuple(area["roots"]) for area in found.areas or ()}
        rows = session.execute(query.order_by(StatCell.position))
        return [Place(area, name, level, parent, roots.get(area, ()), path) for area, name, level, parent, path in rows]


def _above(known: dict[str, Place], place: Place) -> tuple[Place, ...]:
    found: list[Place] = []
    while place.parent in known:
        place = known[place.parent]
        found.insert(0, place)
    return tuple(found)
