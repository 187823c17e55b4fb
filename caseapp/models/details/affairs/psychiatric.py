"""Psychiatric community rehabilitation: way in, steps with their days, and what doctors and the health service say.

Hospital instruments are not re-implemented: result, who and when. The case is of class P3 (精神卫生法 art. 4), so the
trail shows no value.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Model, Sealed, sealed
from caseapp.models.details.affairs.case import ManyOfCase, OneOfCase


class PsychiatricMatter(OneOfCase, Model):
    """One row per case of rehabilitation: how the person came, who is the guardian, where the service is."""

    __tablename__ = "affairs_psychiatric"

    way_in: Mapped[str | None] = mapped_column(sa.String(8))  # self medical other
    guardian_enc: Mapped[bytes | None] = sealed()
    guardian = Sealed("guardian_enc")
    guardian_relation: Mapped[str | None] = mapped_column(sa.String(20))
    guardian_phone_enc: Mapped[bytes | None] = sealed()
    guardian_phone = Sealed("guardian_phone_enc")
    hospital_enc: Mapped[bytes | None] = sealed()
    hospital = Sealed("hospital_enc")
    place_enc: Mapped[bytes | None] = sealed()  # where the rehabilitation is
    place = Sealed("place_enc")
    platform_enc: Mapped[bytes | None] = sealed()  # number at the national referral platform
    platform = Sealed("platform_enc")


class PsychiatricStep(ManyOfCase, Model):
    """A step that was taken on a day; two of them have a clock of working days (JK1)."""

    __tablename__ = "affairs_psychiatric_step"

    step: Mapped[str] = mapped_column(
        sa.String(12), nullable=False
    )  # applied registered referred assessed serving stage closed follow_up
    happened_on: Mapped[date] = mapped_column(sa.Date, nullable=False)
    by_enc: Mapped[bytes | None] = sealed()  # which office or body
    by = Sealed("by_enc")
    note_enc: Mapped[bytes | None] = sealed()
    note = Sealed("note_enc")


class PsychiatricFinding(ManyOfCase, Model):
    """What was told by somebody entitled to say it: diagnosis, danger level, medication, result of a hospital scale."""

    __tablename__ = "affairs_psychiatric_finding"

    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # diagnosis danger adherence scale
    value: Mapped[str] = mapped_column(sa.String(16), nullable=False)  # code of the list of that kind
    found_on: Mapped[date] = mapped_column(sa.Date, nullable=False)
    told_by_enc: Mapped[bytes] = sealed(nullable=False)  # doctor or office
    told_by = Sealed("told_by_enc")
    result_enc: Mapped[bytes | None] = sealed()
    result = Sealed("result_enc")
