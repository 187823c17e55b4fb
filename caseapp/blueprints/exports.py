"""A list of the own station as a file: the head says what for, and the file is sent at once and kept nowhere."""

from typing import Any

from flask import Blueprint, Response, request

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.forms.trust.export import ExportListForm
from caseapp.schemas.trust.filters import LISTS
from caseapp.services.casework import exports as service

bp = Blueprint("exports", __name__, url_prefix="/exports")


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.LIST_EXPORT, reading=True, fresh=ACTS)
def new() -> Any:
    """Purpose and format, then the file."""
    form = ExportListForm()
    if not form.is_submitted():
        form.listing.data, form.domain.data = request.args.get("listing", "clients"), request.args.get("domain", "")
        form.query.data = request.args.get("query", "")
    form.offer()
    if form.validate_on_submit():
        made = attempt(form, service.made, form.command, the_actor(), tag())
        if made:
            response = Response(made.content, mimetype=None, content_type=made.media_type)
            response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
            return response
    listing = form.listing.data if form.listing.data in LISTS else "clients"
    return page("exports/new.html", form=form, back=saved.address(listing, None, {}))
