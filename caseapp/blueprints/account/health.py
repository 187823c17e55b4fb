"""Whether the process answers, whether the database and its migrations are in order, and numbers for whoever watches."""

from hmac import compare_digest

from flask import Response, current_app, jsonify, request
from sqlalchemy.exc import DBAPIError

from caseapp.adapters import metrics, rights, schema
from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.guard import public
from caseapp.core.errors import NotFound
from caseapp.extensions import db


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int] | Response:
    """The database answers and its migrations are those of this program."""
    try:
        fault = schema.fault() or ("the wall in the database does not stand; doctor says why" if rights.fault() else None)
    except DBAPIError:
        return jsonify(status="database unavailable"), 503
    return (jsonify(status=fault), 503) if fault else jsonify(status="ok")


@bp.get("/metrics")
@public
def numbers() -> Response:
    """Numbers for Prometheus, to whoever shows the token of the settings; to everybody else there is no such page."""
    token = current_app.config["SETTINGS"].metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not compare_digest(token.encode(), shown.encode("utf-8", "replace")):
        raise NotFound()
    used = getattr(db.engine.pool, "checkedout", lambda: 0)  # SQLite's pools of one thread count nothing
    return Response(metrics.text(used()), content_type=metrics.MEDIA)
