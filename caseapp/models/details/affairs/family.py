"""Marriage and family: what it is about, and the cooling-off period before a divorce (民法典 art. 1077)."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Json, Model, Sealed, coded, plain, sealed
from caseapp.models.details.affairs.case import OneOfCase


class FamilyMatter(OneOfCase, Model):
    """One row per case of marriage and family; violence has a row of its own."""

    __tablename__ = "affairs_family"

    topics: Mapped[Any] = mapped_column(Json, nullable=True)  # codes
    children_under_18: Mapped[bool | None] = mapped_column(sa.Boolean)
    applied_on: Mapped[date | None] = plain(sa.Date)  # day on which the registry took the divorce application
    cooling_state: Mapped[str | None] = coded(12, nullable=True)  # running withdrawn certificate lapsed
    cooling_ended_on: Mapped[date | None] = plain(sa.Date)
    situation_enc: Mapped[bytes | None] = sealed()
    situation = Sealed("situation_enc")
    wishes_enc: Mapped[bytes | None] = sealed()  # what each side wants
    wishes = Sealed("wishes_enc")
