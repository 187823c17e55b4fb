"""True facts, never shown to a bureau; the snapshot that settles those of a period; and what has changed since they were counted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText


class StatFact(Keyed, Model):
    """One true number of one station: filled by `statistics refresh` in a system session only.

    The database itself refuses to change the facts of a frozen period (`triggers.py`).
    """

    __tablename__ = "stat_fact"
    __table_args__ = (
        sa.UniqueConstraint("measure", "period", "area", "station_id", "dims_key"),
        sa.Index("ix_stat_fact_period_measure", "period", "measure"),
        sa.Index("ix_stat_fact_period_station_id", "period", "station_id"),
    )

    measure: Mapped[str] = mapped_column(sa.String(30), nullable=False)
    period: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # 2026M09, 2026Q3
    area: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # township code
    station_id: Mapped[UUID] = mapped_column(nullable=False)
    dims: Mapped[Any] = mapped_column(Json, nullable=True)  # {"age_band": "80+"}
    dims_key: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    value: Mapped[int] = mapped_column(sa.BigInteger, nullable=False)  # persons, visits or minutes
    persons: Mapped[int] = mapped_column(nullable=False)  # contributing persons
    largest: Mapped[int] = mapped_column(sa.BigInteger, nullable=False, default=0, server_default="0")  # part of one person
    refreshed_at: Mapped[datetime] = mapped_column(Instant, nullable=False)


class StatSnapshot(Keyed, Model):
    """How the facts of a period were counted; once `frozen_at` is set, they and this row never change again.

    `cut_off_at` is the last instant of entry that counted: what was entered later of this period or an earlier one counts
    once in the next. `part_of` names the quarter that settled a month which was never counted for itself.
    """

    __tablename__ = "stat_snapshot"

    period: Mapped[str] = mapped_column(sa.String(10), nullable=False, unique=True)
    catalogue_version: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    counted_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    cut_off_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    facts: Mapped[int] = mapped_column(nullable=False, default=0)
    mark: Mapped[str | None] = mapped_column(sa.String(64))  # keyed hash over the facts
    part_of: Mapped[str | None] = mapped_column(sa.String(10))


class StatMark(Model):
    """A row of a station was written: set by triggers, taken by the next refresh. Names a table and a place, nobody."""

    __tablename__ = "stat_mark"
    __table_args__ = (sa.Index("ix_stat_mark_station_path", "station_path", "what"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)
    station_path: Mapped[str] = mapped_column(PathText, nullable=False)
    what: Mapped[str] = mapped_column(sa.String(30), nullable=False)  # the table
    from_on: Mapped[date | None] = mapped_column(sa.Date)  # periods that end before it are as they were; null: none


class StatDue(Model):
    """What of a station is to be counted anew for a period that is not settled."""

    __tablename__ = "stat_due"

    period: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    station_path: Mapped[str] = mapped_column(PathText, primary_key=True)
    what: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
