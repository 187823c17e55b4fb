"""The case: one table for all five domains, with its events and the people named on it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

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
)
from caseapp.models.casework.client import Client, VisitDue
from caseapp.models.casework.household import Household

STATUSES = (
    "intake",
    "declined",
    "assessing",
    "planning",
    "serving",
    "evaluating",
    "closing",
    "closed",
    "follow_up",
    "archived",
    "referred_out",
)


# Statuses in which a case is worked on (contract.md section 5); the others are ends.
LIVE = ("intake", "assessing", "planning", "serving", "evaluating", "closing")


class Case(Keyed, Versioned, Stamped, OfPerson, VisitDue, Model):
    """A piece of work for exactly one subject: client, household or community. `file_id` is the row's own id."""

    __tablename__ = "case"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805
        return (
            sa.CheckConstraint(
                "(client_id IS NOT NULL AND household_id IS NULL AND community_code IS NULL)"
                " OR (client_id IS NULL AND household_id IS NOT NULL AND community_code IS NULL)"
                " OR (client_id IS NULL AND household_id IS NULL AND community_code IS NOT NULL)",
                name="one_subject",
            ),
            sa.Index("ix_case_station_id_next_step_on", "station_id", "next_step_on", "id"),
            sa.Index("ix_case_station_id_stage_since", "station_id", "stage_since", "id"),
            sa.Index("ix_case_worker_id_next_step_on", "worker_id", "next_step_on", "id"),
            sa.Index("ix_case_station_path_status", "station_path", "status"),
            sa.UniqueConstraint("station_id", "case_no"),
        )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    case_no: Mapped[str] = plain(sa.String(40), nullable=False)
    domain: Mapped[str] = coded(20)
    status: Mapped[str] = coded(20, default="intake")
    case_type: Mapped[str] = coded(20, default="formal")  # formal consultation crisis management
    urgency: Mapped[str] = coded(12, default="ordinary")  # ordinary urgent crisis
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), index=True)
    household_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("household.id"), index=True)
    community_code: Mapped[str | None] = coded(12, nullable=True)
    community_name: Mapped[str | None] = plain(sa.String(80))
    worker_id: Mapped[UUID | None] = whose("responsible")
    risk: Mapped[str] = coded(8, default="green")
    risk_reason: Mapped[str | None] = mapped_column(sa.String(200))
    source: Mapped[str] = coded(20)
    source_detail: Mapped[str | None] = mapped_column(sa.String(120))
    request_enc: Mapped[bytes | None] = sealed()  # why help was asked for, in the person's own words
    request = Sealed("request_enc")
    found_on: Mapped[date] = plain(sa.Date, nullable=False)
    opened_on: Mapped[date | None] = plain(sa.Date)  # day of acceptance
    stage_since: Mapped[date] = plain(sa.Date, nullable=False)
    next_step: Mapped[str | None] = coded(30, nullable=True)  # what the file asks for next
    next_step_on: Mapped[date | None] = plain(sa.Date)
    closed_on: Mapped[date | None] = plain(sa.Date)
    closing_reason: Mapped[str | None] = coded(20, nullable=True)
    closing_enc: Mapped[bytes | None] = sealed()  # outcome per goal, unsolved problems, client's view, check list
    closing = Sealed("closing_enc", as_json=True)
    declined_reason: Mapped[str | None] = coded(20, nullable=True)
    reopened: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    # something of class P3 lies in a file of another class: its worker stands on the open list as in a restricted one
    holds_restricted: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, default=False, server_default=sa.false())

    client: Mapped[Client | None] = relationship(lazy="raise")
    household: Mapped[Household | None] = relationship(lazy="raise")

    @property
    def subject(self) -> Client | Household | None:
        """The person or household, where it is open to the reader; a community has no row of its own."""
        return self.client or self.household

    @property
    def subject_kind(self) -> str:
        """client, household or community."""
        return "client" if self.client_id is not None else "household" if self.household_id is not None else "community"

    @property
    def place_code(self) -> str | None:
        """The division in which the subject lives or lies."""
        subject = self.subject
        return subject.residence_code if subject is not None else self.community_code


class CaseEvent(Keyed, OfPerson, Model):
    """One step of a case: who, when it happened, when it was written, from where to where, why."""

    __tablename__ = "case_event"
    __table_args__ = (
        sa.Index("ix_case_event_case_id_at", "case_id", "at"),
        sa.Index("ix_case_event_station_path_at", "station_path", "at"),
    )

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    step: Mapped[str] = coded(30)  # opened accepted declined assessed … reopened assigned risk_changed
    from_status: Mapped[str | None] = coded(20, nullable=True)
    to_status: Mapped[str | None] = coded(20, nullable=True)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    by_id: Mapped[UUID | None] = plain(sa.Uuid)
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    facts: Mapped[Any] = plain(Json)


class CaseMember(Keyed, Stamped, OfPerson, Model):
    """A user on the team of a case: responsible worker, co-worker, supervisor or reviewer named on the file."""

    __tablename__ = "case_member"
    __table_args__ = (sa.Index("ix_case_member_case_id_to_on", "case_id", "to_on"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    user_id: Mapped[UUID] = whose("responsible", nullable=False)
    part: Mapped[str] = coded(20)  # worker co_worker supervisor reviewer
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date | None] = plain(sa.Date)
    ended_by_closing: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # re-opening gives these back
