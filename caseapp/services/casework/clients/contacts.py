"""Ways to reach a person: phones encrypted, found by the whole number or its last four digits; shared ones are nobody's own."""

from sqlalchemy import func, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, phones
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.phones import BadPhone, Phone
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Contact
from caseapp.queries.casework.clients.indexes import last_four_index, phone_index
from caseapp.schemas.casework.client.person import MOST_CONTACTS, ContactInput
from caseapp.services.casework import consents
from caseapp.services.trust import audit


def parsed(given: ContactInput, field: str = "phone") -> Phone | None:
    """The phone in its one spelling; Invalid at the field when it is none."""
    if not given.phone:
        return None
    try:
        return phones.parse(given.phone)
    except BadPhone as error:
        raise Invalid(str(error.message) % error.facts, field, code=f"phone_{error.code}") from error


def attach(client: Client, given: ContactInput, actor: Actor) -> Contact:
    """Writes one contact of a person that is being registered."""
    row = Contact(client_id=client.id, created_at=clock.now(), created_by_id=actor.user_id)
    row.belongs_to(client)
    row.position = (db.session.scalar(select(func.max(Contact.position)).where(Contact.client_id == client.id)) or 0) + 1
    fill(row, given, "contacts")
    db.session.add(row)
    return row


def fill(row: Contact, given: ContactInput, field: str = "phone") -> None:
    """What was given, with the digests that find it."""
    phone = parsed(given, field)
    row.kind, row.name, row.relation = given.kind, given.name, given.relation
    row.is_emergency, row.note = given.is_emergency, given.note
    row.phone = phone.number if phone else None
    row.phone_index = phone_index(phone) if phone else None
    row.last_four_index = last_four_index(phone.last_four) if phone else None


def add(command: ContactInput, client: Client, actor: Actor) -> Contact:
    """One more contact. Needs client:write."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    consents.must_hold(client.id)
    count = db.session.scalar(select(func.count()).select_from(Contact).where(Contact.client_id == client.id)) or 0
    if count >= MOST_CONTACTS:
        raise Conflict(_l("There are %(most)s contacts already; remove one first.", most=MOST_CONTACTS), code="too_many")
    parsed(command)
    row = attach(client, command, actor)
    audit.record(db.session, "client.contact_added", client)
    db.session.flush()
    return row


def change(command: ContactInput, row: Contact, client: Client, actor: Actor) -> Contact:
    """A contact said anew. Needs client:write."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    consents.must_hold(client.id)
    fill(row, command)
    row.updated_at = clock.now()
    audit.record(db.session, "client.contact_changed", client)
    db.session.flush()
    return row


def remove(row: Contact, client: Client, actor: Actor) -> None:
    """A phone that is no longer right is not kept: it may be a stranger's by now (the trail keeps that it was there)."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    db.session.delete(row)
    audit.record(db.session, "client.contact_removed", client)
    db.session.flush()
