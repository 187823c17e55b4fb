"""What a wish for disposal is about, as far as its reader may see: file numbers, and the certificate once it is done."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from caseapp.extensions import db
from caseapp.models.casework import Client
from caseapp.models.trust import AskedAct, DisposalCertificate


@dataclass(frozen=True)
class Told:
    """File numbers of the persons in sight, in order; the certificate, if there is one."""

    numbers: list[str]
    certificate: DisposalCertificate | None


def told(row: AskedAct) -> Told:
    """By the row rules of who reads."""
    certificate = db.session.scalar(select(DisposalCertificate).where(DisposalCertificate.asked_id == row.id))
    ids = [UUID(one) for one in row.facts["clients"]]
    numbers = list(db.session.scalars(select(Client.file_no).where(Client.id.in_(ids)).order_by(Client.file_no)))
    return Told(numbers, certificate)


def certificates() -> list[DisposalCertificate]:
    """Those of the reader's places, the newest first."""
    return list(db.session.scalars(select(DisposalCertificate).order_by(DisposalCertificate.done_at.desc()).limit(200)))
