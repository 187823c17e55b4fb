"""Documents of a person: checked by kind, number encrypted, found again by a keyed digest; voided, never erased."""

from datetime import date
from uuid import UUID

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, identity_numbers
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.identity_numbers import BadIdentityNumber, IdentityNumber
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, IdentityDocument
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.clients import documents as queries
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.casework.clients.indexes import CITIZEN, document_index
from caseapp.schemas.casework.client.person import DocumentInput
from caseapp.schemas.values import Birth
from caseapp.services.casework import consents, due, numbers, tasks
from caseapp.services.casework.clients import across
from caseapp.services.casework.clients.classes import reclass
from caseapp.services.trust import audit


def checked(given: DocumentInput, field: str = "number", holder: str | None = None) -> IdentityNumber:
    """The number in its one spelling by the rules of its kind (domain.md 3.7); Invalid at the field otherwise."""
    try:
        return identity_numbers.check(given.kind, given.number, known_prefixes=reference.known_prefixes(), holder=holder)
    except BadIdentityNumber as error:
        raise Invalid(str(error.message) % error.facts, field, code=f"document_{error.code}") from error


def reconciled(known: IdentityNumber, birth: Birth, sex: str, wish: str | None, field: str) -> tuple[Birth, str]:
    """Birth and sex after the number was read: it fills gaps; where it says something else somebody has to say who is right."""
    if known.birth_on is None:
        return birth, sex
    if birth.on is None:
        birth = Birth(known.birth_on, "day")
    other_sex = known.sex is not None and sex in ("1", "2") and known.sex != sex
    if not (other_sex or _differs(birth, known.birth_on)):
        return birth, sex
    if wish is None:
        raise Invalid(_l("The number says another birth date or sex than what was typed. Which is right?"), field)
    return (Birth(known.birth_on, "day"), known.sex or sex) if wish == "document" else (birth, sex)


def _differs(birth: Birth, of_number: date) -> bool:
    if birth.on is None or birth.precision == "estimate":
        return False
    parts = {"day": 3, "month": 2, "year": 1}.get(birth.precision, 0)
    return bool(birth.on.timetuple()[:parts] != of_number.timetuple()[:parts])


def hold(station_id: UUID) -> None:
    """Whoever brings a document to the same station at the same moment waits, and then finds this one."""
    numbers.hold(db.session.get_one(Organisation, station_id).path, "document")


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
    """One more document of a person on file.

    Needs client:write. Refuses a number that is on file at the station already, a disability card of somebody else, and
    another birth date or sex than the file's until somebody says which is right; fills in what was not known.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    consents.must_hold(client.id)
    known = checked(command, holder=queries.citizen_number(client))
    hold(client.station_id)
    if duplicates.with_number(known.kind, known.normalised, actor) is not None:
        raise Conflict(_l("A person with this number is on file here already."), "number", code="already_on_file")
    typed = Birth(client.birth_on, client.birth_precision)
    birth, sex = reconciled(known, typed, client.sex, command.if_differs, "if_differs")
    row = attach(client, known, command.valid_to, actor)
    client.no_document_reason, client.updated_at = None, clock.now()
    tasks.keep(client, ("no_document",), actor)
    if (birth, sex) != (typed, client.sex):
        client.birth_on, client.birth_precision, client.sex = birth.on, birth.precision, sex
        reclass(client, actor)
    row.asked_across = across.look(client, actor) if known.kind in CITIZEN else None
    audit.record(db.session, "client.document_added", client)
    db.session.flush()
    due.refresh_due(client)
    return row


def void(row: IdentityDocument, client: Client, actor: Actor) -> None:
    """A document read off wrongly no longer counts."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if row.voided_at is not None:
        raise Conflict(_l("This document does not count already."), code="wrong_state")
    row.voided_at = clock.now()
    audit.record(db.session, "client.document_voided", client)
    db.session.flush()
