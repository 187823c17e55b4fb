"""A release on its way: made by one person, published or refused by another."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText, Versioned, one_of

OPEN = ("waiting", "running", "ready")
STATES = (*OPEN, "failed", "cancelled", "refused", "expired", "published")


class StatPreparation(Keyed, Versioned, Model):
    """The protected cells of a quarter before a second person has looked at them.

    `content` holds the cells as they would be published (compressed JSON, no true value of a hidden one); the certificate
    tells the truth to whoever has it and the cells, so it is sealed.
    """

    __tablename__ = "stat_preparation"
    __table_args__ = (one_of("uq_stat_preparation_open", "period", where="state IN ('waiting', 'running', 'ready')"),)

    path: Mapped[str] = mapped_column(PathText, nullable=False)  # the bureau that makes it
    period: Mapped[str] = mapped_column(sa.String(10), nullable=False)
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stat_release.id"))  # of a correction
    state: Mapped[str] = mapped_column(sa.String(10), nullable=False)
    reason: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    made_by: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    job_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("job.id"))
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    catalogue_version: Mapped[str | None] = mapped_column(sa.String(20))
    cut_off_on: Mapped[date | None]
    facts_mark: Mapped[str | None] = mapped_column(sa.String(64))  # keyed, of the facts it was made from
    past_head: Mapped[str | None] = mapped_column(sa.String(64))  # the newest release it was audited with; "" for none
    params: Mapped[Any] = mapped_column(Json, nullable=True)
    areas: Mapped[Any] = mapped_column(Json, nullable=True)
    report: Mapped[Any] = mapped_column(Json, nullable=True)  # loss by table
    gate: Mapped[Any] = mapped_column(Json, nullable=True)
    cells: Mapped[int | None]
    hidden: Mapped[int | None]
    cells_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    certificate_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    certificate_enc: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    checked_by: Mapped[str | None] = mapped_column(sa.String(80))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(sa.String(300))  # why it was refused or taken back
    release_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stat_release.id"))
