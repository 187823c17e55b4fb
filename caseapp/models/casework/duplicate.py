"""One human in two records: the same number at two stations, two records of one station joined, and pairs that are two people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfPerson, Sealed, Versioned, coded, plain, sealed


class StationMatch(Keyed, Versioned, OfPerson, Model):
    """That the number of a person here is on file at another station too; each side has a row of its own.

    A side knows which station the other is and what its head answered, never which record: `pair_id` is reckoned from both
    and joins the two rows for the service alone.
    """

    __tablename__ = "station_match"
    __table_args__ = (
        sa.UniqueConstraint("pair_id", "client_id"),
        sa.Index("ix_station_match_station_path_state", "station_path", "state", "found_at"),
    )

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    pair_id: Mapped[UUID] = mapped_column(nullable=False)
    other_station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    found_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    asked_here: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # whether this side's saving found it
    state: Mapped[str] = coded(12, default="open")  # open not_same linked referred moved
    other_state: Mapped[str] = coded(12, default="open")  # what the other side answered
    decided_at: Mapped[datetime | None] = plain(Instant)
    decided_by_id: Mapped[UUID | None] = plain(sa.Uuid)


class ClientApart(Keyed, OfPerson, Model):
    """Two records of a station that look alike and are two people: never asked again. Where it lies is the first one's."""

    __tablename__ = "client_apart"
    __table_args__ = (sa.UniqueConstraint("one_id", "other_id"),)

    one_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False)  # the smaller id of the two
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    said_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    said_by_id: Mapped[UUID | None] = plain(sa.Uuid)


class ClientMerge(Keyed, OfPerson, Model):
    """Two records of a station joined: which number leads where now, and every row as it was before, to go back."""

    __tablename__ = "client_merge"
    __table_args__ = (
        sa.Index("ix_client_merge_gone_file_no_station_path", "gone_file_no", "station_path"),
        sa.Index("ix_client_merge_station_path_made_at", "station_path", "made_at", "id"),
    )

    kept_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    gone_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    leads_to_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False)  # the end of the chain
    gone_file_no: Mapped[str] = plain(sa.String(40), nullable=False)
    state: Mapped[str] = coded(8, default="done")  # done undone
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    made_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    undo_until: Mapped[date] = plain(sa.Date, nullable=False)
    undone_at: Mapped[datetime | None] = plain(Instant)
    undone_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    rows: Mapped[int] = plain(sa.Integer, nullable=False, default=0)  # how many rows moved or changed
    images_enc: Mapped[bytes | None] = sealed()
    images: Any = Sealed("images_enc", as_json=True)
