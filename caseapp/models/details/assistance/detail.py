"""What an assistance case knows beyond any case: what kind of hardship, since when, what helped so far, what is missing today."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from caseapp.models.base import Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class AssistanceDetail(Keyed, Versioned, Stamped, OfPerson, Model):
    """One row per assistance case."""

    __tablename__ = "assistance_detail"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    matter: Mapped[str | None] = coded(20, nullable=True)  # apply recheck urgent screening service
    hardships: Mapped[Any] = mapped_column(Json, nullable=True)  # codes
    hardship_since: Mapped[date | None] = plain(sa.Date)
    income_rhythm: Mapped[str | None] = coded(12, nullable=True)  # stable changeable
    urgent_needs: Mapped[Any] = mapped_column(Json, nullable=True)  # codes of what is missing today
    urgent_met_on: Mapped[date | None] = plain(sa.Date)  # when the urgent need was seen to
    help_so_far_enc: Mapped[bytes | None] = sealed()
    help_so_far = Sealed("help_so_far_enc")
    needs_enc: Mapped[bytes | None] = sealed()  # F4: problems and needs
    needs = Sealed("needs_enc")
    strengths_enc: Mapped[bytes | None] = sealed()
    strengths = Sealed("strengths_enc")


class OfFamily:
    """Whose it is: the household, or the one person where none is recorded; set from the case when the row is made."""

    @declared_attr
    def household_id(cls) -> Mapped[UUID | None]:  # noqa: N805 - declared_attr takes the class
        return mapped_column(sa.ForeignKey("household.id"), index=True)

    @declared_attr
    def client_id(cls) -> Mapped[UUID | None]:  # noqa: N805
        return mapped_column(sa.ForeignKey("client.id"), index=True)
