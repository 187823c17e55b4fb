"""Acts that two people must want: asked for by one with a reason, agreed or refused by another, done once."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfOffice, PathText, Versioned, coded, one_of, words


class AskedAct(Keyed, Versioned, OfOffice, Model):
    """One wish. `kind` is a key of `access/asked.py`; `facts` holds codes, numbers, days and ids of rows, never a person's data.

    `subject_id` is the row it is about (one wish at a time for each), `about_user_id` the account that is meant, whose owner may not
    decide. A wish that nobody decided on is over at `expires_at`; one that was agreed and waits to be used, too.
    """

    __tablename__ = "asked_act"
    __table_args__ = (one_of("uq_asked_act_waiting", "kind", "subject_id", where="state = 'waiting'"),)

    kind: Mapped[str] = coded(30, index=True)
    state: Mapped[str] = coded(10)  # waiting agreed refused done withdrawn
    path: Mapped[str] = mapped_column(PathText, nullable=False, index=True)
    subject_id: Mapped[UUID | None]
    about_user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    facts: Mapped[Any] = mapped_column(Json, nullable=True)
    reason: Mapped[str] = words(nullable=False)
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False, index=True)
    asked_role: Mapped[str] = coded(30)
    asked_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    expires_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id"))
    decided_role: Mapped[str | None] = coded(30, nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = words()
    done_at: Mapped[datetime | None] = mapped_column(Instant)
