"""Meetings of residents (居民议事会): what was talked about and decided, and what became of it; no names in them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    Instant,
    Json,
    Keyed,
    Model,
    OfPerson,
    Sealed,
    Stamped,
    Versioned,
    coded,
    plain,
    sealed,
    whose,
    words,
)


class GovernanceMeeting(Keyed, Versioned, Stamped, OfPerson, Model):
    """One meeting in a village or community. `file_id` is its own id, class P1."""

    __tablename__ = "governance_meeting"
    __table_args__ = (
        sa.Index("ix_governance_meeting_station_id_happened_on", "station_id", "happened_on", "id"),
        sa.Index("ix_governance_meeting_station_path_happened_on", "station_path", "happened_on", "id"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    division_code: Mapped[str] = coded(12)
    place: Mapped[str | None] = words(80)
    called_by: Mapped[str] = coded(20)
    present: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    matters: Mapped[Any] = plain(Json)
    subject: Mapped[str] = words(120, nullable=False)
    decided_enc: Mapped[bytes | None] = sealed()
    decided = Sealed("decided_enc")
    follow_up_on: Mapped[date | None] = plain(sa.Date)
    followed_on: Mapped[date | None] = plain(sa.Date)
    followed_enc: Mapped[bytes | None] = sealed()
    followed = Sealed("followed_enc")
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"), index=True)
    worker_id: Mapped[UUID] = whose("responsible", nullable=False)  # while its decision is to be followed up
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = words()
