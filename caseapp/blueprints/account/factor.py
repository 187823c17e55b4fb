"""The own second factor: set up, recovery codes, given up."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.account.sign_in import address
from caseapp.blueprints.http.guard import signed_in
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.base import CommandForm
from caseapp.forms.organisation.factors import BeginFactorForm, SecondStepForm
from caseapp.queries.organisation import factors as queries
from caseapp.services.organisation.factors import own as service


@bp.get("/account/second-factor")
@signed_in
def second_factor() -> Any:
    """What I have, and what I can do about it."""
    return _show()


@bp.post("/account/second-factor/begin")
@signed_in(reading=True)
def begin_factor() -> Any:
    """Shows a secret for the authenticator app."""
    form = BeginFactorForm()
    begin = lambda command: service.begin(the_actor(), command.password, address=address())  # noqa: E731
    if form.validate_on_submit() and attempt(form, begin, form.command):
        return redirect(url_for(".second_factor"), 303)
    return _show(password=form)


@bp.post("/account/second-factor/confirm")
@signed_in(reading=True)
def confirm_factor() -> Any:
    """From now on it counts."""
    return _with_code("proof", service.take_up)


@bp.post("/account/second-factor/codes")
@signed_in(reading=True)
def renew_codes() -> Any:
    """New recovery codes."""
    return _with_code("renewal", service.renew_codes)


@bp.route("/account/second-factor/remove", methods=["GET", "POST"])
@signed_in(reading=True)
def remove_factor() -> Any:
    """Without it from now on."""
    form = SecondStepForm()
    give_up = lambda command: service.give_up(the_actor(), command.code)  # noqa: E731
    if form.validate_on_submit() and attempt(form, give_up, form.command):
        flash(_("Your second factor is given up."), "ok")
        return redirect(url_for(".second_factor"), 303)
    return page("account/remove_factor.html", form=form)


def _with_code(name: str, verb: Callable[..., Any]) -> Any:
    form = SecondStepForm()
    made = form.validate_on_submit() and attempt(form, lambda command: verb(the_actor(), command.code), form.command)
    if made:
        return page("account/recovery_codes.html", codes=made, to=url_for(".second_factor"))
    return _show(**{name: form})


def _show(**sent: CommandForm) -> Any:
    code = {name: SecondStepForm(formdata=None) for name in ("proof", "renewal")}
    drawn: dict[str, Any] = {"password": BeginFactorForm(formdata=None), **code, **sent}
    return page("account/second_factor.html", form=next(iter(sent.values()), None), own=queries.of(the_actor()), drawn=drawn)
