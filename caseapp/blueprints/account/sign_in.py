"""Sign-in, one-time codes, sign-out, switching the role and the language."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, request, session, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.guard import public, signed_in
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.shell import LANGUAGES
from caseapp.blueprints.http.visitor import current_actor, the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.sign_in import SignInForm, UseCodeForm
from caseapp.services.organisation import sign_in as service


@bp.route("/login", methods=["GET", "POST"])
@public(reading=True)
def login() -> Any:
    """The sign-in page."""
    if request.method == "GET" and current_actor() is not None:
        return redirect(url_for("today.index"))
    form = SignInForm()
    if form.validate_on_submit():
        token = service.sign_in(form.command, device=request.user_agent.string, address=address(), former=session.get("sid"))
        if token is not None:
            begin(token)
            return redirect(own_address(request.args.get("next")) or url_for("today.index"))
        form.lay({"_form": [service.REFUSED]})
    return page("account/login.html", form=form)


@bp.route("/account/code", methods=["GET", "POST"])
@public(reading=True)
def code() -> Any:
    """Sets a password with a one-time code, then signs in."""
    form = UseCodeForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = {"device": request.user_agent.string, "address": address(), "former": session.get("sid")}
        token = attempt(form, lambda command: service.use_code(command, **facts), form.command)
        if token:
            begin(token)
            flash(_("Your password is set and you are signed in."), "ok")
            return redirect(url_for("today.index"))
    return page("account/code.html", form=form)


@bp.post("/logout")
@signed_in
def logout() -> Any:
    """Ends this session."""
    service.sign_out(the_actor())
    forget()
    return redirect(url_for("account.login"))


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Any:
    """Ends all sessions and tokens of this user."""
    service.sign_out_everywhere(the_actor())
    forget()
    flash(_("Signed out on every device."), "ok")
    return redirect(url_for("account.login"))


@bp.post("/role")
@signed_in
def switch() -> Any:
    """Works under another of the own grants from now on."""
    service.switch_grant(the_actor(), request.form.get("grant", ""))
    return redirect(url_for("today.index"))


@bp.post("/language/<tag>")
@public
def language(tag: str) -> Any:
    """Chooses the language: kept with the user, or in the visitor's cookie."""
    if tag in LANGUAGES:
        session["language"] = tag
        service.choose_language(tag)
    return redirect(own_address(request.form.get("next") or request.referrer) or url_for("today.index"))


def begin(token: str) -> None:
    """A fresh cookie with the session's token and the language chosen before; nothing personal."""
    kept = session.get("language")
    session.clear()
    session["sid"] = token
    if kept in LANGUAGES:
        session["language"] = kept


def forget() -> None:
    """Empties the cookie but for the language."""
    kept = session.get("language")
    session.clear()
    if kept in LANGUAGES:
        session["language"] = kept


def address() -> str:
    """Where the visitor calls from."""
    return request.remote_addr or ""


def own_address(target: str | None) -> str | None:
    """A path of ours, or None: never a redirect to elsewhere."""
    if not target or "\\" in target or any(ord(letter) < 33 for letter in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if (parts.netloc and parts.netloc != request.host) or parts.scheme not in ("", "http", "https"):
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") else None
