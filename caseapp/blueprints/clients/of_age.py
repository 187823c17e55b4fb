"""Filing the file of somebody who has turned 18 as an adult's."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.queries.casework import clients
from caseapp.services.casework.clients import classes


@bp.route("/clients/<uuid:client_id>/of-age", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def of_age(client_id: UUID) -> Any:
    """What changes, then the change."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    if request.method == "POST":
        classes.come_of_age(client, the_actor())
        flash(_("Filed as an adult's file."), "ok")
        return redirect(url_for(".show", client_id=client.id))
    return page("clients/of_age.html", client=client)
