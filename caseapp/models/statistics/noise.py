"""Exploration with noise: answers reckoned once for a release, and who asked what."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText


class StatNoise(Model):
    """The changed numbers of one measure by some dimensions in one area; no true number is here."""

    __tablename__ = "stat_noise"

    release_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_release.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    dims: Mapped[str] = mapped_column(sa.String(80), primary_key=True)  # "age_band.sex"; "" is the total
    area: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    area_path: Mapped[str] = mapped_column(PathText, nullable=False)
    answers: Mapped[Any] = mapped_column(Json, nullable=False)  # {"age_band=80+;sex=1": "12"}


class StatQuestion(Keyed, Model):
    """Who asked what of the noisy answers: a log, and what a budget is counted from. A question asked again is the same row."""

    __tablename__ = "stat_question"
    __table_args__ = (sa.UniqueConstraint("user_id", "release_id", "measure", "dims", "area"),)

    release_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_release.id"), nullable=False)
    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    measure: Mapped[str] = mapped_column(sa.String(30), nullable=False)
    dims: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    area: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    asked_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
