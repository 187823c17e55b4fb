"""Input and output of reviews and comments."""

from dataclasses import dataclass
from uuid import UUID

from marshmallow import Schema, fields

from caseapp.schemas.base import CommandSchema, Line, Text, WholeInt
from caseapp.schemas.values import Coded


@dataclass(frozen=True)
class AskReview:
    """A wish that somebody else looks at a plan, a closing or a file."""

    kind: str
    note: str | None = None


@dataclass(frozen=True)
class Decide:
    """The answer; a return says what should change."""

    version: int
    text: str | None = None


@dataclass(frozen=True)
class Comment:
    """A remark at one field of a file, alone or in a thread; private ones are between supervisor and worker."""

    field: str
    text: str
    review_id: UUID | None = None
    reply_to_id: UUID | None = None
    private: bool = False


class AskReviewSchema(CommandSchema):
    """Loads to AskReview."""

    makes = AskReview
    kind = Coded("review_kind", required=True)
    note = Text(most=1000, load_default=None, allow_none=True)


class DecideSchema(CommandSchema):
    """Loads to Decide."""

    makes = Decide
    text = Text(most=2000, load_default=None, allow_none=True)
    version = WholeInt(required=True)


class CommentSchema(CommandSchema):
    """Loads to Comment."""

    makes = Comment
    field = Line(required=True, most=60)
    text = Text(required=True, most=2000)
    review_id = fields.UUID(load_default=None, allow_none=True)
    reply_to_id = fields.UUID(load_default=None, allow_none=True)
    private = fields.Boolean(load_default=False)


class ReviewFilterSchema(CommandSchema):
    """Which reviews a queue shows."""

    state = Coded("review_state", load_default="open")
    kind = Coded("review_kind", load_default=None, allow_none=True)


class CommentOut(Schema):
    """A comment as it goes out."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    review_id = fields.UUID(required=True, allow_none=True)
    reply_to_id = fields.UUID(required=True, allow_none=True)
    field = fields.String(required=True)
    text = fields.String(required=True, attribute="body")
    private = fields.Boolean(required=True)
    by_id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    resolved_at = fields.AwareDateTime(required=True, allow_none=True)


class ReviewSchema(Schema):
    """A review as it goes out."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    round = fields.Integer(required=True)
    asked_by_id = fields.UUID(required=True)
    asked_at = fields.AwareDateTime(required=True)
    decided_by_id = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
