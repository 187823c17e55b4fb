"""Extracts of closed cases: on their way, handed out for a while, over; which cases were in one; who fetched a file."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText, Versioned

# on its way: weighed before anything is made, then made, then looked at by somebody else
OPEN = ("weighing", "weighed", "making", "prepared")
STATES = (*OPEN, "impossible", "failed", "cancelled", "declined", "lapsed", "approved", "withdrawn", "expired")


class StatExtract(Keyed, Versioned, Model):
    """One extract from its order to its end.

    `content_enc` is the archive, sealed, and goes when the extract is over. `kept_enc` holds the rows as they were handed out
    with keyed marks of their persons, sealed: later extracts are measured together with it, so it stays.
    """

    __tablename__ = "stat_extract"

    path: Mapped[str] = mapped_column(PathText, nullable=False)  # the bureau that makes it
    number: Mapped[int] = mapped_column(nullable=False, unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), nullable=False)
    rules: Mapped[str] = mapped_column(sa.String(20), nullable=False)  # version in reference/data/extract
    years: Mapped[Any] = mapped_column(Json, nullable=False)  # in which its cases were closed
    recipient: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # inside outside
    recipient_name: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    purpose: Mapped[str] = mapped_column(sa.String(300), nullable=False)
    attributes: Mapped[Any] = mapped_column(Json, nullable=False)
    sensitive: Mapped[Any] = mapped_column(Json, nullable=False)
    file_days: Mapped[int] = mapped_column(nullable=False)  # from approval
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    made_by: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    job_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("job.id"))
    levels: Mapped[Any] = mapped_column(Json, nullable=True)  # attribute → number of the level
    report: Mapped[Any] = mapped_column(Json, nullable=True)  # risk and loss, weighed
    measured: Mapped[Any] = mapped_column(Json, nullable=True)  # of the finished bytes
    prepared_at: Mapped[datetime | None] = mapped_column(Instant)
    lapses_on: Mapped[date | None]  # the first day on which a preparation can no longer be approved
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    checked_by: Mapped[str | None] = mapped_column(sa.String(80))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(sa.String(300))  # why it was declined, taken back or withdrawn
    expires_on: Mapped[date | None]  # the first day on which there is no file any more
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    rows: Mapped[int | None]
    size: Mapped[int | None]  # bytes of the archive
    sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of the archive
    content_enc: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    kept_enc: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)

    @property
    def is_out(self) -> bool:
        """Whether its rows have left the house, or may have."""
        return self.state in ("approved", "withdrawn", "expired")


class StatExtractCase(Model):
    """That a case was handed out in an extract: once in its life, which the key of this table makes sure of.

    The mark is keyed; nothing else leads from here to a case.
    """

    __tablename__ = "stat_extract_case"

    case_mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    extract_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_extract.id"), nullable=False, index=True)


class StatExtractFetch(Keyed, Model):
    """One download: who, what for, when, which bytes. Stays when the file is gone."""

    __tablename__ = "stat_extract_fetch"

    extract_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_extract.id"), nullable=False, index=True)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, info={"user": "did"})
    user_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    purpose: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
