"""Village contacts: cadres, children's directors and grid members, by village."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Keyed, Model, OfPerson, Sealed, Stamped, Versioned, coded, plain, sealed


class VillageContact(Keyed, Versioned, Stamped, OfPerson, Model):
    """Somebody in a village whom the station calls; `file_id` is its own id, class P1."""

    __tablename__ = "village_contact"
    __table_args__ = (
        sa.Index("ix_village_contact_station_id_division_code", "station_id", "division_code", "id"),
        sa.Index("ix_village_contact_station_path", "station_path"),
    )

    station_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), nullable=False)
    division_code: Mapped[str] = coded(12)
    role: Mapped[str] = coded(20)  # cadre childrens_director grid_member doctor other
    name: Mapped[str] = mapped_column(sa.String(60), nullable=False)
    phone_enc: Mapped[bytes | None] = sealed()
    phone = Sealed("phone_enc")
    note: Mapped[str | None] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = plain(sa.Boolean, nullable=False, default=True)
