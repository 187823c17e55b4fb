"""The only place that turns errors into answers: a page for people, problem+json (RFC 9457) for the API."""

import logging
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from caseapp.access.policy import PurposeNeeded
from caseapp.access.system import run_side_writes
from caseapp.blueprints.http import once, proof, unfinished, visitor
from caseapp.blueprints.http.shell import bare
from caseapp.blueprints.http.visitor import API, current_actor
from caseapp.core import errors as e
from caseapp.core import trace
from caseapp.core.text import _l
from caseapp.extensions import db, intent
from caseapp.services.trust import audit

log = logging.getLogger("caseapp")

HTTP_KINDS: dict[int, type[e.AppError]] = {
    401: e.NotSignedIn,
    403: e.Forbidden,
    404: e.NotFound,
    409: e.Conflict,
    410: e.Gone,
    413: e.TooLarge,
    422: e.Invalid,
    428: e.PreconditionRequired,
    429: e.TooMany,
    503: e.Unavailable,
}
# the database's own words for it: PostgreSQL, appendix A
CUT_OFF = {
    "57014": _l("This took the database longer than it may. Ask for less at once, or try again when fewer people are at work."),
    "55P03": _l("Somebody else is writing here just now. Nothing was saved; try again in a moment."),
}
CHANGED = _l("Somebody changed this meanwhile. Look at it again, then save.")
SHUT = frozenset({"25006"})  # PostgreSQL: a server that only reads now
AWAY = _l("The database does not answer. Nothing was saved; send it again in a moment.")
FULL = _l("The server's disk is full. Nothing was saved; tell the administrator.")
SHUT_WORDS = _l("The server cannot write to its disk now. Nothing was saved; tell the administrator.")
TITLES = {
    400: _l("This request cannot be understood"),
    405: _l("This address does not take that"),
    406: _l("This form of answer is not available"),
    415: _l("This kind of content is not accepted"),
    431: _l("This is too large to be taken"),
    500: _l("Something went wrong on our side"),
}


class Problem(e.AppError):
    """An HTTP error that has no meaning of its own in the family."""

    def __init__(self, status: int) -> None:
        self.status, self.code = status, f"http_{status}"
        self.title = TITLES.get(status, TITLES[400])
        super().__init__(self.title)


def register(app: Flask) -> None:
    """Hangs the handlers on the app, for pages and API alike."""
    app.register_error_handler(e.AppError, answer)
    app.register_error_handler(ValidationError, lambda error: answer(e.Invalid(fields=error.normalized_messages())))
    app.register_error_handler(StaleDataError, lambda _error: answer(e.Conflict(CHANGED, code="stale_version")))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DBAPIError, _unavailable)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer(error: e.AppError) -> Response:
    """Rolls back, writes what must survive the rollback, and answers in the visitor's way."""
    ref = trace.request_id()  # under it the log has this request
    try:
        db.session.rollback()
    except DBAPIError as lost:  # the connection went meanwhile, and what was begun on it
        log.error("rollback failed in %s: %s", request.endpoint, type(lost.orig).__name__)
        g.outage, error = True, e.Unavailable(AWAY)
    intent.set("read")  # what is read from here on must not take SQLite's write lock, which the side writes need
    if error.status == 409 and (first := _of_twin()) is not None:
        return first
    if error.status == 401 and current_actor() is None and not request.path.startswith(API):
        unfinished.rescue()
    if error.status in (401, 403, 404, 429) and current_actor() is not None and not isinstance(error, e.ProofNeeded):
        audit.refused(db.session, error.status, error.code, ref, asked=_ids_asked())
    db.session.rollback()  # what was read for this: on SQLite a side write would wait for its own request's lock
    try:
        run_side_writes()
    except DBAPIError as failed:
        log.error("side writes failed, ref %s: %s", ref, type(failed.orig).__name__)  # its message quotes parameters
        error = e.Unavailable()
    response = _json(error, ref) if request.path.startswith(API) else _page(error, ref)
    response.status_code = error.status if response.status_code == 200 else response.status_code
    if isinstance(error, e.TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _ids_asked() -> str | None:
    """The ids in the address, by name: what somebody tried to reach. Words that were typed into an address are left out."""
    found = [f"{name}={value}" for name, value in (request.view_args or {}).items() if isinstance(value, UUID)]
    return " ".join(found) or None


def _json(error: e.AppError, ref: str) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:caseapp:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "code": error.code,
        "ref": ref,
    }
    if isinstance(error, e.Invalid):
        body["fields"] = plain(error.fields)
    elif error.field:
        body["fields"] = {error.field: [str(error.message)]}
    response = jsonify(body)
    response.content_type = "application/problem+json"
    if isinstance(error, e.ProofNeeded):
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_user_authentication", max_age={error.seconds}'
    elif error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if allow := g.get("allow"):
        response.headers["Allow"] = allow
    return response


