"""To whom one may refer: stations of a county, outside bodies; who of a station may answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import OutsideBody
from caseapp.models.organisation import Organisation

COUNTIES = ("county", "management_area")
MOST = 200


def counties() -> list[Any]:
    """Rows (id, short_name, path) of every county, in the order of the tree."""
    query = select(Organisation.id, Organisation.short_name, Organisation.path)
    return list(db.session.execute(query.where(Organisation.kind.in_(COUNTIES)).order_by(Organisation.path)))


def county_of(actor: Actor) -> Any:
    """The county in which the actor works; None outside any."""
    return next((row for row in counties() if any(path.startswith(row.path) for path in actor.paths)), None)


def stations(county_path: str, actor: Actor) -> list[Organisation]:
    """The open stations of a county but the actor's own."""
    query = select(Organisation).where(
        Organisation.kind == "station",
        Organisation.closed_on.is_(None),
        Organisation.path >= county_path,
        Organisation.path < county_path[:-1] + "0",
    )
    found = db.session.scalars(query.order_by(Organisation.path).limit(MOST))
    return [row for row in found if row.id not in actor.stations]


def station(organisation_id: UUID | None) -> Organisation | None:
    """An open station by id."""
    row = db.session.get(Organisation, organisation_id) if organisation_id else None
    return row if row is not None and row.kind == "station" and row.closed_on is None else None


def bodies(*, active: bool = True) -> list[OutsideBody]:
    """Outside bodies in sight, by name."""
    query = select(OutsideBody).order_by(OutsideBody.is_active.desc(), OutsideBody.name, OutsideBody.id).limit(MOST)
    if active:
        query = query.where(OutsideBody.is_active.is_(True))
    return list(db.session.scalars(query))


def body(body_id: UUID | None) -> OutsideBody:
    """One outside body in sight; NotFound otherwise."""
    found = db.session.scalar(select(OutsideBody).where(OutsideBody.id == body_id))
    if found is None:
        raise NotFound()
    return found
