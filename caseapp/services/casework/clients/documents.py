"""Documents of a person: checked by kind, number encrypted, found again by a keyed digest; voided, never erased."""

from datetime import date

from sqlalchemy import select

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, identity_numbers
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.identity_numbers import BadIdentityNumber, IdentityNumber
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, IdentityDocument, Task
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.casework.clients.indexes import document_index
from caseapp.schemas.casework.client.person import DocumentInput
from caseapp.services.trust import audit


def checked(given: DocumentInput, field: str = "number") -> IdentityNumber:
    """The number in its one spelling by the rules of its kind (domain.md 3.7); Invalid at the field otherwise."""
    try:
        return identity_numbers.check(given.kind, given.number, known_prefixes=reference.known_prefixes())
    except BadIdentityNumber as error:
        raise Invalid(str(error.message) % error.facts, field, code=f"document_{error.code}") from error


def attach(client: Client, known: IdentityNumber, valid_to: date | None, actor: Actor) -> IdentityDocument:
    """Writes a checked document; the caller has looked for the same number."""
    row = IdentityDocument(
        client_id=client.id,
        kind=known.kind,
        number_index=document_index(known.kind, known.normalised),
        valid_to=valid_to,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.number = known.normalised
    row.belongs_to(client)
    db.session.add(row)
    if known.disability_kind and not client.disability:
        client.disability, client.disability_grade = known.disability_kind, known.disability_grade
    return row


def add(command: DocumentInput, client: Client, actor: Actor) -> IdentityDocument:
    """One more document of a person on file. Needs client:write; refuses a number that is on file at the station already."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    known = checked(command)
    found = duplicates.with_number(known.kind, known.normalised, actor)
    if found is not None:
        raise Conflict(_l("A person with this number is on file here already."), "number", code="already_on_file")
    row = attach(client, known, command.valid_to, actor)
    client.no_document_reason = None
    for task in db.session.scalars(
        select(Task).where(Task.client_id == client.id, Task.kind == "no_document", Task.state == "open")
    ):
        task.state, task.ended_at, task.ended_by_id = "done", clock.now(), actor.user_id
    audit.record(db.session, "client.document_added", client)
    db.session.flush()
    return row


def void(row: IdentityDocument, client: Client, actor: Actor) -> None:
    """A document read off wrongly no longer counts."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if row.voided_at is not None:
        raise Conflict(_l("This document does not count already."), code="wrong_state")
    row.voided_at = clock.now()
    audit.record(db.session, "client.document_voided", client)
    db.session.flush()
