"""Settings of an organisation that override the defaults of `reference`, with the day they begin."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfOffice, words


class Setting(Keyed, OfOffice, Model):
    """One value for one organisation and everything below it."""

    __tablename__ = "setting"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "name", "from_on"),)

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    from_on: Mapped[date] = mapped_column(nullable=False)
    note: Mapped[str | None] = words()
    set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
