"""The child's situation: parents, guardian, who really cares, school, health, registration, the child's own view."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class ChildrenDetail(Keyed, Versioned, Stamped, OfPerson, Model):
    """One row per children's case (domain.md 3.3, 4.6); names and narratives sealed."""

    __tablename__ = "children_detail"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case.id"), nullable=False, unique=True)
    father_state: Mapped[str | None] = coded(20, nullable=True)
    father_since: Mapped[date | None] = plain(sa.Date)
    father_where_enc: Mapped[bytes | None] = sealed()
    father_where = Sealed("father_where_enc")
    father_contact: Mapped[str | None] = coded(20, nullable=True)
    mother_state: Mapped[str | None] = coded(20, nullable=True)
    mother_since: Mapped[date | None] = plain(sa.Date)
    mother_where_enc: Mapped[bytes | None] = sealed()
    mother_where = Sealed("mother_where_enc")
    mother_contact: Mapped[str | None] = coded(20, nullable=True)
    guardian: Mapped[str | None] = coded(20, nullable=True)
    guardian_name_enc: Mapped[bytes | None] = sealed()
    guardian_name = Sealed("guardian_name_enc")
    carer: Mapped[str | None] = coded(20, nullable=True)
    carer_name_enc: Mapped[bytes | None] = sealed()
    carer_name = Sealed("carer_name_enc")
    carer_age: Mapped[int | None] = mapped_column(sa.SmallInteger)
    carer_note_enc: Mapped[bytes | None] = sealed()  # health, other children, what is too much
    carer_note = Sealed("carer_note_enc")
    school: Mapped[str | None] = coded(20, nullable=True)
    school_name_enc: Mapped[bytes | None] = sealed()
    school_name = Sealed("school_name_enc")
    grade: Mapped[str | None] = mapped_column(sa.String(20))
    boarding: Mapped[bool | None] = plain(sa.Boolean)
    attendance: Mapped[str | None] = coded(20, nullable=True)
    hukou: Mapped[str | None] = coded(20, nullable=True)
    health_note_enc: Mapped[bytes | None] = sealed()
    health_note = Sealed("health_note_enc")
    own_view_enc: Mapped[bytes | None] = sealed()  # in the child's own words (未成年人保护法 art. 4(5))
    own_view = Sealed("own_view_enc")
    own_view_on: Mapped[date | None] = plain(sa.Date)
    needs_enc: Mapped[bytes | None] = sealed()  # F4: problems and needs
    needs = Sealed("needs_enc")
    strengths_enc: Mapped[bytes | None] = sealed()
    strengths = Sealed("strengths_enc")
    guardianship_level: Mapped[str | None] = coded(20, nullable=True)  # of the last confirmed assessment
    guardianship_on: Mapped[date | None] = plain(sa.Date)
