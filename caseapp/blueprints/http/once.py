"""A request sent twice makes one record: `Idempotency-Key` of the API and `op_id` of forms, kept in the database.

The key is bound to user, grant, method, path and body; the first success is remembered for 48 hours as the address of
its result, and a repeat shows that address under today's rights.
"""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, make_response, redirect, request
from sqlalchemy import delete, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from caseapp.blueprints.http.guard import access_of
from caseapp.blueprints.http.visitor import API, current_actor
from caseapp.core import clock
from caseapp.core.errors import Forbidden, Gone, Invalid
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.models.trust import StoredResult

KEPT = timedelta(hours=48)
KEY = re.compile(r"[A-Za-z0-9._-]{8,64}")
FRAME = ("csrf_token", "op_id", "base", "proof", "act_again")


def request_key() -> str | None:
    """The key of this request, if it has one: header for the API, hidden field for forms."""
    if request.method != "POST" or current_actor() is None:
        return None
    if request.path.startswith(API):
        key = request.headers.get("Idempotency-Key")
        if key is not None and not KEY.fullmatch(key):
            raise Invalid(
                _l("Idempotency-Key must have 8 to 64 letters, digits, dots, hyphens or underscores."), code="bad_idempotency_key"
            )
        return f"api:{key}" if key and g.get("writes", True) else None  # what only reads is carried out anew
    op_id = request.form.get("op_id", "")
    return f"form:{op_id}" if g.get("writes", True) and KEY.fullmatch(op_id) else None


def body_digest() -> bytes:
    """What was sent: the body of a call, the fields of a form without those of the frame."""
    if request.path.startswith(API):
        body = request.get_data(cache=True)
    else:
        fields = [(name, values) for name, values in request.form.lists() if name not in FRAME and not name.startswith("draft_")]
        body = json.dumps(sorted(fields), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(request.method.encode() + request.path.encode() + body).digest()[:16]


def answer_again() -> Response | None:
    """The first answer once more, when this request was already carried out."""
    key = request_key()
    actor = current_actor()
    if key is None or actor is None or actor.grant_id is None:
        return None
    stored = db.session.scalar(select(StoredResult).where(StoredResult.key == key, StoredResult.expires_at > clock.now()))
    g.once_key = key
    if stored is None:
        return None
    same = stored.body_digest == body_digest() and stored.path == request.path
    if request.path.startswith(API):
        if not same:
            raise Invalid(_l("This Idempotency-Key was used for something else."), code="idempotency_key_reused")
        return _show(stored) if stored.location is not None else current_app.response_class(status=204)
    if not same:  # came back with the browser's button, changed something and sent the old form again
        flash(_("This was saved before. What you changed since then was not taken: change it here."), "careful")
    return redirect(stored.location or "/", 303)  # type: ignore[return-value]  # a werkzeug response is one of ours


def _show(stored: StoredResult) -> Response:
    """Calls the view behind the stored address, through its door, with the stored status."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, arguments = adapter.match(urlsplit(stored.location or "").path, method="GET")
    except (HTTPException, RequestRedirect) as error:
        raise Gone() from error
    access, actor = access_of(endpoint), current_actor()
    allowed = access and actor and (not access.permissions or any(actor.may(p) for p in access.permissions))
    if not allowed:
        raise Forbidden()
    response = make_response(current_app.view_functions[endpoint](**arguments))
    response.status_code = stored.status
    if stored.status == 201:
        response.headers["Location"] = stored.location or ""
    return response


def remember(response: Response) -> None:
    """Keeps where a success is shown, in the same transaction; a parallel twin fails on the unique key."""
    key, actor = g.get("once_key"), current_actor()
    if key is None or actor is None:
        return
    location = response.headers.get("Location") or response.headers.get("Content-Location")
    if location is None and not request.path.startswith(API):
        return  # a page shown again, with more rows to fill in: nothing was made, and the form is sent once more
    now = clock.now()
    over = delete(StoredResult).where(StoredResult.key == key, StoredResult.expires_at <= now)
    db.session.execute(over, execution_options={"synchronize_session": False})
    stored: Any = StoredResult(
        user_id=actor.user_id,
        grant_id=actor.grant_id,
        key=key,
        method=request.method,
        path=request.path[:200],
        body_digest=body_digest(),
        status=response.status_code,
        location=location[:200] if location else None,
        made_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(stored)
