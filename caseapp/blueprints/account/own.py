"""The own account: roles, devices, password."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.roles import ROLES
from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.account.sign_in import address
from caseapp.blueprints.http.guard import signed_in
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.sign_in import ChangePasswordForm
from caseapp.queries.organisation import own
from caseapp.services.organisation import passwords
from caseapp.services.organisation import sign_in as service


@bp.get("/account")
@signed_in
def index() -> Any:
    """What I am here, and where I am signed in."""
    actor = the_actor()
    return page(
        "account/index.html",
        user=own.account(actor),
        grants=own.grants(actor),
        devices=own.devices(actor),
        recent=own.recent_for_station(actor),
        roles=ROLES,
        actor=actor,
    )


@bp.post("/account/devices/<uuid:session_id>/end")
@signed_in
def end_device(session_id: UUID) -> Any:
    """Signs one of my devices out."""
    service.end_device(session_id, the_actor())
    flash(_("That device is signed out."), "ok")
    return redirect(url_for(".index"))


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in(reading=True)
def password() -> Any:
    """Changes my password."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        change = lambda command: service.change_password(command, the_actor(), address=address())  # noqa: E731
        if attempt(form, change, form.command):
            flash(_("Your password is changed; other devices are signed out."), "ok")
            return redirect(url_for(".index"), 303)
    return page("account/password.html", form=form, ruled=passwords.rules(), over=the_actor().must_change)
