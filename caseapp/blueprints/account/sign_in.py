"""Sign-in, sign-out, switching the role and the language."""

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.guard import public, signed_in
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.shell import LANGUAGES
from caseapp.blueprints.http.visitor import the_actor
from caseapp.forms.organisation.sign_in import SignInForm
from caseapp.services.organisation import sign_in as service


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> Any:
    """The sign-in page."""
    form = SignInForm()
    if form.validate_on_submit():
        token = service.sign_in(form.command, device=request.user_agent.string, address=request.remote_addr or "")
        if token is not None:
            session.clear()
            session["sid"] = token
            return redirect(own_address(request.args.get("next")) or url_for("today.index"))
        form.lay({"_form": [service.REFUSED]})
    return page("account/login.html", form=form)


@bp.post("/logout")
@signed_in
def logout() -> Any:
    """Ends this session."""
    service.sign_out(the_actor())
    session.clear()
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


def own_address(address: str | None) -> str | None:
    """A path of ours, or None: never a redirect to elsewhere."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != request.host:
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else None
