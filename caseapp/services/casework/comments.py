"""Comments at a field of a file, in a review or outside; both sides stay, settled ones are marked."""

from typing import Any
from uuid import UUID

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Review, ReviewComment
from caseapp.schemas.casework.review import Comment
from caseapp.services.trust import audit


def add(command: Comment, case: Case, actor: Actor) -> ReviewComment:
    """A remark, or an answer to one. Needs comment:write over the case; a review or comment of another case is not found."""
    policy.require(actor, Permission.COMMENT_WRITE, case)
    parents: tuple[tuple[Any, UUID | None], ...] = ((Review, command.review_id), (ReviewComment, command.reply_to_id))
    for model, key in parents:
        found = db.session.get(model, key) if key else None
        if key and (found is None or found.case_id != case.id):
            raise NotFound()
    row = ReviewComment(
        case_id=case.id,
        review_id=command.review_id,
        reply_to_id=command.reply_to_id,
        field=command.field,
        private=command.private and actor.role == "supervisor",
        by_id=actor.user_id,
        at=clock.now(),
    )
    row.body = command.text
    row.belongs_to(case)
    db.session.add(row)
    audit.record(db.session, "comment.written", row)
    db.session.flush()
    return row


def settle(row: ReviewComment, case: Case, actor: Actor) -> ReviewComment:
    """Marks a remark as settled: by its author or by who works on the case."""
    policy.require(actor, Permission.COMMENT_WRITE, case)
    if row.resolved_at is not None:
        raise Conflict(_l("This comment is settled already."), code="wrong_state")
    row.resolved_at, row.resolved_by_id = clock.now(), actor.user_id
    audit.record(db.session, "comment.settled", row)
    db.session.flush()
    return row


def one(comment_id: UUID, case: Case, actor: Actor) -> ReviewComment:
    """A comment of that case which the actor may see; NotFound otherwise."""
    found = db.session.get(ReviewComment, comment_id)
    if found is None or found.case_id != case.id:
        raise NotFound()
    if found.private and actor.user_id not in (found.by_id, case.worker_id):
        raise NotFound()
    return found
