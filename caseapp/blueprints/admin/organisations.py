"""The tree: looking around, stations, service points and contractors, renaming, moving, closing."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission as P
from caseapp.blueprints.admin.blueprint import asked, bp, pages_of
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.organisation import admin as forms
from caseapp.queries.organisation import divisions as division_queries
from caseapp.queries.organisation import tree as queries
from caseapp.services.organisation import tree as service

MOVABLE = ("county", "township", "station", "service_point")  # an office may report to another than its division's parent
BUYERS = ("province", "city", "county", "management_area", "township")


@bp.get("/organisations")
@requires(P.ORGANISATION_MANAGE)
def organisations() -> Any:
    """My part of the tree, from its roots or by a part of a name."""
    actor, q = the_actor(), asked()
    if q:
        found = queries.search(actor, q, request.args.get("cursor"))
        shown: dict[str, Any] = {"found": found.items, "pager_": pages_of(found, ".organisations", q=q)}
    else:
        shown = {"found": queries.roots(actor), "pager_": None}
    return page("admin/organisations.html", q=q, contractors=queries.contractors(actor), **shown)


@bp.get("/organisations/<uuid:organisation_id>")
@requires(P.ORGANISATION_MANAGE)
def organisation(organisation_id: UUID) -> Any:
    """One place: its facts, what stands below, what can be done."""
    actor = the_actor()
    row = queries.one(organisation_id, actor)
    return page(
        "admin/organisation.html",
        row=row,
        above=[(place, actor.covers(place.path)) for place in queries.above(row)],
        below=queries.children(row),
        buyers=queries.buyers(row) if row.kind == "contractor" else [],
        contractor=queries.contractor_of(row),
        runs=queries.stations_run_by(row) if row.kind == "contractor" else [],
        division=queries.division_of(row),
        changes=division_queries.history(row.division_code) if row.kind not in ("station", "service_point") else [],
        can_station=row.kind in service.PARENTS["station"],
        can_move=row.kind in MOVABLE,
        can_buy=row.kind in BUYERS,
    )


@bp.route("/organisations/<uuid:organisation_id>/stations/new", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def new_station(organisation_id: UUID) -> Any:
    """A station under this township."""
    actor = the_actor()
    parent = queries.one(organisation_id, actor)
    official, _short = service.official_station_name(parent)
    form = forms.OpenStationForm(name=official, opened_on=clock.today().isoformat())
    form.offer(queries.contractors(actor))
    if form.validate_on_submit():
        row = attempt(form, service.open_station, form.command, parent, actor)
        if row:
            flash(_("The station is open."), "ok")
            return redirect(url_for(".organisation", organisation_id=row.id))
    return page("admin/new_station.html", form=form, parent=parent, official=official)


@bp.route("/organisations/<uuid:organisation_id>/points/new", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def new_point(organisation_id: UUID) -> Any:
    """A service point of this station."""
    actor = the_actor()
    parent = queries.one(organisation_id, actor)
    form = forms.OpenPointForm(opened_on=clock.today().isoformat())
    form.offer(queries.villages(parent.division_code))
    if form.validate_on_submit():
        row = attempt(form, service.open_point, form.command, parent, actor)
        if row:
            flash(_("The service point is open."), "ok")
            return redirect(url_for(".organisation", organisation_id=row.id))
    return page("admin/new_point.html", form=form, parent=parent)


@bp.route("/organisations/<uuid:organisation_id>/edit", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def edit_organisation(organisation_id: UUID) -> Any:
    """Name, host and contractor of a station or point."""
    actor = the_actor()
    row = queries.one(organisation_id, actor)
    form = forms.EditOrganisationForm(
        name=row.name,
        short_name=row.short_name,
        name_reason=row.name_reason,
        host=row.host,
        phone=row.phone,
        contractor_id=str(row.contractor_id or ""),
        version=row.version,
    )
    form.offer(row.kind, queries.contractors(actor))
    back = url_for(".organisation", organisation_id=row.id)
    if form.validate_on_submit() and attempt(form, service.edit, form.command, row, actor):
        flash(_("Saved."), "ok")
        return redirect(back)
    return page("admin/edit_organisation.html", form=form, row=row, official=queries.official_names(row), back=back)


@bp.route("/organisations/<uuid:organisation_id>/close", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def close_organisation(organisation_id: UUID) -> Any:
    """Closes a station or point."""
    actor = the_actor()
    row = queries.one(organisation_id, actor)
    form = forms.CloseOrganisationForm(closed_on=clock.today().isoformat(), version=row.version)
    back = url_for(".organisation", organisation_id=row.id)
    if form.validate_on_submit() and attempt(form, service.close, form.command, row, actor):
        flash(_("It is closed."), "ok")
        return redirect(back)
    return page("admin/close.html", form=form, row=row, back=back)


@bp.route("/organisations/<uuid:organisation_id>/move", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def move_organisation(organisation_id: UUID) -> Any:
    """Puts a place with all below it under another one."""
    actor, q = the_actor(), asked()
    row = queries.one(organisation_id, actor)
    form = forms.MoveOrganisationForm(version=row.version)
    kinds = service.PARENTS.get(row.kind, ())
    found = queries.search(actor, q, limit=30, kinds=kinds).items if kinds else []
    form.offer(place for place in found if place.id != row.parent_id)
    back = url_for(".organisation", organisation_id=row.id)
    if form.validate_on_submit():
        parent = queries.one(form.command.parent_id, actor)
        if attempt(form, service.move, form.command, row, parent, actor):
            flash(_("Moved, with everything below it."), "ok")
            return redirect(back)
    return page("admin/move.html", form=form, row=row, q=q, back=back)


@bp.route("/contractors/new", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def new_contractor() -> Any:
    """A contractor, and which bureau buys from it."""
    actor, q = the_actor(), asked()
    form = forms.RegisterContractorForm(from_on=clock.today().isoformat())
    form.offer(queries.search(actor, q, limit=30, kinds=BUYERS).items if q else queries.roots(actor))
    if form.validate_on_submit():
        buyer = queries.one(form.command.buyer_id, actor)
        row = attempt(form, service.register_contractor, form.command, buyer, actor)
        if row:
            flash(_("The contractor is on file."), "ok")
            return redirect(url_for(".organisation", organisation_id=row.id))
    return page("admin/new_contractor.html", form=form, q=q)
