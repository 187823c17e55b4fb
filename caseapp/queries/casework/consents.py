"""Consent of a person: every one signed, and whether one holds today."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Consent, RefusedItem


def of_client(client_id: UUID) -> list[Consent]:
    """Every consent or other ground recorded, the latest first."""
    query = select(Consent).where(Consent.client_id == client_id)
    return list(db.session.scalars(query.order_by(Consent.signed_on.desc(), Consent.id.desc())))


def one(consent_id: UUID, client_id: UUID | None = None) -> Consent:
    """One consent; NotFound when it is another person's."""
    found = db.session.get(Consent, consent_id)
    if found is None or (client_id is not None and found.client_id != client_id):
        raise NotFound()
    return found


def current(client_id: UUID) -> Consent | None:
    """The ground that holds today: the last one that was not withdrawn."""
    query = select(Consent).where(Consent.client_id == client_id, Consent.withdrawn_on.is_(None))
    found: Consent | None = db.session.scalar(query.order_by(Consent.signed_on.desc(), Consent.id.desc()).limit(1))
    return found


def refused(client_id: UUID) -> list[str]:
    """Codes of what a person did not want to give."""
    return list(db.session.scalars(select(RefusedItem.item).where(RefusedItem.client_id == client_id).order_by(RefusedItem.item)))


def taken_back(client_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Of these persons those who took back the last ground there was, and when; not those without any ground yet."""
    wanted = sorted(set(client_ids))
    query = select(Consent.client_id, Consent.withdrawn_on).where(Consent.client_id.in_(wanted))
    found: dict[UUID, date | None] = {}
    for client_id, day in db.session.execute(query):
        before = found.get(client_id, day)
        found[client_id] = max(before, day) if before is not None and day is not None else None
    return {client_id: day for client_id, day in found.items() if day is not None}


def has_consent(client_id: UUID) -> bool:
    """Whether a consent or another lawful ground holds (gate of accepting a case)."""
    return current(client_id) is not None
