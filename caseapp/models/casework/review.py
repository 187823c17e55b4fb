"""Reviews of plans, closures and files, and comments at the field, inside a review or outside."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Versioned, coded, one_of, plain, sealed


class Review(Keyed, Versioned, OfPerson, Model):
    """A request to look at a plan, a closure or a file, and the answer; it holds for the content it saw."""

    __tablename__ = "review"
    __table_args__ = (
        sa.Index("ix_review_station_id_state_asked_at", "station_id", "state", "asked_at", "id"),
        sa.Index("ix_review_station_path_state_asked_at", "station_path", "state", "asked_at", "id"),
        sa.Index("ix_review_case_id_asked_at", "case_id", "asked_at"),
        one_of("uq_review_waiting", "case_id", "kind", where="state = 'open'"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plan.id"))
    kind: Mapped[str] = coded(12)  # plan closure file_check
    state: Mapped[str] = coded(12, default="open")  # open approved returned withdrawn fallen
    round: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=1)  # the how-manieth asking
    asked_by_id: Mapped[UUID] = plain(sa.Uuid, nullable=False)
    asked_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    asked_note_enc: Mapped[bytes | None] = sealed()
    asked_note = Sealed("asked_note_enc")
    content_hash: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    content_enc: Mapped[bytes | None] = sealed()
    content = Sealed("content_enc", as_json=True)  # field key → text as asked, to show what changed since last time
    editors: Mapped[Any] = plain(Json, nullable=False)  # user ids who wrote the reviewed version: they may not decide
    decided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    decided_at: Mapped[datetime | None] = plain(Instant)
    decided_role: Mapped[str | None] = coded(30, nullable=True)
    decision_enc: Mapped[bytes | None] = sealed()
    decision = Sealed("decision_enc")


class ReviewComment(Keyed, OfPerson, Model):
    """A remark at one field of a file; part of a review or on its own; both sides stay."""

    __tablename__ = "review_comment"
    __table_args__ = (sa.Index("ix_review_comment_case_id_field", "case_id", "field", "at"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    review_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("review.id"))
    reply_to_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("review_comment.id"))
    field: Mapped[str] = coded(60)  # "goal:1:text", "aim", "file"
    body_enc: Mapped[bytes] = sealed(nullable=False)
    body = Sealed("body_enc")
    private: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # supervision: author and worker only
    by_id: Mapped[UUID] = plain(sa.Uuid, nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    resolved_at: Mapped[datetime | None] = plain(Instant)
    resolved_by_id: Mapped[UUID | None] = plain(sa.Uuid)
