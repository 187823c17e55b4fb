"""Keeping the filters of a list by name, and forgetting them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.trust.filters import SaveFilterForm
from caseapp.schemas.trust.filters import LISTS
from caseapp.services.trust import filters as service

bp = Blueprint("filters", __name__, url_prefix="/filters")


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_READ, Permission.FIGURES_READ)
def new() -> Any:
    """A name for what is chosen on a list."""
    form = SaveFilterForm()
    if not form.is_submitted():
        form.listing.data, form.domain.data = request.args.get("listing", "clients"), request.args.get("domain", "")
        form.query.data = request.args.get("query", "")
    if form.validate_on_submit():
        row = attempt(form, service.save, form.command, the_actor())
        if row:
            flash(_("Saved. It stands beside the filters of the list."), "ok")
            return redirect(saved.address(row.listing, row.domain, row.chosen))
    listing = form.listing.data if form.listing.data in LISTS else "clients"
    return page("filters/new.html", form=form, back=saved.address(listing, None, {}))


@bp.post("/<uuid:filter_id>/remove")
@requires(Permission.CLIENT_READ, Permission.FIGURES_READ)
def remove(filter_id: UUID) -> Any:
    """One filter less."""
    row = service.remove(filter_id, the_actor())
    flash(_("Removed."), "ok")
    return redirect(saved.address(row.listing, row.domain, {}))
