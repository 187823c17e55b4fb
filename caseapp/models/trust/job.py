"""Long work beside the requests: who asked for what, how far it is, how it ended; and the queue that workers take it from."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, PathText


class Job(Keyed, Model):
    """One piece of long work on one row. A worker keeps `heartbeat_at` young; one that falls silent is taken up by another."""

    __tablename__ = "job"

    kind: Mapped[str] = mapped_column(sa.String(40), nullable=False)  # statistics.release
    subject_id: Mapped[UUID] = mapped_column(nullable=False)  # the row it works on
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    state: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # waiting running done failed cancelled
    percent: Mapped[int] = mapped_column(nullable=False, default=0)
    step: Mapped[str | None] = mapped_column(sa.String(40))
    fault: Mapped[str | None] = mapped_column(sa.String(60))  # a code, never a text of what was worked on
    asked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    asked_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    cancel_asked: Mapped[bool] = mapped_column(nullable=False, default=False)
    turns: Mapped[int] = mapped_column(nullable=False, default=0)  # how often a worker took it up


class QueueItem(Keyed, Model):
    """What the queue of the workers keeps: tasks, tasks for later, marks (`adapters/queue.py`); in the order of their keys."""

    __tablename__ = "job_queue"
    __table_args__ = (sa.UniqueConstraint("queue", "kind", "key"),)

    queue: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    kind: Mapped[str] = mapped_column(sa.String(8), nullable=False)  # task later mark
    key: Mapped[str | None] = mapped_column(sa.String(120))  # of a mark
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    priority: Mapped[float] = mapped_column(nullable=False, default=0.0)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
