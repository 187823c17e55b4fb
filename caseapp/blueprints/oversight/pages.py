"""The stations of the grant side by side, and one of them with the list behind each number."""

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.access.roles import ROLES
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.oversight import words
from caseapp.blueprints.oversight.blueprint import bp
from caseapp.blueprints.oversight.rows import row_of
from caseapp.core.errors import NotFound
from caseapp.models.casework import Client
from caseapp.queries.casework.oversight import stations as queries
from caseapp.queries.casework.oversight.points import BY_CODE, Basis
from caseapp.queries.organisation import villages, workers


def basis() -> Basis:
    """What the points are measured by for the signed-in reader."""
    return queries.basis(the_actor(), {d.code: d.instruments[0] for d in domains.all() if d.must_assess})


@bp.get("")
@requires(Permission.OVERSIGHT)
def index() -> Any:
    """Every station of the grant; the one station where there are no others."""
    actor = the_actor()
    if len(actor.stations) == 1:
        return redirect(url_for(".station", station_id=actor.stations[0]))
    return page("oversight/index.html", stations=queries.side_by_side(basis()), groups=words.groups(), partly=_partly())


@bp.get("/<uuid:station_id>")
@requires(Permission.OVERSIGHT)
def station(station_id: UUID) -> Any:
    """One station: its numbers, and the list behind the chosen one, else behind the first that is not zero."""
    actor, measured = the_actor(), basis()
    place = queries.one(station_id, actor)
    (found,) = queries.side_by_side(measured, place)
    asked = request.args.get("show")
    if asked is not None and asked not in BY_CODE:
        raise NotFound()
    chosen = asked or next((code for code in BY_CODE if found.counts.get(code)), next(iter(BY_CODE)))
    point, cursor = BY_CODE[chosen], request.args.get("cursor")
    behind = queries.rows(point, measured, place, cursor)
    codes = (row.residence_code if isinstance(row, Client) else row.place_code for row in behind.items)
    places = villages.names(codes)
    people = workers.names(row.worker_id for row in behind.items)
    return page(
        "oversight/station.html",
        station=found,
        several=len(actor.stations) != 1,
        groups=words.groups(),
        chosen=chosen,
        said=words.POINT_WORDS[chosen],
        partly=_partly(),
        rows=[row_of(row, point, places, people) for row in behind.items],
        items=behind.items,
        next_url=url_for(".station", station_id=station_id, show=chosen, cursor=behind.next) if behind.next else None,
        first_url=url_for(".station", station_id=station_id, show=chosen) if cursor else None,
    )


def _partly() -> bool:
    """Whether the reader sees the files of minors from outside only."""
    return ROLES[the_actor().role].rows != "head"
