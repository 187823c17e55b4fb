"""What keeps a person's data from being disposed of, and what is left when they were: a certificate without personal data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    Instant,
    Json,
    Keyed,
    Model,
    OfOffice,
    OfPerson,
    PathText,
    Sealed,
    Stamped,
    Versioned,
    plain,
    sealed,
)


class LegalHold(Keyed, Versioned, Stamped, OfPerson, Model):
    """A person's data must be kept although their time is over: a dispute, an inquiry, a request. It stands until it is lifted."""

    __tablename__ = "legal_hold"

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    reason_enc: Mapped[bytes] = sealed(nullable=False)
    reason = Sealed("reason_enc")
    from_on: Mapped[date] = plain(sa.Date, nullable=False)
    lifted_on: Mapped[date | None] = plain(sa.Date)
    lifted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))


class DisposalCertificate(Keyed, OfOffice, Model):
    """That data of so many persons were deleted for good: who wanted it, who agreed, by which periods; nothing of the persons.

    `mark` is a keyed digest over the file ids in order: whoever holds the index key and the ids can tell whether a file was among them.
    """

    __tablename__ = "disposal_certificate"

    path: Mapped[str] = mapped_column(PathText, nullable=False, index=True)
    asked_id: Mapped[UUID] = mapped_column(sa.ForeignKey("asked_act.id"), nullable=False, unique=True)
    persons: Mapped[int] = plain(sa.Integer, nullable=False)
    cases: Mapped[int] = plain(sa.Integer, nullable=False)
    deleted: Mapped[Any] = plain(Json, nullable=False)  # table → rows
    periods: Mapped[Any] = plain(Json, nullable=False)  # the settings that were in force: name → years
    mark: Mapped[str] = plain(sa.String(32), nullable=False)
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    agreed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    done_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
