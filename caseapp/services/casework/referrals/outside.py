"""Outside bodies: their register, and the receipt that the sender writes down for them."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import OutsideBody, Referral
from caseapp.models.organisation import Organisation
from caseapp.schemas.casework.referral.answer import Receipt
from caseapp.schemas.casework.referral.body import WriteBody
from caseapp.services.casework.referrals import sides
from caseapp.services.casework.referrals.ending import end
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def register(command: WriteBody, actor: Actor) -> OutsideBody:
    """A body outside, for the actor's station or county. Needs body:write there."""
    place = db.session.get(Organisation, actor.organisation_id)
    if place is None:
        raise NotFound()
    policy.require_place(actor, Permission.BODY_WRITE, place.path)
    row = OutsideBody(
        organisation_id=place.id,
        path=place.path,
        kind=command.kind,
        name=command.name,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    _fill(row, command)
    db.session.add(row)
    audit.record(db.session, "body.registered", row)
    db.session.flush()
    return row


def change(command: WriteBody, row: OutsideBody, actor: Actor) -> OutsideBody:
    """What is known of a body, put right, or that one no longer refers there. Who registered it changes it: own place."""
    policy.require_place(actor, Permission.BODY_WRITE, row.path)
    expect_version(row, command.version or 0)
    row.kind, row.name, row.updated_at = command.kind, command.name, clock.now()
    _fill(row, command)
    audit.record(db.session, "body.changed", row)
    db.session.flush()
    return row


def receipt(command: Receipt, row: Referral, actor: Actor) -> Referral:
    """What the outside body answered: who said it, when, how. The sender writes it down. Needs referral:write."""
    request = sides.as_sender(row, actor)
    if row.kind != "outside":
        raise Conflict(_l("The receiving station answers by itself."), code="wrong_state")
    sides.stands(row, "sent", version=command.version)
    if row.sent_at is not None and command.happened_on < clock.local(row.sent_at).date():
        raise Invalid(_l("This day lies before the referral was sent."), "happened_on")
    row.decided_at, row.decided_on, row.decided_by_id = clock.now(), command.happened_on, actor.user_id
    if command.taken:
        row.status, row.updated_at, row.case_to_go = "accepted_outside", clock.now(), request.case_goes
    else:
        row.reject_reason = command.reason
        end(row, "rejected")
    sides.say(
        row,
        "receipt",
        actor,
        by_receiver=False,
        text=command.text,
        on=command.happened_on,
        who=command.who,
        channel=command.channel,
    )
    audit.record(db.session, "referral.receipt", request)
    db.session.flush()
    return row


def _fill(row: OutsideBody, command: WriteBody) -> None:
    row.address, row.phone, row.contact, row.note = command.address, command.phone, command.contact, command.note
    row.is_active = command.is_active