def plain(messages: Any) -> Any:
    """Messages translated: by member (long unknown names are cut), at the end of each branch a list of sentences."""
    if isinstance(messages, dict):
        return {str(key)[:60]: plain(value) for key, value in messages.items()}
    return [str(each) for each in messages] if isinstance(messages, list | tuple) else [str(messages)]


def _page(error: e.AppError, ref: str) -> Response:
    if isinstance(error, e.ProofNeeded):
        return proof.asked()
    if isinstance(error, e.PasswordOver):
        return redirect(url_for("account.password"))  # type: ignore[return-value]
    if error.status == 401:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.login", next=target))  # type: ignore[return-value]
    if isinstance(error, PurposeNeeded):
        return redirect(url_for("clients.purpose", file_id=error.file_id, next=request.path))  # type: ignore[return-value]
    if error.status >= 500:
        g.shell = bare()  # the database may be what failed: nothing of it on this page
    response: Response = Response(
        render_template(
            "errors/error.html", title=error.title, detail=error.message, ref=ref, status=error.status, readable=_readable(error)
        )
    )
    response.status_code = error.status
    if allow := g.get("allow"):
        response.headers["Allow"] = allow
    return response


def _readable(error: e.AppError) -> bool:
    """Whether the form that was refused can be read, and is the visitor's own, so that its texts can be shown again."""
    if error.code == "csrf":  # perhaps of who used this computer before
        return "draft_grant" in request.form and unfinished.is_mine()
    return error.status == 503 or (error.status < 500 and error.status not in (400, 401, 413, 415))


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect of the router
    if allowed := getattr(error, "valid_methods", None):
        g.allow = ", ".join(sorted(allowed))
    kind = HTTP_KINDS.get(error.code or 500)
    if error.code == 422 and (data := getattr(error, "data", None)):  # from flask-smorest's arguments
        messages = data.get("messages", {})
        inner = messages.get("json", messages.get("query", messages)) if isinstance(messages, dict) else messages
        return answer(e.Invalid(fields=inner if isinstance(inner, dict) else {"_schema": inner}))
    return answer(kind() if kind else Problem(error.code or 500))


def _csrf(_error: CSRFError) -> Response:
    """The token is checked before the visitor is known: a form that was open over a sign-out keeps its text."""
    visitor.recognise()
    if unfinished.overtaken():
        db.session.rollback()
        run_side_writes()
        return redirect(url_for("account.drafts"))  # type: ignore[return-value]  # a werkzeug response is one of ours
    return answer(e.AppError(_l("This form had been open too long or came from elsewhere. Send it again."), code="csrf"))


def _of_twin() -> Response | None:
    """A request that was refused because its own twin was first shows what the twin was answered."""
    if g.get("once_key") is None:
        return None
    try:
        repeated = once.answer_again()
    except e.AppError as refused:  # the same key for something else, or what it made is no longer mine to see
        return answer(refused)
    if repeated is not None:
        audit.note_reads(db.session, repeated.status_code)
    db.session.rollback()  # the look alone took SQLite's write lock, for which a side write would wait
    if repeated is not None:
        run_side_writes()
    return repeated


def _integrity(_error: IntegrityError) -> Response:
    """A double caught by the database."""
    log.warning("integrity error in %s", request.endpoint)  # the statement may hold personal values: not logged
    return answer(e.Conflict(_l("Somebody saved the same thing at the same moment. Look at it again."), code="duplicate"))


def _unavailable(error: DBAPIError) -> Response:
    """The database is away, full, shut for writing or too slow: a sentence, what was typed, and the next request tries anew."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if not (isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated or state in SHUT):
        return _unexpected(error)
    log.error("database unavailable in %s: %s", request.endpoint, type(error.orig).__name__)
    g.outage = True
    said = str(error.orig)  # of SQLite; it holds no values
    full = state == "53100" or "disk is full" in said
    shut = state in SHUT or "readonly database" in said
    return answer(e.Unavailable(CUT_OFF.get(state) or (FULL if full else SHUT_WORDS if shut else AWAY)))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected %s in %s", type(error).__name__, request.endpoint, exc_info=_without_values(error))
    return answer(Problem(500))


def _without_values(error: Exception) -> Any:
    """The traceback with the type only: messages of database errors quote parameters."""
    return (type(error), type(error)(), error.__traceback__) if type(error) in (KeyError, ValueError, TypeError) else None
