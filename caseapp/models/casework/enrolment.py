"""Enrolments: from when until when a person is on file at a station, and with whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.core import clock
from caseapp.models.base import Instant, Keyed, Model, OfPerson, Stamped, Versioned, coded, one_of, plain, whose


class Enrolment(Keyed, Versioned, Stamped, OfPerson, Model):
    """One stay on file; a new worker closes nothing, an end has a reason."""

    __tablename__ = "enrolment"
    __table_args__ = (
        sa.Index("ix_enrolment_station_path_to_on", "station_path", "to_on"),
        one_of("uq_enrolment_running", "client_id", where="to_on IS NULL"),
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date | None] = plain(sa.Date)
    worker_id: Mapped[UUID | None] = whose("responsible")
    ended_at: Mapped[datetime | None] = plain(Instant)  # when the end was written down; set with it
    end_reason: Mapped[str | None] = coded(20, nullable=True)  # moved institution deceased declined other
    end_note: Mapped[str | None] = mapped_column(sa.String(300))


@sa.event.listens_for(Enrolment.to_on, "set")
def _ended(row: Enrolment, value: date | None, _before: Any, _initiator: Any) -> None:
    """An end may be written down long after it: figures that were settled meanwhile count it in the next period."""
    row.ended_at = clock.now() if value else None
