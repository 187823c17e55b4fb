"""Whether the process answers, and whether the database and its migrations are in order."""

from flask import Response, jsonify
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from caseapp.blueprints.account.blueprint import bp
from caseapp.blueprints.http.guard import public
from caseapp.extensions import db
from caseapp.models.organisation import Organisation


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int] | Response:
    """The database answers and its tables are there."""
    try:
        db.session.execute(select(Organisation.id).limit(1))
    except DBAPIError:
        db.session.rollback()
        return jsonify(status="database unavailable"), 503
    return jsonify(status="ok")
