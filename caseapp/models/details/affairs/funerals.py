"""Funeral advice: mostly a talk without stages, with the subsidies asked about and whether grief is followed up."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, coded, plain, sealed, whose


class FuneralAdvice(Keyed, Stamped, OfPerson, Model):
    """One talk: with a case, with a person on file, or with somebody who is neither (then `file_id` is its own id, class P1).

    It stands beside a service record, which counts; both are voided together.
    """

    __tablename__ = "affairs_funeral_advice"
    __table_args__ = (
        sa.Index("ix_affairs_funeral_advice_station_path_happened_on", "station_path", "happened_on", "id"),
        sa.Index("ix_affairs_funeral_advice_case_id", "case_id"),
        sa.Index("ix_affairs_funeral_advice_client_id", "client_id"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"))
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"))
    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_record.id"), nullable=False, unique=True)
    kind: Mapped[str] = coded(10)  # FN01 FN02 FN03
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    worker_id: Mapped[UUID] = whose("did", nullable=False)
    relation: Mapped[str | None] = coded(20, nullable=True)  # of who asks to the one who died
    subsidies: Mapped[Any] = plain(Json)  # codes
    grief_on: Mapped[date | None] = plain(sa.Date)  # when grief is followed up, if the person wants it
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
