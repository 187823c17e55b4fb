"""Where a release has no figures: counties without a station, stations that came after it. Programme data, no person's row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from caseapp.extensions import db
from caseapp.models.organisation import Organisation
from caseapp.models.statistics import StatRelease
from caseapp.queries.statistics.published import Place


@dataclass(frozen=True)
class Gaps:
    """Names, in the order of the tree."""

    no_station: tuple[str, ...]  # counties
    not_counted: tuple[str, ...]  # townships whose station came after the release was made


def gaps(found: StatRelease, here: Place) -> Gaps:
    """Of an area and what lies below it: two statements over organisations."""
    return Gaps(_without_station(here.path), _not_counted(found, here.path))


def _without_station(path: str) -> tuple[str, ...]:
    station = aliased(Organisation)
    below = and_(station.path >= Organisation.path, station.path < Organisation.path.concat("~"), station.kind == "station")
    query = select(Organisation.short_name).where(*_under(path), Organisation.kind == "county", ~exists().where(below))
    return tuple(db.session.scalars(query.order_by(Organisation.path)))


def _not_counted(found: StatRelease, path: str) -> tuple[str, ...]:
    """Townships with a station that no published area holds, by their own code or by that of an area that is not divided."""
    leaves: set[str] = set()
    roots: set[str] = set()
    for area in found.areas or ():
        roots.update(area["roots"])
        leaves.update(area["roots"] if area["leaf"] else ())
    county, station = aliased(Organisation), aliased(Organisation)
    city = aliased(Organisation)
    query = (
        select(Organisation.short_name, Organisation.division_code, county.division_code, city.division_code)
        .outerjoin(county, county.id == Organisation.parent_id)
        .outerjoin(city, city.id == county.parent_id)
        .where(
            *_under(path),
            Organisation.kind == "township",
            exists().where(station.parent_id == Organisation.id, station.kind == "station", station.closed_on.is_(None)),
        )
    )
    rows: Sequence[tuple[str, ...]] = db.session.execute(query.order_by(Organisation.path)).all()  # type: ignore[assignment]
    return tuple(name for name, own, *above in rows if roots and own not in roots and not leaves.intersection(above))


def _under(path: str) -> tuple[ColumnElement[bool], ...]:
    return (Organisation.path >= path, Organisation.path < path[:-1] + "0")
