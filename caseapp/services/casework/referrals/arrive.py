"""A person arrives with a packet: put on file from it, or found to be on file already by the very same number."""

from datetime import date
from typing import Any
from uuid import UUID

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.identity_numbers import IdentityNumber
from caseapp.core.text import _l
from caseapp.models.casework import Client, Referral
from caseapp.queries.casework.clients import duplicates
from caseapp.schemas.casework.client.enrolment import Enrol
from caseapp.schemas.casework.client.person import PAPERS, ContactInput, DocumentInput, RegisterClient
from caseapp.schemas.values import Birth
from caseapp.services.casework.clients import documents, enrolments, register

KNOWN = ("name", "other_names", "is_unidentified", "features", "sex", "ethnic", "education", "marital")
PLACES = ("residence_code", "registered_code", "safe_contact")
LIVES = ("living", "self_care", "health", "disability", "disability_grade", "income_source", "benefits")


def person(content: dict[str, Any], same_as: UUID | None, worker_id: UUID, row: Referral, actor: Actor) -> Client:
    """The person at the receiver. `same_as` says that somebody on file here is the same: only the very same number does.

    Without it a number that is on file here is a question (Conflict `already_on_file` with whom), never an answer.
    """
    document = _document(content)
    found = None
    if document is not None:
        known = documents.checked(document, "client_id")
        found = duplicates.with_number(known.kind, known.normalised, actor)
    if same_as is not None:
        if found is None or found.id != same_as:
            raise Invalid(_l("Only somebody with the very same number is taken for the same person."), "client_id")
        return _on_file_again(found, worker_id, actor)
    if found is not None:
        raise Conflict(
            _l("A person with this number is on file here already. Say whether it is the same person."),
            "client_id",
            code="already_on_file",
            client_id=str(found.id),
        )
    return register.register(_order(content, document, worker_id, row), actor)


def same_number(content: dict[str, Any], actor: Actor) -> Client | None:
    """Who is on file here with the number of the packet, where the actor may see the line."""
    document = _document(content)
    if document is None:
        return None
    known: IdentityNumber = documents.checked(document, "client_id")
    return duplicates.with_number(known.kind, known.normalised, actor)


def _on_file_again(client: Client, worker_id: UUID, actor: Actor) -> Client:
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if client.state != "on_file":
        enrolments.enrol(Enrol(from_on=clock.today(), worker_id=worker_id), client, actor)
    return client


def _document(content: dict[str, Any]) -> DocumentInput | None:
    for row in content["sections"].get("document") or ():
        if row["kind"] in PAPERS and row["number"]:
            return DocumentInput(row["kind"], row["number"], _day(row["valid_to"]), if_differs="typed")
    return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _order(content: dict[str, Any], document: DocumentInput | None, worker_id: UUID, row: Referral) -> RegisterClient:
    told = content["sections"]
    about = {name: told["person"].get(name) for name in (*KNOWN, *PLACES)}
    about |= {name: (told.get("situation") or {}).get(name) for name in LIVES}
    reach = told.get("contacts") or {}
    about["address"] = reach.get("address")
    contacts = tuple(
        ContactInput(one["kind"], one["phone"], one["name"], one["relation"], one["is_emergency"])
        for one in reach.get("contacts") or ()
    )
    return RegisterClient(
        person={name: value for name, value in about.items() if value is not None},
        birth=Birth(_day(told["person"]["birth_on"]), told["person"]["birth_precision"]),
        organisation_id=row.to_station_id,
        worker_id=worker_id,
        document=document,
        no_document_reason=None if document is not None else "not_at_hand",
        contacts=contacts,
    )
