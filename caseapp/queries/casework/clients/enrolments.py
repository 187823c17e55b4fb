"""Stays on file of a person."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, Enrolment


def of_client(client_id: UUID) -> list[Enrolment]:
    """Every stay, the latest first."""
    query = select(Enrolment).where(Enrolment.client_id == client_id)
    return list(db.session.scalars(query.order_by(Enrolment.from_on.desc(), Enrolment.id.desc())))


def current(client: Client) -> Enrolment | None:
    """The stay that has not ended."""
    query = select(Enrolment).where(Enrolment.client_id == client.id, Enrolment.to_on.is_(None))
    found: Enrolment | None = db.session.scalar(query.order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1))
    return found


def one(enrolment_id: UUID, client: Client) -> Enrolment:
    """One stay of that person; NotFound otherwise."""
    found = db.session.get(Enrolment, enrolment_id)
    if found is None or found.client_id != client.id:
        raise NotFound()
    return found
