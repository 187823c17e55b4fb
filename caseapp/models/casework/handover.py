"""Handing over inside a station (form F13): who gives to whom and why, and one line for each file that goes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    Instant,
    Json,
    Keyed,
    Model,
    OfOffice,
    OfPerson,
    PathText,
    Sealed,
    Stamped,
    Versioned,
    coded,
    one_of,
    plain,
    sealed,
    whose,
)


class Handover(Keyed, Versioned, Stamped, OfOffice, Model):
    """The frame of a handover. It names no person on file; `from_id` is empty where the head gave files of several workers."""

    __tablename__ = "handover"
    __table_args__ = (sa.Index("ix_handover_path_created_at", "path", "created_at", "id"),)

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    kind: Mapped[str] = coded(10)  # offered ordered leaving
    from_id: Mapped[UUID | None] = whose("did")
    to_id: Mapped[UUID | None] = whose("did")  # empty where somebody's work went to several
    reason_enc: Mapped[bytes | None] = sealed()
    reason = Sealed("reason_enc")
    undone_at: Mapped[datetime | None] = plain(Instant)
    undone_by_id: Mapped[UUID | None] = plain(sa.Uuid)


class HandoverItem(Keyed, Versioned, OfPerson, Model):
    """One file that goes: a person on file or a case. Until it is accepted, whoever gives it stays responsible."""

    __tablename__ = "handover_item"
    __table_args__ = (
        sa.Index("ix_handover_item_to_id_state", "to_id", "state"),
        sa.Index("ix_handover_item_from_id_state", "from_id", "state"),
        sa.Index("ix_handover_item_station_path_state", "station_path", "state"),
        one_of("uq_handover_item_waiting", "file_id", where="state = 'waiting'"),
    )

    handover_id: Mapped[UUID] = mapped_column(sa.ForeignKey("handover.id"), nullable=False, index=True)
    client_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("client.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case.id"), index=True)
    from_id: Mapped[UUID | None] = whose("promised")
    to_id: Mapped[UUID] = whose("promised", nullable=False)
    state: Mapped[str] = coded(12, default="waiting")  # waiting accepted ordered declined withdrawn fallen undone
    told_on: Mapped[date | None] = plain(sa.Date)  # when the person was told
    answered_at: Mapped[datetime | None] = plain(Instant)
    answered_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    answer_enc: Mapped[bytes | None] = sealed()
    answer = Sealed("answer_enc")
    tasks: Mapped[Any] = plain(Json)  # ids of the promises that went along, so that undoing gives back these and no others
