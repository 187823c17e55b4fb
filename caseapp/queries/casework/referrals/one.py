"""One referral with what belongs to it, as far as the reader's side may see."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Referral, ReferralNote, ReferralPacket, ReferralRequest


def one(referral_id: UUID) -> Referral:
    """A referral in scope, of either side; NotFound otherwise."""
    found = db.session.scalar(select(Referral).where(Referral.id == referral_id))
    if found is None:
        raise NotFound()
    return found


def request_of(row: Referral) -> ReferralRequest:
    """The sender's wish; NotFound for whoever does not stand on the sender's side of the file."""
    found = db.session.scalar(select(ReferralRequest).where(ReferralRequest.referral_id == row.id))
    if found is None:
        raise NotFound()
    return found


def packet_of(row: Referral) -> ReferralPacket | None:
    """What was handed over; None before sending, and for the receiver once it is over."""
    found: ReferralPacket | None = db.session.scalar(select(ReferralPacket).where(ReferralPacket.referral_id == row.id))
    return found


def notes(row: Referral) -> list[ReferralNote]:
    """What the two sides said to each other, in order."""
    query = select(ReferralNote).where(ReferralNote.referral_id == row.id).order_by(ReferralNote.at, ReferralNote.id)
    return list(db.session.scalars(query))
