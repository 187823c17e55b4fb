"""Village contacts: whom the station calls in a village, by village."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.village import EditVillageContactForm, SwitchVillageContactForm, VillageContactForm
from caseapp.models.casework import VillageContact
from caseapp.queries.casework import village_contacts as queries
from caseapp.queries.organisation import villages
from caseapp.services.casework import village_contacts as service
from caseapp.services.trust import audit

bp = Blueprint("village_contacts", __name__, url_prefix="/villages/contacts")


def _villages() -> list[tuple[str, str]]:
    return villages.choices(the_actor())


@bp.get("")
@requires(Permission.CLIENT_READ)
def index() -> Any:
    """Village by village; `?village=` one of them, `?former=1` who held a post before."""
    return _listed()


@bp.post("/<uuid:contact_id>/reveal")
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(contact_id: UUID) -> Any:
    """The list with one number in clear; who looked is in the trail."""
    row = queries.one(contact_id)
    if row.phone is None:
        raise NotFound()
    audit.opened(db.session, row, "village_contact.revealed", fields=("phone",))
    return _listed(shown=row)


def _listed(shown: VillageContact | None = None) -> Any:
    known = _villages()
    village = request.args.get("village")
    village = village if village in dict(known) else None
    former = request.args.get("former") == "1"
    found = queries.listed(village, former, request.args.get("cursor"))
    kept: dict[str, Any] = {"village": village, "former": "1" if former else None}
    return page(
        "village_contacts/index.html",
        rows=found.items,
        shown=shown,
        villages=known,
        village=village,
        former=former,
        kept=kept,
        places=villages.names(row.division_code for row in found.items),
        next_url=url_for(".index", cursor=found.next, **kept) if found.next else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new() -> Any:
    """Somebody else to call; `?village=` chooses the village."""
    form, known = VillageContactForm(), _villages()
    form.offer(known)
    if not form.is_submitted() and request.args.get("village") in dict(known):
        form.division_code.data = request.args["village"]
    if form.validate_on_submit() and attempt(form, service.add, form.command, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".index", village=form.command.division_code))
    return page("village_contacts/form.html", form=form, contact=None)


@bp.route("/<uuid:contact_id>/edit", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def edit(contact_id: UUID) -> Any:
    """A contact put right; the form shows the number, which leaves a trace."""
    row, form, fresh = queries.one(contact_id), EditVillageContactForm(), EditVillageContactForm(formdata=None)
    fresh.show(row)
    if not form.is_submitted():
        form.show(row)
        if row.phone:
            audit.opened(db.session, row, "village_contact.revealed", fields=("phone",))
    known = _villages()
    if row.division_code not in dict(known):  # a village the station served before
        known.append((row.division_code, villages.names([row.division_code]).get(row.division_code, row.division_code)))
    form.offer(known)
    fresh.offer(known)
    if form.is_submitted() and conflicts.is_stale(form, fresh, row) and form.validate():
        audit.opened(db.session, row, "village_contact.revealed", fields=("phone",))
        return conflicts.page(form, fresh, row, url_for(".index", village=row.division_code))
    if form.validate_on_submit() and attempt(form, service.edit, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".index", village=row.division_code))
    return page("village_contacts/form.html", form=form, contact=row, base=conflicts.base(fresh))


@bp.post("/<uuid:contact_id>/switch")
@requires(Permission.CLIENT_WRITE)
def switch(contact_id: UUID) -> Any:
    """Holds the post no longer, or again."""
    row, form = queries.one(contact_id), SwitchVillageContactForm()
    if form.validate_on_submit():
        service.switch(form.command, row, the_actor())
        flash(_("Saved."), "ok")
    return redirect(url_for(".index", village=row.division_code))
