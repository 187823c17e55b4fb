"""Grants: which role a user holds where; proposed by one, started by others' confirmation."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Instant, Keyed, Model, OfOffice, PathText, Versioned, words
from caseapp.models.organisation.tree import Organisation


class Grant(Keyed, Versioned, OfOffice, Model):
    """A role of a user, from a day until a day, in force once `state` is active."""

    __tablename__ = "grant"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    role: Mapped[str] = mapped_column(sa.String(30), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False, index=True)
    domain: Mapped[str | None] = mapped_column(sa.String(20))  # one service domain, or all
    state: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # proposed active refused ended
    from_on: Mapped[date] = mapped_column(nullable=False)
    to_on: Mapped[date | None]
    reason: Mapped[str] = words(nullable=False)
    proposed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    places: Mapped[list["GrantPlace"]] = relationship(lazy="raise", order_by="GrantPlace.path")


class GrantPlace(OfOffice, Model):
    """One organisation of a grant: its own, or several stations for a supervisor."""

    __tablename__ = "grant_place"

    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    path: Mapped[str] = mapped_column(PathText, nullable=False, index=True)


class GrantConfirmation(Keyed, OfOffice, Model):
    """A yes or no to a proposed grant, under the role that gave it."""

    __tablename__ = "grant_confirmation"
    __table_args__ = (sa.UniqueConstraint("grant_id", "as_role"),)

    grant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("grant.id"), nullable=False)
    as_role: Mapped[str] = mapped_column(sa.String(30), nullable=False)  # station_head county_officer security_admin
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    agreed: Mapped[bool] = mapped_column(nullable=False)
    note: Mapped[str | None] = words()
