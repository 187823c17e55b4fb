"""Who may open a P3 or minor's file besides the assigned worker and the head."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, PathText


class FileAccess(Keyed, Model):
    """A person named on a file, a live purpose for a minor's file, a glass broken in an emergency, or the assigned worker (kept by the service).

    The live rows of a user are read once per request into `actor.open_files`.
    """

    __tablename__ = "file_access"
    __table_args__ = (sa.Index("ix_file_access_user_id_to_on", "user_id", "to_on"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    file_id: Mapped[UUID] = mapped_column(nullable=False, index=True)
    station_path: Mapped[str] = mapped_column(PathText, nullable=False)
    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # assigned named purpose glass
    purpose: Mapped[str | None] = mapped_column(sa.String(20))
    note: Mapped[str | None] = mapped_column(sa.String(200))
    from_on: Mapped[date] = mapped_column(nullable=False)
    to_on: Mapped[date | None]
    until: Mapped[datetime | None] = mapped_column(Instant)  # of a glass that was broken: hours, not days
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
