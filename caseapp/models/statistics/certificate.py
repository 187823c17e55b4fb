"""What proves that a release gives nothing away: witness tables, sealed; who reads them beside the truth reads the truth."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Model


class StatCertificate(Model):
    """The certificate of one release: sealed bytes that only `statistics verify` opens; the hash of the clear bytes is public."""

    __tablename__ = "stat_certificate"

    release_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stat_release.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, nullable=False)
    sha256: Mapped[str] = mapped_column(sa.String(64), nullable=False)
