"""Registering a person: one transaction makes the file, the stay, document, contacts, tags and, for a minor, who may open it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, names
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.identity_numbers import IdentityNumber
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Enrolment
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.organisation import settings, villages
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.schemas.casework.client.person import RegisterClient
from caseapp.schemas.values import Birth
from caseapp.services.casework import due
from caseapp.services.casework import tasks as promises
from caseapp.services.casework.clients import access, contacts, documents, tags
from caseapp.services.casework.clients.classes import class_for
from caseapp.services.casework.numbers import next_number, next_value
from caseapp.services.trust import audit


def register(command: RegisterClient, actor: Actor) -> Client:
    """A new person on file at the actor's station (or the service point named).

    Needs client:write at the place. The document number fills in birth and sex where they were not typed; where they
    differ somebody has to say which is right (`document.if_differs`). Refuses a number already on file at the station
    (Conflict), unknown places, tags of restricted cases, and a worker who does not work there. Leaves an enrolment, the
    first due visit, and promises where a document or the target group is still to be found out (S-1.1). Somebody without
    a known name is numbered by place and day.
    """
    place = _place(command.organisation_id, actor)
    policy.require_place(actor, Permission.CLIENT_WRITE, place.path)
    known = _document(command)
    birth, sex = command.birth, command.person["sex"]
    if known is not None and command.document is not None:
        birth, sex = documents.reconciled(known, birth, sex, command.document.if_differs, "document_if_differs")
    client = _row(command, place, birth, sex, actor)
    if known is not None:
        documents.hold(client.station_id)
        refuse_known_number(known, actor, "document_number")
    actor = access.admit(actor, client)
    db.session.add(client)
    db.session.flush()
    _stay(command, client, place, actor)
    access.assign(client, [client.worker_id], actor)
    if known is not None and command.document is not None:
        documents.attach(client, known, command.document.valid_to, actor)
    for given in command.contacts:
        contacts.attach(client, given, actor)
    for code in command.tags:
        tags.attach(client, AddTag(code, command.from_on or clock.today()), actor)
    _promise_what_is_missing(command, client, actor)
    audit.record(db.session, "client.registered", client)
    db.session.flush()
    due.refresh_due(client)
    return client


def refuse_known_number(known: IdentityNumber, actor: Actor, field: str) -> None:
    """Conflict when that number is on file at the own station and the actor may see the person's line."""
    found = duplicates.with_number(known.kind, known.normalised, actor)
    if found is not None:
        raise Conflict(
            _l("A person with this number is on file here already."), field, code="already_on_file", client_id=str(found.id)
        )


def _place(organisation_id: UUID | None, actor: Actor) -> Organisation:
    place = db.session.get(Organisation, organisation_id or actor.organisation_id)
    if place is None or not actor.covers(place.path):
        raise NotFound()
    if place.kind not in ("station", "service_point") or place.closed_on is not None:
        raise Invalid(_l("People are on file at a station or a service point."), "organisation_id")
    return place


def _document(command: RegisterClient) -> IdentityNumber | None:
    return documents.checked(command.document, "document_number") if command.document else None


def _row(command: RegisterClient, place: Organisation, birth: Birth, sex: str, actor: Actor) -> Client:
    known = dict(command.person)
    check_places(known)
    worker_id = command.worker_id or actor.user_id
    access.must_work_here(worker_id, place.path)
    key = uuid7()
    station_id = place.id if place.kind == "station" else place.parent_id
    name = known.get("name") or _no_name(db.session.get_one(Organisation, station_id))
    full, initials = names.pinyin(name)
    client = Client(
        id=key,
        file_id=key,
        station_id=station_id,
        station_path=place.path,
        klass="minor" if command.is_minor else class_for(birth.on),
        file_no=next_number(db.session.get_one(Organisation, station_id), "P"),
        name_key=names.sort_key(name) if full else name,
        initials=initials or name[:1],
        birth_on=birth.on,
        birth_precision=birth.precision,
        worker_id=worker_id,
        no_document_reason=command.no_document_reason,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    for field, value in {**known, "name": name, "sex": sex}.items():
        setattr(client, field, value)
    return client


def _no_name(station: Organisation) -> str:
    day = clock.today()
    return names.unidentified(station.short_name, day, next_value(station.path, f"X-{day:%Y%m%d}"))


def check_places(known: dict[str, Any]) -> None:
    """Places must exist."""
    for field in ("residence_code", "registered_code"):
        if known.get(field) and not villages.exists(known[field]):
            raise Invalid(_l("Choose a place from the list."), field)


def _stay(command: RegisterClient, client: Client, place: Organisation, actor: Actor) -> None:
    stay = Enrolment(
        client_id=client.id,
        organisation_id=place.id,
        from_on=command.from_on or clock.today(),
        worker_id=client.worker_id,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    stay.belongs_to(client)
    db.session.add(stay)


def _promise_what_is_missing(command: RegisterClient, client: Client, actor: Actor) -> None:
    at, today = settings.At(client.station_path), clock.today()
    if command.no_document_reason:
        until = today + timedelta(days=at["client.no_document_days"])
        promises.promise(client, "no_document", until, actor, user_id=client.worker_id)
    if not command.tags:
        until = today + timedelta(days=at["client.unverified_tag_days"])
        promises.promise(client, "verify_tag", until, actor, user_id=client.worker_id)
