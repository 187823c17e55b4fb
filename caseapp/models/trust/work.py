"""What keeps typed text and repeated requests safe: drafts, counters, rate buckets, stored results; filters kept by name."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, Sealed, sealed


class Draft(Keyed, Model):
    """Unsaved text of one form: one per user, grant, form and record (or form id); encrypted; gone after 7 days."""

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("user_id", "grant_id", "form", "record"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    form: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    record: Mapped[str] = mapped_column(sa.String(40), nullable=False)  # the record's id, or the form's own op_id
    address: Mapped[str] = mapped_column(sa.String(200), nullable=False)  # path where it goes on
    file_id: Mapped[UUID | None]
    title_enc: Mapped[bytes | None] = sealed()
    title = Sealed("title_enc")
    payload_enc: Mapped[bytes] = sealed(nullable=False)
    payload = Sealed("payload_enc", as_json=True)
    saved_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False, index=True)


class Counter(Model):
    """Gap-tolerant running numbers per place and series (file numbers, case numbers), never reused."""

    __tablename__ = "counter"

    place: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    series: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    value: Mapped[int] = mapped_column(nullable=False)


class RateBucket(Model):
    """Attempts in a window, shared by all processes."""

    __tablename__ = "rate_bucket"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    count: Mapped[int] = mapped_column(nullable=False)


class StoredResult(Keyed, Model):
    """What a creating request led to, so that a repeat with the same key (or op_id of a form) makes nothing new."""

    __tablename__ = "stored_result"
    __table_args__ = (sa.UniqueConstraint("user_id", "grant_id", "key"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    key: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    method: Mapped[str] = mapped_column(sa.String(8), nullable=False)
    path: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    body_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(16), nullable=False)
    status: Mapped[int] = mapped_column(sa.SmallInteger, nullable=False)
    location: Mapped[str | None] = mapped_column(sa.String(200))  # where the result is shown, under today's rights
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False, index=True)


class SavedFilter(Keyed, Model):
    """Filters of a list under a name of the user's own, for one grant; the name may tell of a person, so it is encrypted."""

    __tablename__ = "saved_filter"
    __table_args__ = (sa.Index("ix_saved_filter_user_id_grant_id", "user_id", "grant_id", "made_at"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    listing: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # clients cases visits, figures desk table
    domain: Mapped[str | None] = mapped_column(sa.String(20))  # of a list of cases, all domains when empty
    name_enc: Mapped[bytes] = sealed(nullable=False)
    name = Sealed("name_enc")
    chosen: Mapped[Any] = mapped_column(Json, nullable=False)  # filter → code, id or day
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
