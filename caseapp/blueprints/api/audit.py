"""The trail, for the auditor's own tools."""

from typing import Any, ClassVar

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, api_blueprint, page_answer, page_of
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.trust import trail
from caseapp.schemas.trust.trail import TrailEntrySchema, TrailFilter, TrailFilterSchema, unpacked

bp = api_blueprint("audit", __name__, "Who read and changed what, by file number.")


class TrailQuery(TrailFilterSchema, ListQuery):
    """The trail's filters."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: paging beside the filters


@bp.get("/audit")
@bp.arguments(TrailQuery, location="query")
@bp.response(200, page_of(TrailEntrySchema))
@requires(Permission.AUDIT_READ)
def index(query: dict[str, Any]) -> Any:
    """Entries under the auditor's places, newest first."""
    limit, cursor = query.pop("limit"), query.pop("cursor")
    found = trail.entries(the_actor(), TrailFilter(**query), cursor, limit)
    names = trail.names(found.items)
    return page_answer(found, lambda rows: [_out(row, names) for row in rows])


def _out(row: Any, names: dict[Any, str]) -> dict[str, Any]:
    plain = ("id", "at", "kind", "event", "role", "channel", "endpoint", "status", "reason", "changes", "count")
    more = {"username": names.get(row.user_id), "fields_shown": row.fields, "people": unpacked(row.people)}
    return {name: getattr(row, name) for name in plain} | more
