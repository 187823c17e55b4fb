"""The cases of every domain on one list."""

from typing import Any

from flask import Blueprint

from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.lists import listing
from caseapp.blueprints.http.guard import requires

bp = Blueprint("caseload", __name__, url_prefix="/cases")


@bp.get("")
@requires(Permission.CASE_READ)
def index() -> Any:
    """Open cases of all domains by the next step."""
    return listing(None)
