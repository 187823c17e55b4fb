"""Whether the process answers, and whether the database and its migrations are in order."""

from flask import Response, jsonify
from sqlalchemy.exc import DBAPIError

from caseapp.adapters import schema
from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.guard import public


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
        fault = schema.fault()
    except DBAPIError:
        return jsonify(status="database unavailable"), 503
    return (jsonify(status=fault), 503) if fault else jsonify(status="ok")
