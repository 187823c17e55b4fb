"""Consent: which text, what was ticked, who signed, where the paper lies, when it was withdrawn (PIPL art. 13–15, 29–31)."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Json, Keyed, Model, OfPerson, Passing, Sealed, Stamped, Versioned, coded, plain, sealed


class Consent(Keyed, Versioned, Stamped, OfPerson, Model):
    """One signed (or recorded lawful) ground for keeping a person's data."""

    __tablename__ = "consent"
    asked_across = Passing()  # of the saving itself: whether other stations were asked by number

    client_id: Mapped[UUID] = mapped_column(sa.ForeignKey("client.id"), nullable=False, index=True)
    basis: Mapped[str] = coded(20)  # consent statutory emergency
    text_version: Mapped[str] = plain(sa.String(20), nullable=False)
    language: Mapped[str] = plain(sa.String(5), nullable=False)
    scopes: Mapped[Any] = plain(Json, nullable=False)  # codes of what was ticked
    signer: Mapped[str] = coded(12)  # self guardian
    signer_name_enc: Mapped[bytes | None] = sealed()
    signer_name = Sealed("signer_name_enc")
    signer_relation: Mapped[str | None] = coded(20, nullable=True)
    child_heard: Mapped[bool | None] = plain(sa.Boolean)  # 8 to 17: own view asked too
    channel: Mapped[str] = coded(12, default="paper")  # paper spoken
    read_aloud: Mapped[bool] = plain(sa.Boolean, nullable=False, default=False)
    paper_place: Mapped[str | None] = mapped_column(sa.String(120))
    signed_on: Mapped[date] = plain(sa.Date, nullable=False)
    withdrawn_on: Mapped[date | None] = plain(sa.Date)
    withdrawn_note: Mapped[str | None] = mapped_column(sa.String(200))
