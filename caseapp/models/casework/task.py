"""Tasks: promises with a date (notify later, get a document, follow up); done, or could not be done with a reason."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfPerson, Sealed, Stamped, coded, plain, sealed, whose

OF_HEADS = ("other_station", "glass_broken")  # kinds that the head alone reads


class Task(Keyed, Stamped, OfPerson, Model):
    """Something somebody must do by a day, about a person or a case."""

    __tablename__ = "task"
    __table_args__ = (
        sa.Index("ix_task_user_id_state_due_on", "user_id", "state", "due_on"),
        sa.Index("ix_task_station_path_state_due_on", "station_path", "state", "due_on"),
    )

    kind: Mapped[str] = coded(20)  # notify_later no_document follow_up verify_tag urgent_intake guardian_consent …
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"), index=True)
    assessment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("assessment.id"), index=True)  # whose result asks for it
    user_id: Mapped[UUID | None] = whose("responsible")  # whose; the head's when empty
    for_role: Mapped[str | None] = coded(30, nullable=True)
    due_on: Mapped[date] = plain(sa.Date, nullable=False)
    state: Mapped[str] = coded(10, default="open")  # open done undone cancelled
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
    ended_at: Mapped[datetime | None] = plain(Instant)
    ended_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    ended_reason: Mapped[str | None] = mapped_column(sa.String(200))
