"""Comments at the fields of a case file, inside a review or outside."""

from typing import Any
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import NoBody, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework import cases, reviews
from caseapp.schemas.casework.review import CommentOut, CommentSchema
from caseapp.services.casework import comments as service

bp = api_blueprint("comments", __name__, "Comments at the fields of a case file.")


@bp.get("/cases/<uuid:case_id>/comments")
@bp.response(200, page_of(CommentOut))
@requires(Permission.CASE_READ)
def index(case_id: UUID) -> Any:
    """Every comment the caller may see, in the order in which they were written."""
    actor = the_actor()
    case = cases.opened(case_id, actor)
    return {"items": reviews.comments(case.id, actor, case.worker_id), "next": None}


@bp.post("/cases/<uuid:case_id>/comments")
@bp.arguments(CommentSchema)
@bp.response(201, CommentOut)
@requires(Permission.COMMENT_WRITE)
def new(command: Any, case_id: UUID) -> Any:
    """A remark at a field ("file" for the whole), alone, in a review, or as an answer."""
    case = cases.opened(case_id, the_actor(), Permission.COMMENT_WRITE)
    row = service.add(command, case, the_actor())
    return created(row, "api_comments.show", case_id=case.id, comment_id=row.id)


@bp.get("/cases/<uuid:case_id>/comments/<uuid:comment_id>")
@bp.response(200, CommentOut)
@requires(Permission.CASE_READ)
def show(case_id: UUID, comment_id: UUID) -> Any:
    """One comment."""
    actor = the_actor()
    return service.one(comment_id, cases.opened(case_id, actor), actor)


@bp.post("/cases/<uuid:case_id>/comments/<uuid:comment_id>/settle")
@bp.arguments(NoBody)
@bp.response(200, CommentOut)
@requires(Permission.COMMENT_WRITE)
def settle(_none: Any, case_id: UUID, comment_id: UUID) -> Any:
    """Marks a remark as settled."""
    actor = the_actor()
    case = cases.opened(case_id, actor, Permission.COMMENT_WRITE)
    row = service.settle(service.one(comment_id, case, actor), case, actor)
    return shown(row, "api_comments.show", case_id=case.id, comment_id=row.id)
