"""Households: the list, one with members and who is what to whom."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts, genogram
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.household import EditHouseholdForm, HouseholdForm, MemberForm, RelateForm
from caseapp.models.casework import Household
from caseapp.queries.casework import clients
from caseapp.queries.casework import households as queries
from caseapp.queries.organisation import villages
from caseapp.services.casework import households as service
from caseapp.services.trust import audit

bp = Blueprint("households", __name__, url_prefix="/households")


def _villages() -> list[tuple[str, str]]:
    return villages.choices(the_actor())


@bp.get("")
@requires(Permission.CLIENT_READ)
def index() -> Any:
    """Households of the station, by name."""
    found = queries.listed(request.args.get("cursor"))
    next_url = url_for(".index", cursor=found.next) if found.next else None
    people = queries.people([m for row in found.items for m in row.members])
    places = villages.names(row.residence_code for row in found.items)
    return page("households/index.html", rows=found.items, next_url=next_url, people=people, places=places)


@bp.get("/<uuid:household_id>")
@requires(Permission.CLIENT_READ)
def show(household_id: UUID) -> Any:
    """Members, relationships, and the persons on file among them."""
    row = queries.one(household_id)
    audit.opened(db.session, row, "household.opened")
    return _shown(row)


@bp.post("/<uuid:household_id>/reveal")
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(household_id: UUID) -> Any:
    """The address in clear; who looked is in the trail."""
    row = queries.one(household_id)
    audit.opened(db.session, row, "household.revealed", fields=("address",))
    return _shown(row, revealed=True)


def _shown(row: Household, *, revealed: bool = False, **forms: Any) -> Any:
    people = queries.people(row.members)
    names = {m.id: _name(m, people) for m in row.members}
    relate = forms.get("relate") or RelateForm(formdata=None)
    relate.offer([(str(key), name) for key, name in names.items()])
    return page(
        "households/show.html",
        form=forms.get("relate"),
        relate=relate,
        household=row,
        people=people,
        names=names,
        pairs=queries.pairs(row),
        family=genogram.draw(row.members, people, queries.links(row), people),
        revealed=revealed,
        places=villages.names([row.residence_code]),
    )


def _name(member: Any, people: Any) -> str:
    client = people.get(member.client_id)
    return str(client.name if client is not None else member.name or _("Name not shown"))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new() -> Any:
    """A new household; `?client=` puts that person in as its first member."""
    form = HouseholdForm()
    form.offer(_villages())
    client = None
    if request.args.get("client"):
        try:
            client = clients.opened(UUID(request.args["client"]), the_actor(), Permission.CLIENT_WRITE)
        except ValueError:
            client = None
    if client is not None and not form.is_submitted():
        audit.opened(db.session, client, "client.revealed", fields=("address",) if client.address_enc else ())
        form.name.data = _("%(name)s's household", name=client.name)
        form.residence_code.data, form.address.data = client.residence_code, client.address
    if form.validate_on_submit():
        command = form.command
        if client is not None:
            command = service.with_first(command, client)
        row = attempt(form, service.create, command, the_actor())
        if row is not None:
            flash(_("Household %(number)s is there.", number=row.household_no), "ok")
            return redirect(url_for(".show", household_id=row.id))
    return page("households/form.html", form=form, household=None, client=client)


@bp.route("/<uuid:household_id>/edit", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def edit(household_id: UUID) -> Any:
    """What is known of a household, put right."""
    row, form, fresh = queries.one(household_id), EditHouseholdForm(), EditHouseholdForm(formdata=None)
    for one in (fresh, form) if not form.is_submitted() else (fresh,):
        one.show(row)
        one.version.data = row.version
    for one in (fresh, form):
        one.offer(_villages())
    if form.is_submitted() and conflicts.is_stale(form, fresh, row) and form.validate():
        return conflicts.page(form, fresh, row, url_for(".show", household_id=row.id))
    if form.validate_on_submit() and attempt(form, service.edit, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", household_id=row.id))
    audit.opened(db.session, row, "household.edit_opened", fields=("address",) if row.address_enc else ())
    return page("households/form.html", form=form, household=row, client=None, base=conflicts.base(fresh))


@bp.route("/<uuid:household_id>/members/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new_member(household_id: UUID) -> Any:
    """One more member, on file or only named."""
    row, form = queries.one(household_id), MemberForm()
    form.offer([(str(c.id), c.name) for c in queries.candidates(row)])
    if form.validate_on_submit() and attempt(form, service.add_member, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", household_id=row.id))
    return page("households/member.html", form=form, household=row, member=None)


@bp.route("/<uuid:household_id>/members/<uuid:member_id>", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def edit_member(household_id: UUID, member_id: UUID) -> Any:
    """What is known of a member, put right."""
    row, form = queries.one(household_id), MemberForm()
    member = queries.member(member_id, row)
    form.offer([(str(member.client_id), "")] if member.client_id else [])
    if not form.is_submitted():
        form.show(member)
    if member.client_id:
        form.client_id.data = str(member.client_id)
    if form.validate_on_submit() and attempt(form, service.edit_member, form.command, member, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", household_id=row.id))
    return page("households/member.html", form=form, household=row, member=member)


@bp.post("/<uuid:household_id>/members/<uuid:member_id>/remove")
@requires(Permission.CLIENT_WRITE)
def remove_member(household_id: UUID, member_id: UUID) -> Any:
    """A member leaves the household."""
    row = queries.one(household_id)
    service.remove_member(queries.member(member_id, row), row, the_actor())
    flash(_("Saved."), "ok")
    return redirect(url_for(".show", household_id=row.id))


@bp.post("/<uuid:household_id>/relations")
@requires(Permission.CLIENT_WRITE)
def relate(household_id: UUID) -> Any:
    """Who is what to whom; the inverse is written beside it."""
    row, form = queries.one(household_id), RelateForm()
    form.offer([])
    if form.validate_on_submit() and attempt(form, service.relate, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", household_id=row.id))
    return _shown(row, relate=form)


@bp.post("/<uuid:household_id>/relations/end")
@requires(Permission.CLIENT_WRITE)
def unrelate(household_id: UUID) -> Any:
    """A relationship that was wrong goes, in both directions."""
    row, form = queries.one(household_id), RelateForm()
    form.offer([])
    if form.validate_on_submit():
        service.unrelate(form.command, row, the_actor())
        flash(_("Saved."), "ok")
    return redirect(url_for(".show", household_id=row.id))
