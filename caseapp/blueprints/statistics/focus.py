"""What a county stresses: one form."""

from typing import Any

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.statistics.blueprint import bp
from caseapp.core.text import _
from caseapp.forms.statistics.focus import SetFocusForm
from caseapp.queries.statistics import focus as queries
from caseapp.services.statistics import focus as service


@bp.route("/focus", methods=["GET", "POST"])
@requires(Permission.FOCUS_SET)
def focus() -> Any:
    """Key items, key groups and the brand of the county."""
    actor = the_actor()
    form = SetFocusForm(obj=queries.at(actor.paths[0]))
    if form.validate_on_submit() and attempt(form, service.set_focus, form.command, actor):
        flash(_("Saved. It is shown beside the figures of your area."), "ok")
        return redirect(url_for(".index"))
    return page("statistics/focus.html", form=form)
