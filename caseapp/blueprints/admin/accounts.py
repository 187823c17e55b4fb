"""Accounts: list, new, one account with its roles, disabling, a new code."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from caseapp.access.fresh import ACTS
from caseapp.access.permissions import Permission as P
from caseapp.access.roles import ROLES
from caseapp.blueprints.admin.blueprint import asked, bp, pages_of
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.forms.organisation.admin import CreateAccountForm, ReasonForm
from caseapp.queries.organisation import accounts as queries
from caseapp.queries.organisation import grants as grant_queries
from caseapp.queries.organisation import tree
from caseapp.services.organisation import accounts as service


@bp.get("/accounts")
@requires(P.ACCOUNT_MANAGE)
def accounts() -> Any:
    """The accounts of my part of the tree."""
    q = asked()
    found = queries.listed(the_actor(), q, request.args.get("cursor"))
    return page("admin/accounts.html", found=found.items, pager_=pages_of(found, ".accounts", q=q), q=q)


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE, fresh=ACTS)
def new_account() -> Any:
    """A new account; its code is shown once."""
    actor, q = the_actor(), asked()
    form = CreateAccountForm(home_id=asked("home"))
    places = tree.search(actor, q, limit=30).items if q else tree.roots(actor)
    chosen = form.home_id.data
    if chosen and not any(str(place.id) == chosen for place in places):
        places = [*places, tree.one(_uuid(chosen), actor)]
    form.offer(places)
    if form.validate_on_submit():
        made = attempt(form, service.create, form.command, tree.one(form.command.home_id, actor), actor)
        if made:
            user, code = made
            return _code_page(user, code, waits=False, first=True)
    return page("admin/new_account.html", form=form, q=q)


@bp.get("/accounts/<uuid:user_id>")
@requires(P.ACCOUNT_MANAGE)
def account(user_id: UUID) -> Any:
    """One account: what it is, its roles, what can be done."""
    user = queries.one(user_id, the_actor())
    return page(
        "admin/account.html",
        user=user,
        home=queries.home_of(user),
        grants=grant_queries.of_user(user),
        roles=ROLES,
        mine=user.id == the_actor().user_id,
    )


@bp.route("/accounts/<uuid:user_id>/disable", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE, fresh=ACTS)
def disable(user_id: UUID) -> Any:
    """Shuts an account."""
    return _with_reason(user_id, service.disable, _("Disable this account"), _("All its sessions and tokens end at once."))


@bp.route("/accounts/<uuid:user_id>/enable", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE, fresh=ACTS)
def enable(user_id: UUID) -> Any:
    """Opens a disabled account again."""
    return _with_reason(user_id, service.enable, _("Enable this account"), _("Its roles are as they were."))


@bp.route("/accounts/<uuid:user_id>/code", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE, fresh=ACTS)
def new_code(user_id: UUID) -> Any:
    """A new one-time code, shown once."""
    actor = the_actor()
    user = queries.one(user_id, actor)
    form = ReasonForm(version=user.version)
    if form.validate_on_submit():
        made = attempt(form, service.new_code, form.command, user, actor)
        if made:
            code, waits = made
            return _code_page(user, code, waits=waits, first=False)
    why = _("Older codes of this account stop working. The password stays as it is until the code is used.")
    return page("admin/reason.html", form=form, title=_("Make a one-time code"), why=why, who=user.name, back=_back(user))


def _with_reason(user_id: UUID, verb: Any, title: str, why: str) -> Any:
    actor = the_actor()
    user = queries.one(user_id, actor)
    form = ReasonForm(version=user.version)
    if form.validate_on_submit() and attempt(form, verb, form.command, user, actor):
        flash(_("Done: %(what)s", what=title), "ok")
        return redirect(_back(user))
    return page("admin/reason.html", form=form, title=title, why=why, who=user.name, back=_back(user))


def _code_page(user: Any, code: str, *, waits: bool, first: bool) -> Response:
    """The code, once: a repeated request leads to the account instead (Content-Location)."""
    answer = page("admin/code.html", user=user, code=code, waits=waits, first=first)
    answer.headers["Content-Location"] = _back(user)
    return answer


def _back(user: Any) -> str:
    return url_for("admin.account", user_id=user.id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
