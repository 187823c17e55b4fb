"""Vagrants: help that is temporary and may be left at any time, where somebody was found, the way home."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from caseapp.models.base import Json, Model, Sealed, coded, plain, sealed
from caseapp.models.details.affairs.case import ManyOfCase, OneOfCase


class VagrantMatter(OneOfCase, Model):
    """One row per case of a vagrant; features stand with the person, no photo is kept."""

    __tablename__ = "affairs_vagrant"

    helps: Mapped[Any] = plain(Json)  # codes
    help_until: Mapped[date | None] = plain(sa.Date)
    told_free: Mapped[bool | None] = plain(sa.Boolean)  # told that help is temporary and leaving is free
    photo: Mapped[str | None] = coded(12, nullable=True)  # not_asked agreed refused
    left_on: Mapped[date | None] = plain(sa.Date)
    left_how: Mapped[str | None] = coded(16, nullable=True)
    returned_on: Mapped[date | None] = plain(sa.Date)  # 返乡
    home_enc: Mapped[bytes | None] = sealed()  # where home is, who waits there
    home = Sealed("home_enc")
    danger_enc: Mapped[bytes | None] = sealed()  # what makes the person go or get lost
    danger = Sealed("danger_enc")


class VagrantPlace(ManyOfCase, Model):
    """Where the person was found or seen."""

    __tablename__ = "affairs_vagrant_place"

    found_on: Mapped[date] = plain(sa.Date, nullable=False)
    place_enc: Mapped[bytes] = sealed(nullable=False)
    place = Sealed("place_enc")
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")
