"""The register of outside bodies: of the station, and of the county for all its stations."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.referrals.blueprint import bp
from caseapp.core.text import _
from caseapp.forms.casework.referral import BodyForm
from caseapp.queries.casework.referrals import receivers
from caseapp.services.casework.referrals import outside


@bp.get("/bodies")
@requires(Permission.REFERRAL_READ, Permission.BODY_WRITE)
def bodies() -> Any:
    """Whom people are referred to outside, by name."""
    return page("referrals/bodies.html", rows=receivers.bodies(active=False), actor=the_actor())


@bp.route("/bodies/new", methods=["GET", "POST"])
@requires(Permission.BODY_WRITE)
def new_body() -> Any:
    """Registers one."""
    form = BodyForm()
    if form.validate_on_submit() and attempt(form, outside.register, form.command, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".bodies"))
    return page("referrals/body.html", form=form, row=None)


@bp.route("/bodies/<uuid:body_id>", methods=["GET", "POST"])
@requires(Permission.BODY_WRITE)
def edit_body(body_id: UUID) -> Any:
    """Puts right what is known of one."""
    row = receivers.body(body_id)
    policy.require_place(the_actor(), Permission.BODY_WRITE, row.path)
    form = BodyForm(obj=None if BodyForm().is_submitted() else row)
    if form.validate_on_submit() and attempt(form, outside.change, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".bodies"))
    return page("referrals/body.html", form=form, row=row)
