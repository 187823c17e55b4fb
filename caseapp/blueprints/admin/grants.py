"""Proposing a role and ending one."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.admin.blueprint import asked, bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.organisation.admin import ProposeGrantForm, ReasonForm
from caseapp.queries.organisation import accounts, grants, tree
from caseapp.queries.organisation.workers import WORKING
from caseapp.services.organisation import grants as service

OFFERED = 40


@bp.route("/accounts/<uuid:user_id>/grants/new", methods=["GET", "POST"])
@requires(P.GRANT_PROPOSE, fresh=ACTS)
def new_grant(user_id: UUID) -> Any:
    """First the role and a part of the place's name, then the place itself."""
    actor = the_actor()
    user = accounts.one(user_id, actor)
    role, q = asked("role"), asked()
    form = ProposeGrantForm(role=role, from_on=clock.today().isoformat())
    role = role if role in ROLES else form.role.data if form.role.data in ROLES else ""
    if role:
        kinds = ROLES[role].kinds
        found = tree.contractors(actor) if "contractor" in kinds else tree.search(actor, q, limit=OFFERED, kinds=kinds).items
        ticked = [tree.one(place, actor) for place in _uuids(form.places.data) if place not in {row.id for row in found}]
        form.offer(role, [*found, *ticked])
    if form.validate_on_submit():
        places = [tree.one(place, actor) for place in form.command.places]
        grant = attempt(form, service.propose, form.command, user, places, actor)
        if grant:
            words = _("The role waits for its confirmation.") if grant.state == "proposed" else _("The role is in force.")
            flash(words, "ok")
            return redirect(url_for(".account", user_id=user.id))
    return page("admin/new_grant.html", form=form, user=user, role=role, q=q, roles=ROLES)


@bp.route("/grants/<uuid:grant_id>/end", methods=["GET", "POST"])
@requires(P.GRANT_PROPOSE, fresh=ACTS)
def end_grant(grant_id: UUID) -> Any:
    """Ends a role, or takes a proposal back."""
    actor = the_actor()
    grant = grants.one(grant_id, actor)
    user = accounts.one(grant.user_id, actor)
    form, back = ReasonForm(version=grant.version), url_for(".account", user_id=user.id)
    if form.validate_on_submit() and attempt(form, service.end, form.command, grant, actor):
        flash(_("The role has ended."), "ok")
        if grant.role in WORKING:
            flash(_("The head of the station is asked on Today to hand over whatever is open in this name."), "careful")
        return redirect(back)
    title = _("End this role") if grant.state == "active" else _("Take this proposal back")
    why = _("%(role)s: sessions and tokens in this role end at once.", role=ROLES[grant.role].label)
    return page("admin/reason.html", form=form, title=title, why=why, who=user.name, back=back)


def _uuids(values: Any) -> list[UUID]:
    found = []
    for value in values or []:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found[:OFFERED]
