"""Referrals: the line two stations share, the frozen packet, notes between them; the sender's own wish; outside bodies."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    BetweenStations,
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
    plain,
    sealed,
    whose,
)

UNANSWERED = ("draft", "sent")
RUNNING = ("accepted", "accepted_outside", "in_service")
ENDED = ("rejected", "revoked", "completed")


class Referral(Keyed, Versioned, Stamped, BetweenStations, Model):
    """The line of a referral: from where to where, of which kind, how it stands. It names no person."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.Index("ix_referral_from_station_id", "from_station_id", "id"),
        sa.Index("ix_referral_to_station_id", "to_station_id", "id"),
        sa.Index("ix_referral_from_path_status", "from_path", "status"),
        sa.Index("ix_referral_to_path_status", "to_path", "status"),
        sa.UniqueConstraint("from_station_id", "referral_no"),
    )

    referral_no: Mapped[str] = plain(sa.String(40), nullable=False)
    kind: Mapped[str] = coded(10)  # domain station outside
    status: Mapped[str] = coded(20, default="draft")
    urgency: Mapped[str] = coded(12, default="ordinary")
    from_station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    to_station_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    body_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("outside_body.id"), index=True)
    to_domain: Mapped[str | None] = coded(20, nullable=True)  # where a case is wished for
    sent_at: Mapped[datetime | None] = plain(Instant)
    sent_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    answer_by: Mapped[date | None] = plain(sa.Date)
    chased: Mapped[int] = plain(sa.SmallInteger, nullable=False, default=0)
    stand_in_id: Mapped[UUID | None] = whose("did")  # head or supervisor, where the only worker takes in the own sending
    decided_at: Mapped[datetime | None] = plain(Instant)
    decided_on: Mapped[date | None] = plain(sa.Date)
    decided_by_id: Mapped[UUID | None] = plain(sa.Uuid)
    reject_reason: Mapped[str | None] = coded(20, nullable=True)
    to_client_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("client.id"), index=True, info={"trail": "value"}
    )  # the receiver's
    to_case_id: Mapped[UUID | None] = plain(sa.Uuid)
    ended_at: Mapped[datetime | None] = plain(Instant)
    case_to_go: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # taken in; the sender has yet to let it go


class ReferralRequest(Keyed, Stamped, OfPerson, Model):
    """The sender's side of a referral: whose, why, what is handed over, on what ground. The receiver never reads it."""

    __tablename__ = "referral_request"

    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id"), nullable=False, unique=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)
    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    reason_enc: Mapped[bytes | None] = sealed()
    reason = Sealed("reason_enc")
    need_enc: Mapped[bytes | None] = sealed()
    need = Sealed("need_enc")
    papers: Mapped[str | None] = mapped_column(sa.String(300))  # what goes along on paper
    sections: Mapped[Any] = plain(Json, nullable=False)
    basis: Mapped[str] = coded(20)  # consent statutory emergency (PIPL art. 23: a consent of its own)
    signer: Mapped[str] = coded(12, default="self")
    signer_name_enc: Mapped[bytes | None] = sealed()
    signer_name = Sealed("signer_name_enc")
    signer_relation: Mapped[str | None] = coded(20, nullable=True)
    child_heard: Mapped[bool | None] = plain(sa.Boolean)
    channel: Mapped[str] = coded(12, default="paper")
    paper_place: Mapped[str | None] = mapped_column(sa.String(120))
    signed_on: Mapped[date] = plain(sa.Date, nullable=False)
    case_goes: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    moves: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)  # the person goes to live there
    confirmed_digest: Mapped[str | None] = mapped_column(sa.String(64))  # of the restricted packet the head has looked at
    confirmed_by_id: Mapped[UUID | None] = plain(sa.Uuid)


class ReferralPacket(Keyed, BetweenStations, Model):
    """The frozen copy that was handed over, built once at sending."""

    __tablename__ = "referral_packet"

    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id"), nullable=False, unique=True)
    schema_version: Mapped[int] = plain(sa.SmallInteger, nullable=False)
    content_enc: Mapped[bytes] = sealed(nullable=False)
    content = Sealed("content_enc", as_json=True)
    digest: Mapped[str] = plain(sa.String(64), nullable=False)
    made_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    made_by_id: Mapped[UUID] = plain(sa.Uuid, nullable=False)


class ReferralNote(Keyed, BetweenStations, Model):
    """What one side said to the other: a chaser, an answer, feedback, a receipt from outside."""

    __tablename__ = "referral_note"
    __table_args__ = (sa.Index("ix_referral_note_referral_id_at", "referral_id", "at"),)

    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id"), nullable=False)
    kind: Mapped[str] = coded(12)  # chased accepted rejected revoked receipt feedback completed
    by_receiver: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    happened_on: Mapped[date] = plain(sa.Date, nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    by_id: Mapped[UUID] = plain(sa.Uuid, nullable=False)
    who: Mapped[str | None] = mapped_column(sa.String(60))  # at the outside body
    channel: Mapped[str | None] = coded(12, nullable=True)
    text_enc: Mapped[bytes | None] = sealed()
    text = Sealed("text_enc")


class OutsideBody(Keyed, Versioned, Stamped, OfOffice, Model):
    """A body outside the system to which people are referred; of a station, or of a county for all its stations."""

    __tablename__ = "outside_body"
    __table_args__ = (sa.Index("ix_outside_body_path_name", "path", "name"),)

    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    path: Mapped[str] = mapped_column(PathText, nullable=False)
    kind: Mapped[str] = coded(20)
    name: Mapped[str] = mapped_column(sa.String(80), nullable=False)
    address: Mapped[str | None] = mapped_column(sa.String(160))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    contact: Mapped[str | None] = mapped_column(sa.String(60))
    note: Mapped[str | None] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = plain(sa.Boolean, nullable=False, default=True)
