"""The security administrator's rules of sign-in; asking that a lost second factor be taken away."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.limits import BOUNDS
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.admin.asked import tells
from caseapp.blueprints.admin.blueprint import bp
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.admin import ReasonForm
from caseapp.forms.organisation.factors import SetControlsForm
from caseapp.models.trust import AskedAct
from caseapp.queries.organisation import accounts as account_queries
from caseapp.queries.organisation import controls as queries
from caseapp.reference import defaults
from caseapp.services.organisation.factors import demand, reset


@bp.route("/controls", methods=["GET", "POST"])
@requires(P.CONTROL_SET, fresh=ACTS)
def controls() -> Any:
    """Which roles need a second factor."""
    held = queries.controls()
    form = SetControlsForm(roles=list(held.roles), version=held.version, **{name: held.limit(name) for name in BOUNDS})
    form.offer()
    if form.validate_on_submit():
        made = attempt(form, lambda command: (demand.set_controls(command, the_actor()),), form.command)
        if made:
            in_force = _("Saved. It counts from the next sign-in on.")
            waits = _("Something would be less strict: a second person has to agree first, then all of it counts.")
            flash(in_force if made[0] else waits, "ok" if made[0] else "careful")
            return redirect(url_for(".controls") if made[0] else url_for(".asked"))
    return page("admin/controls.html", form=form, held=held, roles=ROLES)


@tells(demand.KIND)
def _less_strict(row: AskedAct) -> list[tuple[Any, Any]]:
    """What would change, old and new; of an act that is decided what was asked for."""
    held, value = queries.controls(), row.facts
    found: list[tuple[Any, Any]] = []
    for name in demand.weakened(held, value):
        if name.startswith("role:"):
            found.append((ROLES[name.removeprefix("role:")].label, _("no second factor needed any more")))
        else:
            words = defaults()[f"sign_in.{name}"].label(tag())
            found.append((words, _("%(now)s, then %(then)s", now=held.limit(name), then=value["limits"][name])))
    return found


@bp.route("/accounts/<uuid:user_id>/second-factor", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE, fresh=ACTS)
def reset_factor(user_id: UUID) -> Any:
    """Asks that a lost second factor be taken away."""
    actor = the_actor()
    user = account_queries.one(user_id, actor)
    form, back = ReasonForm(version=user.version), url_for(".account", user_id=user.id)
    if form.validate_on_submit() and attempt(form, reset.ask, form.command, user, actor):
        flash(_("A security administrator sees it under Acts for two people and decides."), "ok")
        return redirect(back)
    why = _("For who lost the phone and the recovery codes. It is taken away only when a security administrator agrees.")
    return page("admin/reason.html", form=form, title=_("Reset the second factor"), why=why, who=user.name, back=back)
