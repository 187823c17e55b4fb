"""Whose copy it is: a number that is printed on every page of an export leads to who had it made, and why."""

from typing import Any

from flask import request

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp
from caseapp.core.errors import NotFound
from caseapp.services.statistics import exports as service


@bp.get("/copies")
@requires(Permission.FIGURES_EXPORT)
def copies() -> Any:
    """Asks for a number; says whose copy it is, or that there is none (404), also where it is somebody else's."""
    number, found, status = request.args.get("number", "").strip(), None, 200
    if number:
        try:
            found = service.look_up(number, the_actor())
        except NotFound:
            status = 404
    return page("statistics/copies.html", status=status, number=number, found=found)
