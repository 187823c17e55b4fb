"""Releases and the published cells that bureaus read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText, one_of


class StatRelease(Keyed, Model):
    """A frozen publication of one whole quarter for the whole deployment; the newest number of a period is the one in force.

    Made by one person and checked by another. `head` is the hash of everything named here and of the head before it, so
    that no earlier release can be exchanged unseen. The database itself lets nobody change or delete one (`models/ddl.py`).
    """

    __tablename__ = "stat_release"
    __table_args__ = (one_of("uq_stat_release_first", "period", where="supersedes_id IS NULL"),)

    period: Mapped[str] = mapped_column(sa.String(10), nullable=False)
    number: Mapped[int] = mapped_column(nullable=False, unique=True)
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stat_release.id"), unique=True)  # of a correction
    catalogue_version: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    cut_off_on: Mapped[date] = mapped_column(nullable=False)
    published_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    made_by: Mapped[str | None] = mapped_column(sa.String(80))  # the names as they stand on the printed tables
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    checked_by: Mapped[str | None] = mapped_column(sa.String(80))
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    params: Mapped[Any] = mapped_column(Json, nullable=True)
    areas: Mapped[Any] = mapped_column(Json, nullable=True)  # publication areas fixed for the year
    cells_sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    cells: Mapped[int] = mapped_column(nullable=False)
    hidden: Mapped[int] = mapped_column(nullable=False)
    report: Mapped[Any] = mapped_column(Json, nullable=True)
    gate: Mapped[Any] = mapped_column(Json, nullable=True)
    catalogue_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    certificate_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    facts_mark: Mapped[str | None] = mapped_column(sa.String(64))  # keyed: a bare hash of true numbers could be tried out
    previous_head: Mapped[str | None] = mapped_column(sa.String(64))
    head: Mapped[str | None] = mapped_column(sa.String(64))  # None for what was released before there was a chain

    @property
    def edition(self) -> int:
        """Which facts it was made from: 0 those that its period was settled with, from 1 on those of a correction."""
        return int((self.params or {}).get("edition", 0))


class StatCell(Model):
    """One published cell: a shown number or `*`. No true value of a hidden cell is here."""

    __tablename__ = "stat_cell"
    __table_args__ = (
        sa.Index("ix_stat_cell_release_id_area", "release_id", "area"),
        sa.Index("ix_stat_cell_release_id_parent_area", "release_id", "parent_area"),
        sa.Index("ix_stat_cell_release_id_table_position", "release_id", "table", "position"),
    )

    release_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_release.id"), primary_key=True)
    table: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    area: Mapped[str] = mapped_column(sa.String(40), primary_key=True)  # division code or publication area
    dims_key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)  # "" is the total
    area_path: Mapped[str] = mapped_column(PathText, nullable=False)  # which bureaus read it
    area_level: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # province city county township
    area_name: Mapped[str] = mapped_column(sa.String(120), nullable=False)
    parent_area: Mapped[str | None] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(nullable=False, default=0)  # its place in the whole release
    dims: Mapped[Any] = mapped_column(Json, nullable=True)
    shown: Mapped[str] = mapped_column(sa.String(20), nullable=False)  # digits, or "*"


class StatExport(Keyed, Model):
    """A file made from a release: the stored bytes, for whom, why; every fetch is in the trail."""

    __tablename__ = "stat_export"

    release_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_release.id"), nullable=False, index=True)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    format: Mapped[str] = mapped_column(sa.String(6), nullable=False)
    purpose: Mapped[str] = mapped_column(sa.String(200), nullable=False)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    file_name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    media_type: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
    watermark: Mapped[str | None] = mapped_column(sa.String(20), index=True)  # printed in the file: whose copy it is
