"""The typed part of any case of social affairs, and what the rows of its matters share."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from caseapp.models.base import Instant, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, plain, sealed


class AffairsDetail(Keyed, Versioned, Stamped, OfPerson, Model):
    """One row per case: which of the five matters it is about, which kind of it, and the needs (F4).

    Two of the matters are of class P3, so the trail shows of none which it is.
    """

    __tablename__ = "affairs_detail"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    matter: Mapped[str] = mapped_column(sa.String(12), nullable=False)  # family funeral disability psychiatric vagrant
    kind: Mapped[str] = mapped_column(sa.String(10), nullable=False)  # code of the target group: MF01 …
    needs_enc: Mapped[bytes | None] = sealed()  # F4: problems and needs
    needs = Sealed("needs_enc")
    strengths_enc: Mapped[bytes | None] = sealed()
    strengths = Sealed("strengths_enc")


class OneOfCase(Keyed, Versioned, Stamped, OfPerson):
    """The one row of a matter that a case has; made when first something is said."""

    @declared_attr
    def case_id(cls) -> Mapped[UUID]:  # noqa: N805 - declared_attr takes the class
        return mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)


class ManyOfCase(Keyed, Stamped, OfPerson):
    """A dated entry of a case; a wrong one is voided with a reason, never erased."""

    @declared_attr
    def case_id(cls) -> Mapped[UUID]:  # noqa: N805
        return mapped_column(sa.ForeignKey("case.id"), nullable=False, index=True)

    voided_at: Mapped[datetime | None] = plain(Instant)
    void_reason: Mapped[str | None] = mapped_column(sa.String(200))
