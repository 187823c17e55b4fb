"""Reviews: asking, approving, returning."""

from typing import Any, ClassVar
from uuid import UUID

from caseapp.access.permissions import Permission
from caseapp.blueprints.api import ListQuery, NoBody, api_blueprint, created, page_of, shown
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.visitor import the_actor
from caseapp.queries.casework import cases
from caseapp.queries.casework import reviews as queries
from caseapp.schemas.casework.review import AskReviewSchema, DecideSchema, ReviewFilterSchema, ReviewSchema
from caseapp.services.casework import reviews as service

bp = api_blueprint("reviews", __name__, "Somebody else looks at a plan, a closing or a file.")


class QueueQuery(ReviewFilterSchema, ListQuery):
    """The queue's filters."""

    makes: ClassVar[type | None] = None  # type: ignore[assignment]  # a dict: paging beside the filters


@bp.get("/reviews")
@bp.arguments(QueueQuery, location="query")
@bp.response(200, page_of(ReviewSchema))
@requires(Permission.REVIEW_READ)
def queue(query: dict[str, Any]) -> Any:
    """Reviews in a state, the longest waiting first: what the role decides on, or what the own station asked for."""
    kinds = (query["kind"],) if query["kind"] else queries.listed_for(the_actor())
    return queries.waiting(kinds, query["state"], query["cursor"], query["limit"])


@bp.post("/reviews/<uuid:review_id>/withdraw")
@bp.arguments(NoBody)
@bp.response(200, ReviewSchema)
@requires(Permission.REVIEW_ASK)
def withdraw(_none: Any, review_id: UUID) -> Any:
    """Takes a request back while it waits."""
    row = queries.one(review_id)
    row = service.withdraw(row, cases.opened(row.case_id, the_actor(), Permission.REVIEW_ASK), the_actor())
    return shown(row, "api_reviews.show", review_id=row.id)


@bp.get("/cases/<uuid:case_id>/reviews")
@bp.response(200, page_of(ReviewSchema))
@requires(Permission.REVIEW_READ)
def index(case_id: UUID) -> Any:
    """Every review of a case, the latest first."""
    return {"items": queries.of_case(cases.opened(case_id, the_actor()).id), "next": None}


@bp.post("/cases/<uuid:case_id>/reviews")
@bp.arguments(AskReviewSchema)
@bp.response(201, ReviewSchema)
@requires(Permission.REVIEW_ASK)
def new(command: Any, case_id: UUID) -> Any:
    """Asks for a review."""
    case = cases.opened(case_id, the_actor(), Permission.REVIEW_ASK)
    row = service.ask(command, case, the_actor())
    return created(row, "api_reviews.show", review_id=row.id)


@bp.get("/reviews/<uuid:review_id>")
@bp.response(200, ReviewSchema)
@requires(Permission.REVIEW_READ)
def show(review_id: UUID) -> Any:
    """One review."""
    row = queries.one(review_id)
    cases.opened(row.case_id, the_actor())
    return row


@bp.post("/reviews/<uuid:review_id>/approve")
@bp.arguments(DecideSchema)
@bp.response(200, ReviewSchema)
@requires(Permission.REVIEW_PLAN, Permission.REVIEW_CLOSURE)
def approve(command: Any, review_id: UUID) -> Any:
    """Says yes to exactly the content that was sent."""
    row = queries.one(review_id)
    row = service.approve(command, row, cases.opened(row.case_id, the_actor()), the_actor())
    return shown(row, "api_reviews.show", review_id=row.id)


@bp.post("/reviews/<uuid:review_id>/return")
@bp.arguments(DecideSchema)
@bp.response(200, ReviewSchema)
@requires(Permission.REVIEW_PLAN, Permission.REVIEW_CLOSURE)
def send_back(command: Any, review_id: UUID) -> Any:
    """Returns it with what should change."""
    row = queries.one(review_id)
    row = service.send_back(command, row, cases.opened(row.case_id, the_actor()), the_actor())
    return shown(row, "api_reviews.show", review_id=row.id)
