"""Domestic violence: who harms, the safety plan, paths told and chosen, the report to the police that the law asks for.

Every narrative is sealed; the case is of class P3 and so is each of these rows, of which the trail shows no value. The danger
level is an assessment.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Instant, Model, Sealed, sealed
from caseapp.models.details.affairs.case import ManyOfCase, OneOfCase


class ViolenceMatter(OneOfCase, Model):
    """One row per case of domestic violence."""

    __tablename__ = "affairs_violence"

    capacity: Mapped[str | None] = mapped_column(sa.String(8))  # full limited none unclear
    found_at: Mapped[datetime | None] = mapped_column(Instant)  # when the station learned of it
    harmed_by: Mapped[str | None] = mapped_column(sa.String(20))  # relation
    lives_together: Mapped[bool | None] = mapped_column(sa.Boolean)
    children_see: Mapped[bool | None] = mapped_column(sa.Boolean)
    what_happened_enc: Mapped[bytes | None] = sealed()
    what_happened = Sealed("what_happened_enc")
    wishes_enc: Mapped[bytes | None] = sealed()  # the person's own will
    wishes = Sealed("wishes_enc")


class SafetyPlan(OneOfCase, Model):
    """What to do when it begins again; worked out with the person, never printed with the file."""

    __tablename__ = "affairs_safety_plan"

    made_on: Mapped[date] = mapped_column(sa.Date, nullable=False)
    signs_enc: Mapped[bytes | None] = sealed()
    signs = Sealed("signs_enc")
    safe_place_enc: Mapped[bytes | None] = sealed()
    safe_place = Sealed("safe_place_enc")
    packed_enc: Mapped[bytes | None] = sealed()
    packed = Sealed("packed_enc")
    call_enc: Mapped[bytes | None] = sealed()
    call = Sealed("call_enc")
    for_children_enc: Mapped[bytes | None] = sealed()
    for_children = Sealed("for_children_enc")
    code_word_enc: Mapped[bytes | None] = sealed()
    code_word = Sealed("code_word_enc")


class ViolencePath(ManyOfCase, Model):
    """A way to help that was told, and the answer of the person: a refusal is recorded like anything else."""

    __tablename__ = "affairs_violence_path"

    path: Mapped[str] = mapped_column(sa.String(20), nullable=False)
    answer: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # told thinking wanted done refused
    happened_on: Mapped[date] = mapped_column(sa.Date, nullable=False)
    result_enc: Mapped[bytes | None] = sealed()  # which office, number, what came of it
    result = Sealed("result_enc")


class PoliceReport(ManyOfCase, Model):
    """The report to the police about somebody without or with limited capacity (反家庭暴力法 art. 14), to the minute."""

    __tablename__ = "affairs_police_report"

    reported_at: Mapped[datetime] = mapped_column(Instant, nullable=False)
    minutes: Mapped[int | None] = mapped_column(sa.Integer)  # from found to reported
    how: Mapped[str] = mapped_column(sa.String(16), nullable=False)  # call_110 station_phone in_person written
    told_enc: Mapped[bytes | None] = sealed()  # which station, which officer
    told = Sealed("told_enc")
    receipt_enc: Mapped[bytes | None] = sealed()
    receipt = Sealed("receipt_enc")
    said_enc: Mapped[bytes | None] = sealed()  # what was reported
    said = Sealed("said_enc")
