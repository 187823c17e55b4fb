"""What a case of community governance knows beyond any case: what it is about, how large the community is, needs and resources."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Json, Keyed, Model, OfPerson, Sealed, Stamped, Versioned, plain, sealed


class GovernanceDetail(Keyed, Versioned, Stamped, OfPerson, Model):
    """One row per case: of a person or a household the matter and the needs, of a community also how many live there."""

    __tablename__ = "governance_detail"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    matters: Mapped[Any] = plain(Json)  # codes of governance_matter
    households: Mapped[int | None] = plain(sa.Integer)
    residents: Mapped[int | None] = plain(sa.Integer)
    needs_enc: Mapped[bytes | None] = sealed()
    needs = Sealed("needs_enc")
    strengths_enc: Mapped[bytes | None] = sealed()  # people, venues, organisations, funds (社区资源清单)
    strengths = Sealed("strengths_enc")
