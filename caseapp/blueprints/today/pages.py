"""The first page after sign-in, per role."""

from typing import Any

from flask import Blueprint

from caseapp.blueprints.http.guard import signed_in
from caseapp.blueprints.http.pages import page

bp = Blueprint("today", __name__)


@bp.get("/")
@signed_in
def index() -> Any:
    """Today."""
    return page("today/index.html")
