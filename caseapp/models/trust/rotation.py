"""How far the rows of each table have been brought under a new key: what lets a rotation go on where it was stopped."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model


class KeyRotation(Keyed, Model):
    """One table under one key: data keys by their number, blind keys by a mark of the key that tells nothing of it."""

    __tablename__ = "key_rotation"
    __table_args__ = (sa.UniqueConstraint("kind", "mark", "of_table"),)

    kind: Mapped[str] = mapped_column(sa.String(8), nullable=False)  # data blind
    mark: Mapped[str] = mapped_column(sa.String(16), nullable=False)
    of_table: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    last_id: Mapped[UUID | None]  # rows up to this one are done
    rows: Mapped[int] = mapped_column(nullable=False, default=0)  # rows that were written anew
    begun_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
