"""Service records: what was done, by catalogue item, with minutes and attendances; a consultation is one without stages."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfPerson, Sealed, Stamped, coded, plain, sealed, whose


class ServiceRecord(Keyed, Stamped, OfPerson, Model):
    """One catalogue item on a day for one person (or a head count), on a visit, a case, or the station alone.

    On the station alone `file_id` is the record's own id and the class P1. Minutes of one visit are shared out over its
    records by the service, so that hours add up.
    """

    __tablename__ = "service_record"
    __table_args__ = (
        sa.Index("ix_service_record_station_id_happened_on", "station_id", "happened_on", "id"),
        sa.Index("ix_service_record_station_path_happened_on", "station_path", "happened_on", "id"),
        sa.Index("ix_service_record_case_id_happened_on", "case_id", "happened_on"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    kind: Mapped[str] = coded(12)  # visit case station consultation
    item: Mapped[str] = coded(10)  # catalogue code (S-3.1)
    catalogue_version: Mapped[str] = plain(sa.String(20), nullable=False)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    minutes: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    head_count: Mapped[int | None] = plain(sa.SmallInteger)
    worker_id: Mapped[UUID] = whose("did", nullable=False)
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"))
    visit_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    topic: Mapped[str | None] = coded(20, nullable=True)  # of a consultation
    channel: Mapped[str | None] = coded(12, nullable=True)
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
