"""Help with applications (协助事务): what was applied for, the authority's answers as its own, and what the family receives."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed
from caseapp.models.details.assistance.detail import OfFamily


class AidBenefit(Keyed, Versioned, Stamped, OfFamily, OfPerson, Model):
    """Something the family receives, from a day until a day, on the authority's paper; `recheck_on` when it is looked at again."""

    __tablename__ = "aid_benefit"
    __table_args__ = (sa.Index("ix_aid_benefit_station_path_recheck_on", "station_path", "recheck_on", "id"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)  # where it was recorded
    aid: Mapped[str] = coded(20)
    for_whom_enc: Mapped[bytes | None] = sealed()  # members by id; none: the whole family
    for_whom = Sealed("for_whom_enc", as_json=True)
    amount_enc: Mapped[bytes | None] = sealed()  # cents
    amount = Sealed("amount_enc", as_json=True)
    per: Mapped[str | None] = coded(12, nullable=True)
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date | None] = plain(sa.Date)
    end_reason: Mapped[str | None] = coded(20, nullable=True)
    authority: Mapped[str | None] = coded(20, nullable=True)
    paper_no: Mapped[str | None] = mapped_column(sa.String(60))
    rhythm: Mapped[str | None] = coded(12, nullable=True)  # stable changeable
    checked_on: Mapped[date | None] = plain(sa.Date)  # last re-check
    recheck_on: Mapped[date | None] = plain(sa.Date)


class AidRequest(Keyed, Versioned, Stamped, OfFamily, OfPerson, Model):
    """One application the station helps with, or relief asked for in an emergency."""

    __tablename__ = "aid_request"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)
    aid: Mapped[str] = coded(20)
    purpose: Mapped[str] = coded(12, default="new")  # new recheck change again
    state: Mapped[str] = coded(12, default="preparing")  # preparing handed_in more given refused withdrawn
    sheet_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("means_sheet.id"))
    benefit_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("aid_benefit.id"), index=True)  # re-checked, or what came of it
    for_whom_enc: Mapped[bytes | None] = sealed()
    for_whom = Sealed("for_whom_enc", as_json=True)
    wish_enc: Mapped[bytes | None] = sealed()
    wish = Sealed("wish_enc")
    papers_wanted: Mapped[Any] = plain(Json)  # codes
    papers_ready: Mapped[Any] = plain(Json)
    papers_note: Mapped[str | None] = mapped_column(sa.String(200))
    handed_in_on: Mapped[date | None] = plain(sa.Date)
    first_handed_in_on: Mapped[date | None] = plain(sa.Date)  # before more was wanted: figures count it once
    first_handed_in_at: Mapped[datetime | None] = plain(Instant)  # when that was written down
    handed_in_to: Mapped[str | None] = mapped_column(sa.String(120))
    receipt_no: Mapped[str | None] = mapped_column(sa.String(60))
    urgent: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    urgent_needs: Mapped[Any] = mapped_column(Json, nullable=True)
    relief_enc: Mapped[bytes | None] = sealed()  # what was done at once: {what, by, worth, told}
    relief = Sealed("relief_enc", as_json=True)
    answered_on: Mapped[date | None] = plain(sa.Date)
    appeal_until: Mapped[date | None] = plain(sa.Date)
    appeal_told_on: Mapped[date | None] = plain(sa.Date)
    appeal_note_enc: Mapped[bytes | None] = sealed()
    appeal_note = Sealed("appeal_note_enc")

    answers: Mapped[list["AidAnswer"]] = relationship(lazy="raise", order_by="AidAnswer.id")


class AidAnswer(Keyed, Stamped, OfPerson, Model):
    """What the authority answered: its own decision, with who, when and the number of its paper; a wrong entry is voided."""

    __tablename__ = "aid_answer"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("aid_request.id"), nullable=False, index=True)
    answer: Mapped[str] = coded(12)  # given refused more withdrawn
    answered_on: Mapped[date] = plain(sa.Date, nullable=False)
    authority: Mapped[str] = coded(20)
    office: Mapped[str | None] = mapped_column(sa.String(80))
    paper_no: Mapped[str | None] = mapped_column(sa.String(60))
    reason_enc: Mapped[bytes | None] = sealed()
    reason = Sealed("reason_enc")
    amount_enc: Mapped[bytes | None] = sealed()
    amount = Sealed("amount_enc", as_json=True)
    per: Mapped[str | None] = coded(12, nullable=True)
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
