"""Unfinished notes at the edge: hidden fields of a form, taking a draft up again, forgetting it once saved, and what becomes
of typed text when a form cannot be taken: kept if the session had idled out, else shown again."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask, flash, g, request, session
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from caseapp.access import identity
from caseapp.blueprints.http.visitor import API, current_actor
from caseapp.core import clock
from caseapp.core.errors import Invalid, NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.queries.trust import drafts as queries
from caseapp.services.trust import drafts

OWN = ("csrf_token", "draft_form", "draft_record", "draft_address", "draft_title", "draft_file", "draft_grant", "draft_version")
SECRET = ("password", "current", "again", "code", "proof")
MACHINE = re.compile(r"[A-Za-z0-9:.,+/_-]{0,40}")  # ids, codes, days and numbers: nothing somebody would miss


def register(app: Flask) -> None:
    """Gives templates `draft_inputs` and `typed_texts`."""
    app.jinja_env.globals["draft_inputs"] = draft_inputs
    app.jinja_env.globals["typed_texts"] = typed


def draft_inputs(form: str, record: Any = "", title: str = "", file_id: Any = None) -> Markup:
    """Hidden fields that make a form keep its text: which form, which record (else the form's op_id), a title for the list.

    Goes inside `form_tag(form, draft_url=url_for('account.save_draft'))`. The file is checked again on opening.
    """
    actor = current_actor()
    fields = {
        "draft_grant": actor.grant_id if actor is not None else "",
        "draft_form": form,
        "draft_record": record or "",
        "draft_title": title,
        "draft_file": file_id or "",
        "draft_address": _here(),
    }
    line = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(line.format(name, value) for name, value in fields.items())


def _here() -> str:
    """The address of this page: which client or village a form is for often stands behind the question mark."""
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "draft"])
    return f"{request.path}?{query}" if query else request.path


def is_mine() -> bool:
    """Whether the form was drawn for the role that sends it: on a shared computer the next colleague gets no text of the last."""
    actor, drawn_for = current_actor(), request.form.get("draft_grant")
    return actor is not None and actor.grant_id is not None and drawn_for in (None, str(actor.grant_id))


def from_request(default_form: str = "") -> drafts.Kept | None:
    """What the request's form wants to have kept; None when it names no draft and no default is given."""
    data = request.form
    form = data.get("draft_form") or default_form
    if not form:
        return None
    payload = {name: values for name, values in data.lists() if name not in OWN and name not in SECRET}
    address = data.get("draft_address") or request.path
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        raise Invalid(code="draft_invalid")
    return drafts.Kept(
        form=form[:40],
        record=(data.get("draft_record") or data.get("op_id", ""))[:40],
        address=address,
        title=data.get("draft_title", "")[:80],
        file_id=_uuid(data.get("draft_file")),
        payload=payload,
    )


def resume(form: Any) -> None:
    """`?draft=<id>` on a form's page fills in the kept text; a draft of somebody else or of another page is not found."""
    draft_id, actor = _uuid(request.args.get("draft")), current_actor()
    if draft_id is None or actor is None or request.method != "GET":
        return
    draft = queries.one(draft_id, actor)
    if urlsplit(draft.address).path != request.path:
        raise NotFound()
    form.resume(MultiDict((name, value) for name, values in draft.payload.items() for value in values))
    g.draft = draft


def forget() -> None:
    """After a successful POST: its draft has served."""
    if request.method != "POST" or request.path.startswith(API) or "draft_form" not in request.form:
        return
    actor, data = current_actor(), request.form
    if actor is not None and actor.grant_id is not None:
        drafts.done(actor, data["draft_form"][:40], (data.get("draft_record") or data.get("op_id", ""))[:40])


def rescue() -> None:
    """A session had ended by itself: one that gave way to a later sign-in says so; the text of a form that was sent becomes a draft
    of that user, found after signing in."""
    token = session.get("sid")
    if not isinstance(token, str):
        return
    owner = identity.idled_out(db.session, token, clock.now())
    if owner is not None and owner.ended_why == identity.REPLACED:
        session.pop("sid", None)  # said once
        flash(
            _(
                "You signed in on another device of this kind, so this one was signed out. Was that not you? Change your password."
            ),
            "careful",
        )
    if request.method != "POST" or not request.form:
        return
    try:
        kept = from_request(request.endpoint or "form") if owner else None
        if owner is None or kept is None or not any(name != "op_id" for name in kept.payload):
            return
        drafts.keep(kept, owner.user_id, owner.grant_id)
    except Invalid:  # too large to be kept, or no form of ours
        return
    if owner.ended_why == identity.REPLACED:
        flash(_("What you typed is kept: sign in and open it under unfinished notes."), "info")
    else:
        flash(_("You had been away too long. What you typed is kept: sign in and open it under unfinished notes."), "info")


def overtaken() -> bool:
    """A form of ours was sent with the token of a session that is over, by somebody who is signed in again: its text is kept.

    Only what the browser says came from our own pages; true when there was something to keep.
    """
    actor = current_actor()
    ours = (
        request.headers.get("Sec-Fetch-Site") == "same-origin"
        or urlsplit(request.headers.get("Origin", "")).netloc == request.host
    )
    if request.endpoint == "account.save_draft":  # the page's script fetches a fresh token by itself
        return False
    if actor is None or actor.grant_id is None or request.method != "POST" or not ours or not is_mine():
        return False
    kept = from_request()
    if kept is None:
        return False
    drafts.keep(kept, actor.user_id, actor.grant_id)
    flash(_("You were signed out meanwhile. What you typed is kept: go on writing, then save."), "careful")
    return True


def typed() -> list[str]:
    """The texts of a form that was refused as a whole, to be shown to who wrote them; no secrets, ids or codes.

    While the database is away nobody can be recognised: the answer still goes to whoever sent the form.
    """
    if request.method != "POST" or request.path.startswith(API) or (current_actor() is None and not g.get("outage")):
        return []
    hidden = (*OWN, *SECRET, "base", "op_id", "version", "content")
    texts = [value.strip() for name, value in request.form.items(multi=True) if name not in hidden]
    return [text for text in texts if not MACHINE.fullmatch(text)]


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
