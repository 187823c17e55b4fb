"""What an elderly case knows beyond any case (F1, F4; domain.md 3.2)."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class ElderlyDetail(Keyed, Versioned, Stamped, OfPerson, Model):
    """One row per elderly case: living, support, keys and stove, level of the last confirmed assessment."""

    __tablename__ = "elderly_detail"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    care_level: Mapped[str | None] = coded(4, nullable=True)  # 0..4, GB/T 42195-2022
    care_level_on: Mapped[date | None] = plain(sa.Date)
    lives_alone: Mapped[bool | None] = plain(sa.Boolean)
    main_carer: Mapped[str | None] = coded(20, nullable=True)  # none spouse child relative neighbour paid institution
    carer_contact_every: Mapped[str | None] = coded(12, nullable=True)  # how often children are in touch
    has_keyholder: Mapped[bool | None] = plain(sa.Boolean)
    heating: Mapped[str | None] = coded(12, nullable=True)  # stove central electric none
    medicines_enc: Mapped[bytes | None] = sealed()
    medicines = Sealed("medicines_enc")
    needs_enc: Mapped[bytes | None] = sealed()  # F4: problems and needs
    needs = Sealed("needs_enc")
    strengths_enc: Mapped[bytes | None] = sealed()
    strengths = Sealed("strengths_enc")
