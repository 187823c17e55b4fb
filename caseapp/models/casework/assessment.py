"""Results of instruments: answers, scores, computed and confirmed level, tied to the instrument's version."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, one_of, plain, sealed


class Assessment(Keyed, Versioned, Stamped, OfPerson, Model):
    """One assessment of a person, with a case or without; a screening result, never a decision."""

    __tablename__ = "assessment"
    __table_args__ = (
        sa.Index("ix_assessment_client_id_instrument_assessed_on", "client_id", "instrument", "assessed_on"),
        sa.Index("ix_assessment_station_path_due_on", "station_path", "due_on"),
        one_of("uq_assessment_begun", "case_id", "instrument", where="state = 'partial' AND voided_at IS NULL"),
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"), index=True)
    instrument: Mapped[str] = coded(30)
    instrument_version: Mapped[str] = plain(sa.String(20), nullable=False)
    reason: Mapped[str] = coded(20)
    assessed_on: Mapped[date] = plain(sa.Date, nullable=False)
    state: Mapped[str] = coded(10, default="complete")  # partial, complete
    answers_enc: Mapped[bytes | None] = sealed()
    answers = Sealed("answers_enc", as_json=True)  # item code → score
    conditions_enc: Mapped[bytes | None] = sealed()
    conditions = Sealed("conditions_enc", as_json=True)  # coma, diagnoses, care-risk events
    total: Mapped[int | None] = mapped_column(sa.SmallInteger)
    groups: Mapped[Any] = mapped_column(Json, nullable=True)  # group code → sum
    computed_level: Mapped[str | None] = mapped_column(sa.String(20))
    level: Mapped[str | None] = mapped_column(sa.String(20))  # confirmed by a person
    level_reason_enc: Mapped[bytes | None] = sealed()
    level_reason = Sealed("level_reason_enc")
    assessors: Mapped[Any] = mapped_column(Json, nullable=True)  # [{name, medical}]
    confirmed_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    confirmed_at: Mapped[datetime | None] = plain(Instant)
    due_on: Mapped[date | None] = plain(sa.Date)  # re-assessment
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
