"""Unfinished notes: saved by the page while one types, listed, taken up again, thrown away."""

from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, url_for

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http import unfinished
from caseapp.blueprints.http.guard import public, signed_in
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import current_actor, the_actor
from caseapp.core import clock
from caseapp.core.errors import Invalid
from caseapp.core.text import _
from caseapp.queries.trust import drafts as queries
from caseapp.services.trust import drafts


@bp.route("/drafts", methods=["POST", "PUT"])
@public(reading=True)
def save_draft() -> Any:
    """Keeps what a form holds. Open to strangers only to tell a page in plain words that its session ended (401)."""
    actor = current_actor()
    if actor is None or actor.grant_id is None or not unfinished.is_mine():
        return jsonify(saved=False), 401 if actor is None else 403
    kept = unfinished.from_request()
    if kept is None:
        raise Invalid(code="draft_invalid")
    drafts.keep(kept, actor.user_id, actor.grant_id)
    return jsonify(saved=True, at=clock.local(clock.now()).strftime("%H:%M"))


@bp.get("/account/drafts", endpoint="drafts")
@signed_in
def index() -> Any:
    """My unfinished notes."""
    return page("account/drafts.html", drafts=queries.mine(the_actor()))


@bp.get("/account/drafts/<uuid:draft_id>")
@signed_in
def open_draft(draft_id: UUID) -> Any:
    """Back to the form, with the text filled in; not found when its file is no longer mine to see."""
    draft = queries.one(draft_id, the_actor())
    return redirect(f"{draft.address}{'&' if '?' in draft.address else '?'}draft={draft.id}")


@bp.post("/account/drafts/<uuid:draft_id>/drop")
@signed_in
def drop_draft(draft_id: UUID) -> Any:
    """Throws a note away."""
    drafts.drop(draft_id, the_actor())
    flash(_("The note is gone."), "ok")
    return redirect(url_for(".drafts"))
