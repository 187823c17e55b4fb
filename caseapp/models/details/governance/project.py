"""Community projects, what was delivered in them or for a community, and the organisations that take part (三社联动, 两工互动)."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed, words
from caseapp.models.casework import ServiceRecord


class GovernancePartner(Keyed, Versioned, Stamped, OfPerson, Model):
    """An organisation that a station works with: a name and a kind, no person. `file_id` is its own id, class P1."""

    __tablename__ = "governance_partner"
    __table_args__ = (
        sa.Index("ix_governance_partner_station_id_kind", "station_id", "kind", "id"),
        sa.Index("ix_governance_partner_station_path", "station_path"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    name: Mapped[str] = words(60, nullable=False)
    kind: Mapped[str] = coded(20)
    offers: Mapped[str | None] = words(200)  # what it brings along
    is_active: Mapped[bool] = plain(sa.Boolean, nullable=False, default=True)


class GovernanceProject(Keyed, Versioned, Stamped, OfPerson, Model):
    """The project sheet of a community case: the case has aim, goals and review, this has targets, steps, money and result."""

    __tablename__ = "governance_project"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    name: Mapped[str] = words(80, nullable=False)
    survey_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("governance_survey.id"), index=True)
    for_whom: Mapped[str | None] = words(200)
    starts_on: Mapped[date | None] = plain(sa.Date)
    ends_on: Mapped[date | None] = plain(sa.Date)
    target_times: Mapped[int | None] = plain(sa.SmallInteger)  # deliveries (场次)
    target_attendances: Mapped[int | None] = plain(sa.Integer)  # 人次
    target_persons: Mapped[int | None] = plain(sa.Integer)  # 人数
    budget: Mapped[int | None] = plain(sa.Integer)  # whole yuan, a note and no account
    budget_source: Mapped[str | None] = coded(20, nullable=True)
    budget_note: Mapped[str | None] = words(200)
    partner_ids: Mapped[Any] = plain(Json)  # of governance_partner
    steps_enc: Mapped[bytes | None] = sealed()  # [{text, due_on, who, done_on}]
    steps = Sealed("steps_enc", as_json=True)
    persons: Mapped[int | None] = plain(sa.Integer)  # 人数 reached in the end: counted by hand, nobody is named
    reached: Mapped[str | None] = coded(12, nullable=True)
    result_enc: Mapped[bytes | None] = sealed()
    result = Sealed("result_enc")
    lessons_enc: Mapped[bytes | None] = sealed()
    lessons = Sealed("lessons_enc")
    result_on: Mapped[date | None] = plain(sa.Date)


class GovernanceDelivery(Keyed, OfPerson, Model):
    """What a service for a community says beyond its record: where, how many different persons, who took part, volunteers."""

    __tablename__ = "governance_delivery"

    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_record.id"), nullable=False, unique=True)
    place: Mapped[str | None] = words(80)
    persons: Mapped[int | None] = plain(sa.SmallInteger)  # 人数; the record's head count is 人次
    parties: Mapped[Any] = plain(Json)  # codes of governance_party
    partner_ids: Mapped[Any] = plain(Json)
    volunteers: Mapped[int | None] = plain(sa.SmallInteger)
    volunteer_hours: Mapped[int | None] = plain(sa.SmallInteger)  # of all of them together

    record: Mapped[ServiceRecord] = relationship(lazy="raise")
