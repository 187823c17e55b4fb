"""Family means sheets (家计调查表): who enquired and how, the members who live together, income, deductions, property, expenditure.

A sheet is evidence for the authority and never a score or a decision (S-3.4). Each section is a row with a version of its
own, so that two staff write different sections at once; once finished nothing of a sheet changes, a new one copies it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed
from caseapp.models.details.assistance.detail import OfFamily

MEMBERS = "members"
MONEY = ("income", "deduction", "property", "expense")  # sections of lines
SECTIONS = (MEMBERS, *MONEY)


class MeansSheet(Keyed, Versioned, Stamped, OfFamily, OfPerson, Model):
    """One enquiry into a family's means, written in a case."""

    __tablename__ = "means_sheet"
    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    number: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    state: Mapped[str] = coded(10, default="draft")  # draft finished void
    copied_from_id: Mapped[UUID | None] = plain(sa.Uuid)
    enquired_on: Mapped[date | None] = plain(sa.Date)
    methods: Mapped[Any] = plain(Json)  # codes
    staff: Mapped[Any] = mapped_column(Json, nullable=True)  # two of {user, name, office}
    consent_how: Mapped[str | None] = coded(12, nullable=True)
    consent_on: Mapped[date | None] = plain(sa.Date)
    paper_place: Mapped[str | None] = mapped_column(sa.String(120))  # where the signed sheet lies
    remark_enc: Mapped[bytes | None] = sealed()  # what was seen and heard
    remark = Sealed("remark_enc")
    totals_enc: Mapped[bytes | None] = sealed()  # the sums as they stood when it was finished
    totals = Sealed("totals_enc", as_json=True)
    finished_at: Mapped[datetime | None] = plain(Instant)
    finished_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))

    sections: Mapped[list["MeansSection"]] = relationship(lazy="raise", order_by="MeansSection.id")


class MeansSection(Keyed, Versioned, Stamped, OfPerson, Model):
    """One section: members, or lines of one kind of money; `said_none` when it was asked and there is none."""

    __tablename__ = "means_section"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "section"),)

    sheet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("means_sheet.id"), nullable=False)
    section: Mapped[str] = coded(12)
    saved: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # somebody asked about it in this enquiry
    said_none: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    content_enc: Mapped[bytes | None] = sealed()
    content = Sealed("content_enc", as_json=True)  # list of lines or members
