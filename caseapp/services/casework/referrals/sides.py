"""The two sides of a referral: who may do what on which, and keeping what they share in step."""

from typing import Any

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Referral, ReferralNote, ReferralRequest
from caseapp.queries.casework import referrals as queries
from caseapp.services.versions import expect_version


def as_sender(row: Referral, actor: Actor, permission: Permission = Permission.REFERRAL_WRITE) -> ReferralRequest:
    """The sender's wish, for a verb of the sender's: Forbidden for the receiver, NotFound where the file is closed."""
    if not actor.may(permission) or not actor.covers(row.from_path):
        raise Forbidden()
    request = queries.request_of(row)
    policy.require(actor, permission, request)
    return request


def as_receiver(row: Referral, actor: Actor, permission: Permission = Permission.REFERRAL_ANSWER) -> None:
    """For a verb of the receiver's: Forbidden for the sender's station, and for whom a closed packet was not given to."""
    if not actor.may(permission) or not actor.covers(row.to_path) or not row.reached:
        raise Forbidden()
    is_head = actor.may(Permission.CASE_ASSIGN)
    if row.klass in ("P3", "minor") and not is_head and not actor.is_in_charge(row.assigned_to_id, row.klass):
        raise Forbidden(_l("The head gives this referral to somebody first."))


def stands(row: Referral, *statuses: str, version: int) -> None:
    """Refuses a stale version, and a referral that stands elsewhere by now."""
    expect_version(row, version)
    if row.status not in statuses:
        raise Conflict(_l("This referral stands elsewhere by now, so this is not open."), code="wrong_state")


def hold(row: Referral) -> None:
    """Of two who answer at the same moment the second waits here, and is then told that it stands elsewhere."""
    db.session.refresh(row, with_for_update=True)


def say(row: Referral, kind: str, actor: Actor, *, by_receiver: bool, text: str | None = None, **more: Any) -> ReferralNote:
    """A note between the two sides."""
    note = ReferralNote(
        referral_id=row.id,
        kind=kind,
        by_receiver=by_receiver,
        happened_on=more.pop("on", None) or clock.today(),
        at=clock.now(),
        by_id=actor.user_id,
        **more,
    )
    note.text = text
    share(row, note)
    db.session.add(note)
    return note


def share(row: Referral, part: Any) -> None:
    """Puts a part of a referral where the referral is, for the same readers."""
    part.from_path, part.to_path, part.klass, part.file_id = row.from_path, row.to_path, row.klass, row.file_id
    part.reached, part.assigned_to_id = row.reached, row.assigned_to_id


def give_to(row: Referral, user_id: Any) -> None:
    """Somebody of the receiver's works on it: packet and notes are open to that user too."""
    row.assigned_to_id = user_id
    for part in _parts(row):
        part.assigned_to_id = user_id


def withdraw_reading(row: Referral) -> None:
    """The receiver no longer reads the packet, nor what the sender had written; what it has made its own stays.

    PostgreSQL would not let the receiver write a row so that it is out of the own sight: the wall is lifted for that.
    """
    for part in _parts(row):
        if not getattr(part, "by_receiver", False):
            part.reached = False
    with lifted("a referral is over: what was told leaves the receiver's sight"):
        db.session.flush()


def _parts(row: Referral) -> list[Any]:
    packet = queries.packet_of(row)
    notes = db.session.scalars(select(ReferralNote).where(ReferralNote.referral_id == row.id))
    return [*([packet] if packet is not None else []), *notes]
