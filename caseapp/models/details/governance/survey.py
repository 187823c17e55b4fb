"""Needs surveys (需求调研, S-6.8): of a station or one community, with findings by service of the catalogue; no person in them."""

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


class GovernanceSurvey(Keyed, Versioned, Stamped, OfPerson, Model):
    """One survey: when, where, how, how many were asked of how many. `file_id` is its own id, class P1."""

    __tablename__ = "governance_survey"
    __table_args__ = (
        sa.Index("ix_governance_survey_station_id_from_on", "station_id", "from_on", "id"),
        sa.Index("ix_governance_survey_station_path_from_on", "station_path", "from_on", "id"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    title: Mapped[str] = words(80, nullable=False)
    division_code: Mapped[str | None] = coded(12, nullable=True)  # None: the whole township
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date | None] = plain(sa.Date)  # None while it runs
    methods: Mapped[Any] = plain(Json)  # codes of governance_method
    sample: Mapped[int | None] = plain(sa.Integer)  # answers that count
    population: Mapped[int | None] = plain(sa.Integer)  # of how many people
    report_enc: Mapped[bytes | None] = sealed()
    report = Sealed("report_enc")
    worker_id: Mapped[UUID] = whose("did", nullable=False)
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = words()

    findings: Mapped[list["GovernanceFinding"]] = relationship(
        lazy="raise", order_by="GovernanceFinding.position", cascade="all, delete-orphan"
    )

    @property
    def state(self) -> str:
        """running, finished or void."""
        return "void" if self.voided_at is not None else "finished" if self.to_on is not None else "running"


class GovernanceFinding(Keyed, OfPerson, Model):
    """One need that a survey found: what, for which service, how many said so, how urgent."""

    __tablename__ = "governance_finding"
    __table_args__ = (sa.Index("ix_governance_finding_survey_id_position", "survey_id", "position"),)

    survey_id: Mapped[UUID] = mapped_column(sa.ForeignKey("governance_survey.id"), nullable=False)
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    need: Mapped[str] = words(200, nullable=False)
    item: Mapped[str] = coded(10)  # catalogue code
    said: Mapped[int | None] = plain(sa.Integer)
    urgency: Mapped[str | None] = coded(12, nullable=True)
