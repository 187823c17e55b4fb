"""Care and safety of a child: delegated care (未成年人保护法 art. 22), parents' contact (art. 23), safety at home (art. 18, 21)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class ChildrenDelegation(Keyed, Versioned, Stamped, OfPerson, Model):
    """Somebody entrusted with a child for a time; who may not be entrusted was asked, and is never stored here."""

    __tablename__ = "children_delegation"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    given_by: Mapped[str] = coded(20)
    delegate_name_enc: Mapped[bytes] = sealed(nullable=False)
    delegate_name = Sealed("delegate_name_enc")
    relation: Mapped[str] = coded(20)
    birth_year: Mapped[int] = mapped_column(sa.SmallInteger, nullable=False)
    phone_enc: Mapped[bytes | None] = sealed()
    phone = Sealed("phone_enc")
    address_enc: Mapped[bytes | None] = sealed()
    address = Sealed("address_enc")
    reason: Mapped[str] = coded(20)
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    to_on: Mapped[date] = plain(sa.Date, nullable=False)
    child_heard: Mapped[bool | None] = plain(sa.Boolean)
    child_view_enc: Mapped[bytes | None] = sealed()
    child_view = Sealed("child_view_enc")
    also_told: Mapped[Any] = plain(Json)  # codes: school, village
    note_enc: Mapped[bytes | None] = sealed()  # what was agreed: money, school, what the parents promise
    note = Sealed("note_enc")
    ended_on: Mapped[date | None] = plain(sa.Date)
    end_reason: Mapped[str | None] = coded(20, nullable=True)


class ChildrenContact(Keyed, Stamped, OfPerson, Model):
    """Parents who live elsewhere were in touch with the child: the log behind the weekly duty of art. 23."""

    __tablename__ = "children_contact"
    __table_args__ = (sa.Index("ix_children_contact_case_id_happened_on", "case_id", "happened_on"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    who: Mapped[str] = coded(20)
    how: Mapped[str] = coded(20)
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    voided_by_id: Mapped[UUID | None] = plain(sa.Uuid)


class ChildrenSafetyCheck(Keyed, Stamped, OfPerson, Model):
    """One look at the home with the check list; the last one that was not voided counts."""

    __tablename__ = "children_safety_check"
    __table_args__ = (sa.Index("ix_children_safety_check_case_id_checked_on", "case_id", "checked_on"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    checked_on: Mapped[date] = plain(sa.Date, nullable=False)
    answers: Mapped[Any] = mapped_column(Json, nullable=False)  # item → ok, gap or na
    gaps: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    voided_at: Mapped[datetime | None] = plain(Instant)
    voided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
