"""Visits: one encounter, with one or more persons on file, each with an honest outcome."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed, whose
from caseapp.models.casework.client import Client

MOVED = sa.text("moved_from_id IS NOT NULL")


class Visit(Keyed, Versioned, Stamped, OfPerson, Model):
    """An encounter. `happened_on` and `created_at` are both kept. Class and file are the strictest of its persons'.

    Never erased: voided or moved with a reason, and then out of every count of open periods.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.Index("ix_visit_station_path_happened_on", "station_path", "happened_on", "id"),
        sa.Index("ix_visit_worker_id_happened_on", "worker_id", "happened_on", "id"),
        sa.Index("ix_visit_moved_from_id", "moved_from_id", sqlite_where=MOVED, postgresql_where=MOVED),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    worker_id: Mapped[UUID] = whose("did", nullable=False)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    began_at: Mapped[time | None] = plain(sa.Time)
    minutes: Mapped[int | None] = plain(sa.SmallInteger)
    kind: Mapped[str] = coded(12)  # home phone video office institution accompany online
    late: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # written more than the setting's days after
    round_id: Mapped[UUID | None] = plain(sa.Uuid)  # the round that wrote it
    division_code: Mapped[str | None] = coded(12, nullable=True)
    companions: Mapped[str | None] = mapped_column(sa.String(120))
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    voided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
    moved_from_id: Mapped[UUID | None] = plain(sa.Uuid)  # the voided visit that this one replaces

    persons: Mapped[list["VisitPerson"]] = relationship(lazy="raise", order_by="VisitPerson.id", back_populates="visit")


class VisitPerson(Keyed, OfPerson, Model):
    """One person of a visit: one attendance (人次). `voided` follows the visit."""

    __tablename__ = "visit_person"
    __table_args__ = (
        sa.UniqueConstraint("visit_id", "client_id"),
        sa.Index("ix_visit_person_client_id_happened_on", "client_id", "happened_on", "visit_id"),
        sa.Index("ix_visit_person_case_id_happened_on", "case_id", "happened_on", "visit_id"),
        sa.Index("ix_visit_person_happened_on", "happened_on"),
        sa.Index("ix_visit_person_station_path_happened_on", "station_path", "happened_on"),
    )

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visit.id"), nullable=False)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"))
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)  # of the visit
    outcome: Mapped[str] = coded(12)  # done family_only not_met refused moved in_hospital away deceased other
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    neighbour_vouched: Mapped[bool | None] = plain(sa.Boolean)
    findings: Mapped[Any] = mapped_column(Json, nullable=True)  # codes
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)

    visit: Mapped[Visit] = relationship(lazy="raise", back_populates="persons")
    client: Mapped[Client] = relationship(lazy="raise")
