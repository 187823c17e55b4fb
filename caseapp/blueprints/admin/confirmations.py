"""Confirmations: a head's, a county officer's and a security admin's yes or no to roles and codes."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.asked import ASKED
from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.admin.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.admin import RefuseForm
from caseapp.queries.organisation import grants as queries
from caseapp.queries.trust import asked
from caseapp.services.organisation import accounts, codes, grants


@bp.get("/confirmations")
@requires(P.GRANT_CONFIRM)
def confirmations() -> Any:
    """What waits for my yes or no."""
    actor = the_actor()
    waiting, acts = queries.waiting(actor), asked.waiting(actor)
    takes_part = any(kind.may_ask(actor) or kind.may_decide(actor) for kind in ASKED.values())
    told: dict[str, Any] = {"waiting": waiting, "codes": codes.waiting(actor), "asked": acts, "takes_part": takes_part}
    return page("admin/confirmations.html", roles=ROLES, **told)


@bp.post("/grants/<uuid:grant_id>/confirm")
@requires(P.GRANT_CONFIRM, fresh=ACTS)
def confirm_grant(grant_id: UUID) -> Any:
    """Yes to a role."""
    grant = grants.confirm(grant_id, the_actor())
    flash(_("The role is in force.") if grant.state == "active" else _("Confirmed. Another confirmation is still needed."), "ok")
    return redirect(url_for(".confirmations"))


@bp.route("/grants/<uuid:grant_id>/refuse", methods=["GET", "POST"])
@requires(P.GRANT_CONFIRM)
def refuse_grant(grant_id: UUID) -> Any:
    """No to a role, with the reason."""
    actor = the_actor()
    grant = queries.one(grant_id, actor)
    form = RefuseForm()
    if form.validate_on_submit() and attempt(form, grants.refuse, grant.id, form.command, actor):
        flash(_("Refused."), "ok")
        return redirect(url_for(".confirmations"))
    why = str(ROLES[grant.role].label)
    return page("admin/refuse.html", form=form, title=_("Refuse this role"), why=why, back=url_for(".confirmations"))


@bp.post("/codes/<uuid:code_id>/confirm")
@requires(P.GRANT_CONFIRM, fresh=ACTS)
def confirm_code(code_id: UUID) -> Any:
    """Yes to a code for a forgotten password."""
    accounts.confirm_code(code_id, the_actor())
    flash(_("The code may be used now, unless another confirmation is needed."), "ok")
    return redirect(url_for(".confirmations"))


@bp.route("/codes/<uuid:code_id>/refuse", methods=["GET", "POST"])
@requires(P.GRANT_CONFIRM)
def refuse_code(code_id: UUID) -> Any:
    """No to a code, with the reason."""
    actor = the_actor()
    codes.waiting_for(actor, code_id)
    form = RefuseForm()
    if form.validate_on_submit():
        accounts.refuse_code(code_id, form.command.note, actor)
        flash(_("Refused. The code is worthless now."), "ok")
        return redirect(url_for(".confirmations"))
    return page("admin/refuse.html", form=form, title=_("Refuse this code"), why="", back=url_for(".confirmations"))
