"""Disability: kinds and grade as the card says, two subsidies as the authority decided, needs by kind looked at yearly."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseapp.models.base import Json, Keyed, Model, OfPerson, Sealed, coded, plain, sealed
from caseapp.models.details.affairs.case import ManyOfCase, OneOfCase


class DisabilityMatter(OneOfCase, Model):
    """One row per disability case. The card's number is a document of the person (kind DISABLED), kept there once."""

    __tablename__ = "affairs_disability"

    kinds: Mapped[Any] = mapped_column(Json, nullable=True)  # digits of GB/T 26341-2010; of a multiple one its parts
    grade: Mapped[str | None] = mapped_column(sa.String(1))  # 1 the most severe
    living_subsidy: Mapped[str | None] = coded(12, nullable=True)
    living_since: Mapped[date | None] = plain(sa.Date)
    care_subsidy: Mapped[str | None] = coded(12, nullable=True)
    care_since: Mapped[date | None] = plain(sa.Date)


class NeedsLook(ManyOfCase, Model):
    """One look at every kind of need; the next one is due a year later."""

    __tablename__ = "affairs_needs_look"

    looked_on: Mapped[date] = plain(sa.Date, nullable=False)
    next_on: Mapped[date] = plain(sa.Date, nullable=False)
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")

    needs: Mapped[list["DisabilityNeed"]] = relationship(lazy="raise", order_by="DisabilityNeed.position")


class DisabilityNeed(Keyed, OfPerson, Model):
    """One kind of need at one look: wanted or not, how urgent, met by whom since when. No score."""

    __tablename__ = "affairs_need"
    __table_args__ = (sa.UniqueConstraint("look_id", "kind"),)

    look_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_needs_look.id"), nullable=False)
    position: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    kind: Mapped[str] = coded(20)
    wanted: Mapped[bool] = plain(sa.Boolean, nullable=False)
    urgency: Mapped[str | None] = coded(8, nullable=True)
    met_by: Mapped[str | None] = coded(16, nullable=True)
    since_on: Mapped[date | None] = plain(sa.Date)
