"""Standing in for an absent colleague, from a day until a day (contract.md section 2: the head covers absences)."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfOffice, PathText, Stamped, Versioned, coded, plain, whose, words


class Cover(Keyed, Versioned, Stamped, OfOffice, Model):
    """Who does the work of whom, and until when; nothing runs when the last day is over, dates are compared (`access/covers.py`)."""

    __tablename__ = "cover"
    __table_args__ = (
        sa.Index("ix_cover_cover_id_to_on", "cover_id", "to_on"),
        sa.Index("ix_cover_path_to_on", "path", "to_on"),
    )

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    absent_id: Mapped[UUID] = whose("promised", nullable=False)
    cover_id: Mapped[UUID] = whose("promised", nullable=False)
    reason: Mapped[str] = coded(12)
    note: Mapped[str | None] = words()
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date] = plain(sa.Date, nullable=False)
    with_restricted: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    ended_at: Mapped[datetime | None] = plain(Instant)
    ended_by_id: Mapped[UUID | None] = plain(sa.Uuid)
