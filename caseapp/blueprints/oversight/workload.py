"""What the workers of a head's station carry, and how far its villages lie."""

from typing import Any

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.oversight.blueprint import bp
from caseapp.core.text import _
from caseapp.forms.organisation.distances import SetDistancesForm
from caseapp.queries.casework.oversight import workload as queries
from caseapp.queries.organisation import distances, villages
from caseapp.queries.organisation.settings import At
from caseapp.services.organisation import distances as service


@bp.get("/workload")
@requires(Permission.CASE_ASSIGN)
def workload() -> Any:
    """Worker by worker: heads, risk, visits and ways."""
    loads, weights, ways = queries.of_station(the_actor())
    return page("oversight/workload.html", loads=loads, weights=weights, ways=ways, ahead=queries.AHEAD)


@bp.route("/distances", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def villages_far() -> Any:
    """Which villages are far, and which remote."""
    actor = the_actor()
    form = SetDistancesForm(obj=distances.read(At(actor.paths[0])))
    form.offer(villages.choices(actor))
    if form.validate_on_submit() and attempt(form, service.set_distances, form.command, actor):
        flash(_("Saved."), "ok")
        return redirect(url_for(".workload"))
    return page("oversight/distances.html", form=form)
