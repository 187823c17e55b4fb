"""Sign-in, one-time codes, sign-out, switching the role and the language."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, session, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.filters import long_date
from caseapp.blueprints.http.guard import public, signed_in
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.shell import LANGUAGES
from caseapp.blueprints.http.visitor import current_actor, the_actor
from caseapp.core.errors import Forbidden
from caseapp.core.text import _
from caseapp.forms.organisation.factors import SecondStepForm
from caseapp.forms.organisation.sign_in import SignInForm, UseCodeForm
from caseapp.services.organisation import lockout
from caseapp.services.organisation import sign_in as service

DEVICE = "caseapp_device"  # the cookie with the mark of a device on which somebody signed in; it opens nothing
OVER = object()  # the half of a sign-in whose time or tries ran out


@bp.route("/login", methods=["GET", "POST"])
@public(reading=True)
def login() -> Any:
    """The sign-in page."""
    if request.method == "GET" and current_actor() is not None:
        return redirect(url_for("today.index"))
    form = SignInForm()
    if form.validate_on_submit():
        refused = service.REFUSED
        try:
            done = service.sign_in(form.command, **visitor_facts())
        except Forbidden as error:  # an account that is asleep, told to who knows its password
            done, refused = None, error.message
        if done is not None:
            return go_on(done, own_address(request.args.get("next")))
        form.lay({"_form": [refused]})
    return page("account/login.html", form=form)


@bp.route("/account/code", methods=["GET", "POST"])
@public(reading=True)
def code() -> Any:
    """Sets a password with a one-time code, then signs in."""
    form = UseCodeForm()
    if form.validate_on_submit():
        done = attempt(form, lambda command: service.use_code(command, **visitor_facts()), form.command)
        if done:
            answer = go_on(done)
            flash(_("Your password is set.") if done.is_half else _("Your password is set and you are signed in."), "ok")
            return answer
    return page("account/code.html", form=form, ruled=service.rules_for_strangers())


@bp.route("/login/second", methods=["GET", "POST"])
@public(reading=True)
def second_step() -> Any:
    """The second step: a code, or the authenticator a role needs is set up first. Without the first step, back to it."""
    token = str(session.get("half", ""))
    waits = service.half(token)
    if waits is None:
        return redirect(url_for(".login"))
    form = SecondStepForm()
    if form.validate_on_submit():
        answer: Any = attempt(
            form, lambda command: service.second_step(command.code, token, **visitor_facts()) or OVER, form.command
        )
        if answer is OVER:
            flash(_("That took too long or too many tries. Begin again."), "careful")
            return redirect(url_for(".login"))
        if answer:
            where, made = go_on(answer, own_address(request.args.get("next"))), answer.recovery_codes
            if answer.is_recovered:
                flash(_("That recovery code is used up. Make new ones before you run out."), "careful")
            return page("account/recovery_codes.html", codes=made, to=where.location) if made else where
    return page("account/second_step.html", form=form, picture=waits.picture)


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


def visitor_facts() -> dict[str, Any]:
    """What a sign-in is told of the visitor: device, address, and the session that was there before."""
    return {"device": request.user_agent.string, "address": address(), "former": session.get("sid")}


def go_on(done: service.Entered, to: str | None = None) -> Any:
    """Where a step of the sign-in leads: to the second one, or in."""
    if done.is_half:
        begin(done.token, "half")
        return redirect(url_for("account.second_step", next=to))
    begin(done.token)
    if done.due is not None:
        flash(_("From %(day)s your role needs a second factor: set it up under My account.", day=long_date(done.due)), "careful")
    answer = redirect(to or url_for("today.index"))
    mark = lockout.marked(done.username, request.cookies.get(DEVICE, ""))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(DEVICE, mark, max_age=lockout.AT_HOME, httponly=True, samesite="Lax", secure=secure)
    return answer


def begin(token: str, name: str = "sid") -> None:
    """A fresh cookie with the session's token and the language chosen before; nothing personal."""
    kept = session.get("language")
    session.clear()
    session[name] = token
    if kept in LANGUAGES:
        session["language"] = kept


def forget() -> None:
    """Empties the cookie but for the language."""
    kept = session.get("language")
    session.clear()
    if kept in LANGUAGES:
        session["language"] = kept


def address() -> lockout.Whence:
    """Where the visitor calls from, and the mark of the device."""
    return lockout.Whence(request.remote_addr or "", request.cookies.get(DEVICE, ""))


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
