"""Requests of residents (居民诉求): who promised what by when, to whom it was handed, what was answered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
from caseapp.models.casework import Client

LIVE = ("open", "handed")


class GovernanceRequest(Keyed, Versioned, Stamped, OfPerson, Model):
    """One request. Of a person on file it lies in that file; of anybody else it is class P2 and keeps only how to answer."""

    __tablename__ = "governance_request"
    __table_args__ = (
        sa.Index("ix_governance_request_station_id_state_due_on", "station_id", "state", "due_on", "id"),
        sa.Index("ix_governance_request_station_id_asked_on", "station_id", "asked_on", "id"),
        sa.Index("ix_governance_request_station_path_due_on", "station_path", "due_on", "id"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    number: Mapped[str] = plain(sa.String(40), nullable=False)
    state: Mapped[str] = coded(12, default="open")  # open handed answered void
    asked_on: Mapped[date] = plain(sa.Date, nullable=False)
    channel: Mapped[str] = coded(12)
    matters: Mapped[Any] = plain(Json)
    division_code: Mapped[str] = coded(12)
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), index=True)
    contact_enc: Mapped[bytes | None] = sealed()  # how to answer somebody who is not on file
    contact = Sealed("contact_enc")
    what_enc: Mapped[bytes | None] = sealed()
    what = Sealed("what_enc")
    due_on: Mapped[date] = plain(sa.Date, nullable=False)  # promised
    worker_id: Mapped[UUID] = whose("responsible", nullable=False)
    handed_to: Mapped[str | None] = coded(20, nullable=True)
    handed_on: Mapped[date | None] = plain(sa.Date)
    handed_note_enc: Mapped[bytes | None] = sealed()
    handed_note = Sealed("handed_note_enc")
    answered_on: Mapped[date | None] = plain(sa.Date)
    answered_how: Mapped[str | None] = coded(12, nullable=True)
    answer_enc: Mapped[bytes | None] = sealed()
    answer = Sealed("answer_enc")
    outcome: Mapped[str | None] = coded(12, nullable=True)
    satisfied: Mapped[str | None] = coded(12, nullable=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"), index=True)
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = words()

    client: Mapped[Client | None] = relationship(lazy="raise")
