"""A service for a community, of a case or of the station alone: what, where, how many, who took part."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import CODE, titles
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.governance.project import DeliverForm
from caseapp.queries.casework import cases
from caseapp.queries.details.governance import partners
from caseapp.queries.details.governance.projects import community_cases
from caseapp.services.details.governance import projects as service
from caseapp.services.details.governance.station import station_of


def register(bp: Blueprint) -> None:
    """Hangs the form under `/governance/services/new`."""

    @bp.route("/services/new", methods=["GET", "POST"])
    @requires(Permission.SERVICE_WRITE)
    def new_delivery() -> Any:
        """The short form; `?case=` chooses the case it is for."""
        actor, form = the_actor(), DeliverForm()
        station = station_of(actor, Permission.SERVICE_WRITE)
        form.offer(CODE, titles(community_cases()), partners.offered(station.id))
        if not form.is_submitted():
            form.happened_on.data, form.case_id.data = clock.today().isoformat(), request.args.get("case", "")
        elif form.validate():
            case = cases.one(form.command.case_id, CODE) if form.command.case_id else None
            if attempt(form, service.deliver, form.command, case, actor):
                flash(_("Saved."), "ok")
                return redirect(url_for(".project", case_id=case.id) if case is not None else url_for("visits.services"))
        asked = next((one for one in form.case_id.choices if one[0] == form.case_id.data and one[0]), None)
        return page("governance/delivery_form.html", form=form, asked=asked)
