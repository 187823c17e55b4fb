"""Enrolments: from when until when a person is on file at a station, and with whom."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Keyed, Model, OfPerson, Stamped, Versioned, coded, one_of, plain, whose


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
    end_reason: Mapped[str | None] = coded(20, nullable=True)  # moved institution deceased declined other
    end_note: Mapped[str | None] = mapped_column(sa.String(300))
