"""The trail: one append-only table of packed entries, and one index row for "who saw this file"."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Json, Keyed, Model, OfOffice, PathText, words

SOUGHT: dict[str, Any] = {"sqlite_where": sa.text("sought IS NOT NULL"), "postgresql_where": sa.text("sought IS NOT NULL")}


class AuditEntry(Keyed, Model):
    """One entry: what one answer or one transaction did, with the packed list of every person in it.

    `people` is the concatenation of 16-byte file ids. `changes` holds rows with P1 values before and after, P2 and P3
    as a field name with a keyed digest, free text never. Rows of a person would be a billion a year for a province.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_at", "at", "id"),  # the order of the trail: an auditor's part of it is met while walking it
        sa.Index("ix_audit_entry_user_id_at", "user_id", "at"),
        sa.Index("ix_audit_entry_sought_at", "sought", "at", "id", **SOUGHT),
        sa.Index("ix_audit_entry_kind_at", "kind", "at", "user_id"),  # what somebody read at night, or was refused in a day
    )

    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # change read refusal sign_in event
    event: Mapped[str] = mapped_column(sa.String(60), nullable=False)  # "case.opened", "client.search"
    user_id: Mapped[UUID | None]
    grant_id: Mapped[UUID | None]
    role: Mapped[str | None] = mapped_column(sa.String(30))
    session_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # page api command job
    station_path: Mapped[str] = mapped_column(PathText, nullable=False)  # of the rows, else of the grant
    endpoint: Mapped[str | None] = mapped_column(sa.String(80))
    status: Mapped[int | None] = mapped_column(sa.SmallInteger)
    reason: Mapped[str | None] = mapped_column(sa.String(300))  # purpose or reason given, or why it was refused
    fields: Mapped[Any] = mapped_column(Json, nullable=True)  # which fields of a person were shown in clear
    changes: Mapped[Any] = mapped_column(Json, nullable=True)
    people: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    in_place_of: Mapped[Any] = mapped_column(Json, nullable=True)  # ids of absent colleagues in whose files this was done
    count: Mapped[int] = mapped_column(nullable=False, default=0)  # persons in `people`
    ref: Mapped[str | None] = mapped_column(sa.String(20))
    sought: Mapped[str | None] = mapped_column(sa.String(32))  # keyed digest of what was searched for; the words are kept nowhere


OPENED: dict[str, Any] = {"sqlite_where": sa.text("opened > 0"), "postgresql_where": sa.text("opened > 0")}


class AuditSeen(Model):
    """That a user saw a file on a day (a client's or a case's), and how often: the index of "who saw this file"."""

    __tablename__ = "audit_seen"
    __table_args__ = (  # of files themselves that were opened, not of lines in lists: a small part of all
        sa.Index("ix_audit_seen_user_id_last_at", "user_id", "last_at", **OPENED),
        sa.Index("ix_audit_seen_seen_on_user_id", "seen_on", "user_id", **OPENED),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_on: Mapped[date] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(30), nullable=False)
    times: Mapped[int] = mapped_column(nullable=False, default=1)
    opened: Mapped[int] = mapped_column(nullable=False, default=0)  # of these, the file itself and not a line in a list
    last_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    station_path: Mapped[str] = mapped_column(PathText, nullable=False)


class AuditReview(Keyed, OfOffice, Model):
    """That an auditor looked at what a user did on a day that stood out, and what came of it."""

    __tablename__ = "audit_review"
    __table_args__ = (sa.UniqueConstraint("user_id", "day", "sign", "by_id"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)  # whose day
    day: Mapped[date] = mapped_column(nullable=False)
    sign: Mapped[str] = mapped_column(sa.String(20), nullable=False)  # why it stood out
    station_path: Mapped[str] = mapped_column(PathText, nullable=False)  # where the user is at home
    finding: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    note: Mapped[str | None] = words(300)
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(Instant, nullable=False)
