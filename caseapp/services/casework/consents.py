"""Recording on what ground a person's data are kept, taking consent back, and what the person did not want to give."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Consent, RefusedItem
from caseapp.queries.casework import consents as queries
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.consent import RecordConsent, RefuseItem, WithdrawConsent
from caseapp.services.casework import due, tasks
from caseapp.services.casework.clients import across
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

WAIT_FOR_CONSENT = ("notify_later", "guardian_consent", "renew_consent", "own_consent")


def must_hold(*client_ids: UUID | None) -> None:
    """Refuses to write anything new about somebody who took back the last ground there was (PIPL art. 15).

    What is there stays, and ending a stay, closing a case and voiding stay possible. Where no ground was ever recorded
    nothing is refused here: a file begins before its paper is signed.
    """
    if queries.taken_back(key for key in client_ids if key is not None):
        raise Conflict(
            _l("The consent was taken back. Record another lawful ground first, or end the stay on file."),
            code="consent_withdrawn",
        )


def record(command: RecordConsent, client: Client, actor: Actor) -> Consent:
    """A ground for keeping the file: consent signed or spoken, a statutory duty, or an emergency.

    Needs client:write. Under 14 a guardian signs, with a tick of its own for the child's data (PIPL art. 31); from 8 years
    on the child's own view is asked too. An emergency leaves the promise to tell the person afterwards (PIPL art. 18).
    Where the ground covers it, other stations are asked by the person's number (`across.py`); `asked_across` says whether.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    _guardian_signs_for_a_child(command, client)
    kind = "consent_minor" if client.klass == "minor" else "consent"
    row = Consent(
        client_id=client.id,
        basis=command.basis,
        text_version=reference.text_version(kind),
        language=command.language,
        scopes=sorted(set(command.scopes)),
        signer=command.signer,
        signer_relation=command.signer_relation,
        child_heard=command.child_heard,
        channel=command.channel,
        read_aloud=command.read_aloud,
        paper_place=command.paper_place,
        signed_on=command.signed_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.signer_name = command.signer_name
    row.belongs_to(client)
    db.session.add(row)
    if command.basis == "emergency":
        days = settings.At(client.station_path)["consent.notify_later_days"]
        tasks.promise(client, "notify_later", clock.today() + timedelta(days=days), actor, user_id=client.worker_id)
    elif command.basis == "consent":
        tasks.keep(client, WAIT_FOR_CONSENT, actor)
    tasks.keep(client, ("consent_withdrawn",), actor)
    row.asked_across = across.look(client, actor)
    audit.record(db.session, "consent.recorded", client, reason=command.basis)
    db.session.flush()
    due.refresh_due(client)
    return row


def withdraw(command: WithdrawConsent, row: Consent, client: Client, actor: Actor) -> Consent:
    """Consent is taken back; what was done before stays lawful (PIPL art. 15).

    When it was the last ground, nothing new is written about the person (`must_hold`), no visit is planned any more, and
    the head is asked to agree with the person on what follows.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    expect_version(row, command.version)
    if row.withdrawn_on is not None:
        raise Conflict(_l("This consent was taken back already."), code="wrong_state")
    if command.withdrawn_on < row.signed_on:
        raise Invalid(_l("This day lies before the consent was given."), "withdrawn_on")
    row.withdrawn_on, row.withdrawn_note, row.updated_at = command.withdrawn_on, command.note, clock.now()
    audit.record(db.session, "consent.withdrawn", client)
    db.session.flush()
    if client.state == "on_file" and queries.taken_back([client.id]):
        days = settings.At(client.station_path)["consent.withdrawn_days"]
        tasks.promise(client, "consent_withdrawn", clock.today() + timedelta(days=days), actor, for_role="station_head")
        client.planned_visit_on, client.planned_reason = None, None
    db.session.flush()
    due.refresh_due(client)
    return row


def refuse(command: RefuseItem, client: Client, actor: Actor) -> list[RefusedItem]:
    """What the person does not want to give, as it stands now: a stored fact, not a gap (PIPL art. 16)."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    held = {row.item: row for row in db.session.scalars(select(RefusedItem).where(RefusedItem.client_id == client.id))}
    for item, row in held.items():
        if item not in command.items:
            db.session.delete(row)
    for item in sorted(set(command.items) - set(held)):
        row = RefusedItem(
            client_id=client.id, item=item, refused_on=clock.today(), created_at=clock.now(), created_by_id=actor.user_id
        )
        row.belongs_to(client)
        db.session.add(row)
        held[item] = row
    audit.record(db.session, "client.items_refused", client)
    db.session.flush()
    return [held[item] for item in sorted(command.items)]


def guardian_signs(given: Any, client: Client) -> None:
    """Refuses a consent about a child that no guardian signed, or of which it is not said whether the child was asked too."""
    if client.birth_on is None or given.basis != "consent":
        return
    age, at = dates.age_on(client.birth_on, given.signed_on), settings.At(client.station_path)
    if age < at["client.guardian_consent_age"] and given.signer != "guardian":
        raise Invalid(_l("For a child under %(age)s a guardian signs.", age=at["client.guardian_consent_age"]), "signer")
    if at["client.no_capacity_age"] <= age < at["client.minor_age"] and given.child_heard is None:
        raise Invalid(_l("Say whether the child was asked too."), "child_heard")


def _guardian_signs_for_a_child(command: RecordConsent, client: Client) -> None:
    guardian_signs(command, client)
    if client.birth_on is None or command.basis != "consent":
        return
    age = settings.At(client.station_path)["client.guardian_consent_age"]
    if dates.age_on(client.birth_on, command.signed_on) < age and "minor_data" not in command.scopes:
        raise Invalid(_l("The data of a child under %(age)s need an agreement of their own.", age=age), "scopes")
