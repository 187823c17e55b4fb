"""Mandatory reports of harm to a child (强制报告, 未成年人保护法 art. 11) and whom they were told: always class P3, never erased."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    Authored,
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
)

STATES = ("open", "closed", "void")


class ChildrenReport(Keyed, Versioned, Stamped, OfPerson, Authored, Model):
    """One report; it lies in the file of its case, and its author keeps it in sight whoever is assigned there.

    When police and civil affairs were first told and first answered is reckoned from `ChildrenTold` and kept here, with the
    minutes from finding to the first authority told, so that lists and figures read one table.
    """

    __tablename__ = "children_report"
    __table_args__ = (
        sa.Index("ix_children_report_station_path_state_found_at", "station_path", "state", "found_at", "id"),
        sa.Index("ix_children_report_station_path_found_at", "station_path", "found_at", "id"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    report_no: Mapped[str] = plain(sa.String(40), nullable=False)
    state: Mapped[str] = coded(10, default="open")
    situation: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    sentence_enc: Mapped[bytes] = sealed(nullable=False)  # what was seen, in one sentence
    sentence = Sealed("sentence_enc")
    found_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    # facts
    who_enc: Mapped[bytes | None] = sealed()
    who = Sealed("who_enc")
    where_enc: Mapped[bytes | None] = sealed()
    where = Sealed("where_enc")
    when_enc: Mapped[bytes | None] = sealed()
    when = Sealed("when_enc")
    seen_enc: Mapped[bytes | None] = sealed()
    seen = Sealed("seen_enc")
    # safety now
    place: Mapped[str | None] = mapped_column(sa.String(20))
    beside_enc: Mapped[bytes | None] = sealed()  # who is with the child
    beside = Sealed("beside_enc")
    called: Mapped[Any] = mapped_column(Json, nullable=True)
    safety_at: Mapped[datetime | None] = mapped_column(Instant)
    # evidence
    evidence: Mapped[Any] = mapped_column(Json, nullable=True)
    evidence_note_enc: Mapped[bytes | None] = sealed()
    evidence_note = Sealed("evidence_note_enc")
    # reckoned from who was told
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    minutes: Mapped[int | None] = mapped_column()
    police_told_on: Mapped[date | None] = mapped_column()
    police_answered_on: Mapped[date | None] = mapped_column()
    civil_told_on: Mapped[date | None] = mapped_column()
    civil_answered_on: Mapped[date | None] = mapped_column()
    # what the authority decided, and the end
    outcome: Mapped[str | None] = mapped_column(sa.String(20))
    outcome_by_enc: Mapped[bytes | None] = sealed()
    outcome_by = Sealed("outcome_by_enc")
    outcome_on: Mapped[date | None] = mapped_column()
    outcome_note_enc: Mapped[bytes | None] = sealed()
    outcome_note = Sealed("outcome_note_enc")
    closed_at: Mapped[datetime | None] = plain(Instant)
    closed_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    closing_note_enc: Mapped[bytes | None] = sealed()
    closing_note = Sealed("closing_note_enc")
    class_before: Mapped[str] = mapped_column(sa.String(5), nullable=False)  # of the case, before this report restricted it
    voided_at: Mapped[datetime | None] = plain(Instant)
    voided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    void_reason_enc: Mapped[bytes | None] = sealed()
    void_reason = Sealed("void_reason_enc")


class ChildrenTold(Keyed, Versioned, Stamped, OfPerson, Authored, Model):
    """Somebody was told of a report: whom, when, how, who took it, under what number; and what came back.

    `author_id` is the report's, so that its author sees all of it, also what others added.
    """

    __tablename__ = "children_told"

    report_id: Mapped[UUID] = mapped_column(sa.ForeignKey("children_report.id"), nullable=False, index=True)
    whom: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    told_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    how: Mapped[str | None] = mapped_column(sa.String(20))
    name_enc: Mapped[bytes | None] = sealed()  # who took it: name, number of the officer, telephone
    name = Sealed("name_enc")
    receipt_enc: Mapped[bytes | None] = sealed()
    receipt = Sealed("receipt_enc")
    answer: Mapped[str | None] = mapped_column(sa.String(20))
    answered_on: Mapped[date | None] = mapped_column()
    answer_note_enc: Mapped[bytes | None] = sealed()
    answer_note = Sealed("answer_note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    voided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
