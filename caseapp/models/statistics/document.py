"""What a bureau wrote of its own into a report or a circular; its figures are read from the releases whenever it is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, PathText, Versioned


class StatDocument(Keyed, Versioned, Model):
    """The own text of one document of one bureau: a yearly report or a circular, of an area and a period."""

    __tablename__ = "stat_document"
    __table_args__ = (sa.UniqueConstraint("path", "kind", "period", "area"),)

    path: Mapped[str] = mapped_column(PathText, nullable=False)  # the bureau that writes it
    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # yearly circular
    period: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # 2026 or 2026Q3
    area: Mapped[str] = mapped_column(sa.String(40), nullable=False)
    number: Mapped[str | None] = mapped_column(sa.String(60))  # of the document, as the office counts
    recipients: Mapped[str | None] = mapped_column(sa.String(200))
    words: Mapped[Any] = mapped_column(Json, nullable=False)  # part → text
    written_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    written_by: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    written_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
