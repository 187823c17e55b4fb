"""Households: members, on file or not, and typed relationships kept in both directions."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Keyed, Model, OfPerson, Sealed, SortText, Stamped, Versioned, coded, plain, sealed


class Household(Keyed, Versioned, Stamped, OfPerson, Model):
    """People who live and manage together; `file_id` is its own id."""

    __tablename__ = "household"
    __table_args__ = (
        sa.Index("ix_household_station_id_name_key", "station_id", "name_key", "id"),
        sa.Index("ix_household_station_path", "station_path"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    household_no: Mapped[str] = plain(sa.String(40), nullable=False)
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)  # 王家
    name_key: Mapped[str] = mapped_column(SortText, nullable=False)
    residence_code: Mapped[str | None] = coded(12, nullable=True)
    address_enc: Mapped[bytes | None] = sealed()
    address = Sealed("address_enc")
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")

    members: Mapped[list["HouseholdMember"]] = relationship(lazy="raise", order_by="HouseholdMember.position")


class HouseholdMember(Keyed, Stamped, OfPerson, Model):
    """A member: a person on file (then name and birth come from the client) or somebody only named here.

    For a person on file the row takes the class of that person, so that a restricted person is absent from the list.
    """

    __tablename__ = "household_member"

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("household.id"), nullable=False, index=True)
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), unique=True)  # one household at a time
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    name: Mapped[str | None] = mapped_column(sa.String(60))
    sex: Mapped[str | None] = coded(2, nullable=True)
    birth_year: Mapped[int | None] = mapped_column(sa.SmallInteger)
    relation_to_head: Mapped[str] = coded(20)
    lives_here: Mapped[bool] = plain(sa.Boolean, nullable=False, default=True)
    whereabouts: Mapped[str | None] = mapped_column(sa.String(120))
    occupation: Mapped[str | None] = mapped_column(sa.String(60))
    deceased: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    left_on: Mapped[date | None] = plain(sa.Date)


class MemberLink(Keyed, Stamped, OfPerson, Model):
    """A relationship from one member to another ("from is <kind> of to"); the service writes the inverse beside it."""

    __tablename__ = "member_link"
    __table_args__ = (sa.UniqueConstraint("from_id", "to_id"),)

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("household.id"), nullable=False, index=True)
    from_id: Mapped[UUID] = mapped_column(sa.ForeignKey("household_member.id"), nullable=False)
    to_id: Mapped[UUID] = mapped_column(sa.ForeignKey("household_member.id"), nullable=False)
    kind: Mapped[str] = coded(20)
