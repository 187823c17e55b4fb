"""Stations side by side, and the rows behind one number of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp.access.permissions import Permission
from caseapp.access.policy import require
from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.oversight.points import POINTS, Basis, Point, base, sort_values
from caseapp.queries.organisation import settings
from caseapp.queries.paging import LIMIT, page


@dataclass(frozen=True)
class Station:
    """One station at a glance: how many persons and cases, and how many of them at each point."""

    id: UUID
    name: str
    path: str
    on_file: int = 0
    cases: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, group: str) -> list[tuple[str, int]]:
        """The points of a group with something at them."""
        return [(p.code, self.counts[p.code]) for p in POINTS if p.group == group and self.counts.get(p.code)]


def basis(actor: Actor, must_assess: Mapping[str, str]) -> Basis:
    """What the points are measured by at the actor's first place."""
    require(actor, Permission.OVERSIGHT)
    times = settings.At(actor.paths[0])
    plan_days = times["case.assessment_days"] + times["case.plan_days"]
    return Basis(actor, clock.today(), plan_days, times["review.answer_working_days"], must_assess)


def side_by_side(basis: Basis, only: Organisation | None = None) -> list[Station]:
    """Every open station of the grant (or one) with its counts, by path: three statements however many there are."""
    rows = [only] if only is not None else _stations(basis.actor)
    counts = [(Client, _counted(Client, basis, only)), (Case, _counted(Case, basis, only))]
    found = []
    for row in rows:
        said: dict[str, int] = {}
        for model, lines in counts:
            mine = [line for line in lines if line[0].startswith(row.path)]
            said[model.__tablename__] = sum(line[1] for line in mine)
            for place, point in enumerate(_of(model), start=2):
                said[point.code] = sum(line[place] or 0 for line in mine)
        found.append(Station(row.id, row.short_name, row.path, said.pop("client"), said.pop("case"), said))
    return found


def one(station_id: UUID, actor: Actor) -> Organisation:
    """A station of the grant; NotFound elsewhere, as where there is none."""
    require(actor, Permission.OVERSIGHT)
    row = db.session.get(Organisation, station_id)
    if row is None or row.kind != "station" or not actor.covers(row.path):
        raise NotFound()
    return row


def rows(point: Point, basis: Basis, station: Organisation, cursor: str | None = None, limit: int = LIMIT) -> Page[Any]:
    """A page of the persons or cases behind a number, the most pressing first."""
    model = point.of
    query = select(model).where(model.station_id == station.id, base(model), point.test(basis))
    if model is Case:
        query = query.options(selectinload(Case.client), selectinload(Case.household))
    return page(db.session, query, point.order, cursor, limit, key=lambda row: sort_values(point, row))


def _stations(actor: Actor) -> list[Any]:
    query = select(Organisation.id, Organisation.short_name, Organisation.path)
    query = query.where(Organisation.kind == "station", Organisation.closed_on.is_(None), under(actor, Organisation.path))
    return list(db.session.execute(query.order_by(Organisation.path)))


def _of(model: Any) -> list[Point]:
    return [point for point in POINTS if point.of is model]


def _counted(model: Any, basis: Basis, only: Organisation | None) -> list[Any]:
    """How many rows of a table each path has, and how many of them stand at each of its points."""
    sums = [func.sum(when((point.test(basis), 1), else_=0)) for point in _of(model)]
    query = select(model.station_path, func.count(model.id), *sums).where(base(model))
    if only is not None:
        query = query.where(model.station_id == only.id)
    return list(db.session.execute(query.group_by(model.station_path)))
