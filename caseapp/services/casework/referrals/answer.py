"""The receiver's part: giving it to somebody, standing in, taking in, turning down, what became of it."""

from typing import Any
from uuid import UUID

from caseapp import domains
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Referral
from caseapp.models.casework.referral import RUNNING
from caseapp.queries.casework import clients
from caseapp.queries.casework import referrals as queries
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.casework.referral.answer import Accept, Assign, Reject, Tell
from caseapp.services.casework.cases.open import open_case
from caseapp.services.casework.clients import access
from caseapp.services.casework.referrals import arrive, sides
from caseapp.services.casework.referrals.ending import end
from caseapp.services.trust import audit


def assign(command: Assign, row: Referral, actor: Actor) -> Referral:
    """The head gives a referral to somebody of the station, who from now on reads its packet. Needs case:assign."""
    sides.as_receiver(row, actor, Permission.CASE_ASSIGN)
    sides.stands(row, "sent", *RUNNING, version=command.version)
    access.must_work_here(command.worker_id, row.to_path or "")
    sides.give_to(row, command.worker_id)
    row.updated_at = clock.now()
    audit.record(db.session, "referral.assigned")
    db.session.flush()
    return row


def may_stand_in(row: Referral, actor: Actor) -> bool:
    """Whether the actor's word lets the sender take in the own sending: nobody else works at the receiving station."""
    return (
        actor.may(Permission.REFERRAL_CONFIRM)
        and actor.covers(row.to_path)
        and row.status == "sent"
        and row.stand_in_id is None
        and not _is_senders(row, actor)
        and [key for key, _name in workers.working_at(row.to_path or "", ("worker",))] == [row.sent_by_id]
    )


def stand_in(command: Tell, row: Referral, actor: Actor) -> Referral:
    """Head or supervisor confirms where the only worker of the receiving station is the sender. Needs referral:confirm."""
    if not actor.may(Permission.REFERRAL_CONFIRM) or not actor.covers(row.to_path):
        raise Forbidden()
    sides.stands(row, "sent", version=command.version)
    if not may_stand_in(row, actor):
        raise Conflict(_l("Somebody else of the receiving station can answer this referral."), code="others_can_answer")
    row.stand_in_id, row.updated_at = actor.user_id, clock.now()
    audit.record(db.session, "referral.stood_in")
    db.session.flush()
    return row


def accept(command: Accept, row: Referral, actor: Actor) -> Referral:
    """Takes the person in: on file here, and if wanted with a case. Needs referral:answer at the receiving station.

    Never the sender, under whatever grant, unless somebody stood in (contract.md section 5). Somebody with the very same
    number who is on file here already is asked about, never joined silently.
    """
    sides.as_receiver(row, actor)
    _never_the_sender(row, actor)
    sides.hold(row)
    sides.stands(row, "sent", version=command.version)
    frozen = queries.packet_of(row)
    if frozen is None:
        raise NotFound()
    worker_id = command.worker_id or row.assigned_to_id or actor.user_id
    access.must_work_here(worker_id, row.to_path or "")
    client = (
        _same_person(row) if row.kind == "domain" else arrive.person(frozen.content, command.client_id, worker_id, row, actor)
    )
    row.to_client_id = client.id
    if command.open_case or row.kind == "domain":
        row.to_case_id = _case(command, frozen.content, row, client, worker_id, actor)
    row.status, row.decided_at, row.decided_on, row.decided_by_id = "accepted", clock.now(), clock.today(), actor.user_id
    row.updated_at = clock.now()
    sides.give_to(row, worker_id)
    row.case_to_go = bool(frozen.content.get("case_goes"))
    sides.say(row, "accepted", actor, by_receiver=True, text=command.note)
    audit.record(db.session, "referral.accepted")
    db.session.flush()
    return row


def reject(command: Reject, row: Referral, actor: Actor) -> Referral:
    """Turns it down, with a reason the sender reads. Needs referral:answer; the sender takes back instead."""
    sides.as_receiver(row, actor)
    _never_the_sender(row, actor)
    sides.stands(row, "sent", version=command.version)
    row.decided_at, row.decided_on, row.decided_by_id = clock.now(), clock.today(), actor.user_id
    row.reject_reason = command.reason
    end(row, "rejected")
    sides.say(row, "rejected", actor, by_receiver=True, text=command.note)
    audit.record(db.session, "referral.rejected", reason=command.reason)
    db.session.flush()
    return row


def begin(command: Tell, row: Referral, actor: Actor) -> Referral:
    """The service has begun at the receiver. Needs referral:answer."""
    sides.as_receiver(row, actor)
    sides.stands(row, "accepted", version=command.version)
    row.status, row.updated_at = "in_service", clock.now()
    audit.record(db.session, "referral.begun")
    db.session.flush()
    return row


def feedback(command: Tell, row: Referral, actor: Actor) -> Referral:
    """What has become of it so far, for the sender to read; about an outside body the sender writes it down."""
    by_receiver = _who_tells(row, actor)
    sides.stands(row, *RUNNING, version=command.version)
    row.updated_at = clock.now()
    sides.say(row, "feedback", actor, by_receiver=by_receiver, text=command.text, on=command.happened_on)
    audit.record(db.session, "referral.feedback")
    db.session.flush()
    return row


def complete(command: Tell, row: Referral, actor: Actor) -> Referral:
    """What was asked for has been done, or has come to its end; said to the sender. The receiver's reading ends."""
    by_receiver = _who_tells(row, actor)
    sides.stands(row, *RUNNING, version=command.version)
    end(row, "completed")
    sides.say(row, "completed", actor, by_receiver=by_receiver, text=command.text, on=command.happened_on)
    audit.record(db.session, "referral.completed")
    db.session.flush()
    return row


def _who_tells(row: Referral, actor: Actor) -> bool:
    if row.kind == "outside":
        sides.as_sender(row, actor)
        return False
    sides.as_receiver(row, actor)
    return True


def _is_senders(row: Referral, actor: Actor) -> bool:
    return actor.user_id in (row.sent_by_id, row.created_by_id)


def _never_the_sender(row: Referral, actor: Actor) -> None:
    if _is_senders(row, actor) and row.stand_in_id is None:
        raise Forbidden(_l("Who sent a referral does not answer it."))


def _same_person(row: Referral) -> Client:
    if row.to_client_id is None:
        raise NotFound()
    return clients.one(row.to_client_id)


def _case(command: Accept, content: dict[str, Any], row: Referral, client: Client, worker_id: UUID, actor: Actor) -> UUID:
    policy.require(actor, Permission.CASE_OPEN, client)
    code = command.domain or row.to_domain
    if code not in {domain.code for domain in domains.all()}:
        raise Invalid(_l("Say in which domain the case is opened."), "domain")
    risk = content["sections"].get("risk") or {}
    order = OpenCase(
        domain=code,
        source="referral",
        source_detail=f"{content['from']} {content['referral_no']}"[:120],
        found_on=clock.today(),
        client_id=client.id,
        request=content["need"] or content["reason"],
        urgency=row.urgency,
        risk=risk.get("risk") or "green",
        risk_reason=risk.get("risk_reason"),
        restricted=row.klass == "P3",
        worker_id=worker_id,
    )
    try:
        return open_case(order, actor).id
    except Conflict as error:
        if error.code == "already_open":
            raise Conflict(
                _l("There is an open case of this domain already. Take in the person without another case."),
                "open_case",
                code="already_open",
            ) from error
        raise
