"""A part of the trail as a file, for inspectors."""

from typing import Any

from flask import Response, request, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.audit import words
from caseapp.blueprints.audit.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.forms.trust.trail import ExportTrailForm
from caseapp.services.trust import trail_export as service


@bp.route("/export", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ, reading=True, fresh=ACTS)
def export() -> Any:
    """Which entries, what for, in which format; then the file."""
    form = ExportTrailForm()
    if not form.is_submitted():
        form.begin(request.args)
    form.offer()
    if form.validate_on_submit():
        told = service.Words(words.what, words.where)
        made = attempt(form, service.made, form.command, the_actor(), told)
        if made:
            response = Response(made.content, content_type=made.media_type)
            response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
            return response
    return page("audit/export.html", form=form, back=url_for(".index"))
