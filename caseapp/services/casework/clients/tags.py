"""Target groups of a person: suspected, confirmed on a basis, ended, or found never to have held; visits follow at once.

P3 groups live with a restricted case: they carry its class and file and are added there (contract.md section 5).
"""

from datetime import timedelta

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, TargetTag
from caseapp.queries.casework.clients import tags
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.parts import AddTag, CancelTag, ConfirmTag, EndTag
from caseapp.services.casework import consents, due
from caseapp.services.casework import tasks as promises
from caseapp.services.trust import audit


def attach(client: Client, given: AddTag, actor: Actor, case: Case | None = None) -> TargetTag:
    """Writes one tag, of the person or of a restricted case; the caller reckons the next visit anew."""
    row = TargetTag(
        client_id=client.id,
        case_id=case.id if case is not None else None,
        code=given.code,
        status=given.status,
        from_on=given.from_on,
        to_on=given.to_on,
        basis=given.basis,
        verified_on=clock.today() if given.status == "confirmed" else None,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case if case is not None else client)
    db.session.add(row)
    return row


def add(command: AddTag, client: Client, actor: Actor) -> TargetTag:
    """One more target group. Needs client:write; refuses one that holds already and an end before its beginning.

    A suspected one leaves the promise to find out; a confirmed one keeps it.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    consents.must_hold(client.id)
    _may_begin(command, tags.of_client(client.id))
    row = attach(client, command, actor)
    audit.record(db.session, "client.tag_added", client)
    return _settled(row, client, actor)


def add_restricted(command: AddTag, case: Case, client: Client, actor: Actor) -> TargetTag:
    """A P3 group of the person of a restricted case. Needs case:write; refuses files that are not restricted."""
    policy.require(actor, Permission.CASE_WRITE, case)
    consents.must_hold(client.id)
    if case.klass != "P3":
        raise Conflict(_l("Restrict this file first: the group may stand in a restricted file only."), code="not_restricted")
    _may_begin(command, tags.of_case(case.id))
    row = attach(client, command, actor, case)
    audit.record(db.session, "case.tag_added", case)
    return _settled(row, client, actor)


def confirm(command: ConfirmTag, row: TargetTag, client: Client, actor: Actor) -> TargetTag:
    """A suspected group holds, on a basis. Needs client:write over the row."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if row.status != "suspected" or row.to_on is not None:
        raise Conflict(_l("Only a suspected group waits for confirmation."), code="wrong_state")
    row.status, row.basis, row.verified_on, row.updated_at = "confirmed", command.basis, clock.today(), clock.now()
    audit.record(db.session, "client.tag_confirmed", row)
    return _settled(row, client, actor)


def end(command: EndTag, row: TargetTag, client: Client, actor: Actor) -> TargetTag:
    """A target group no longer holds from a day on. Needs client:write over the row."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    _must_hold(row)
    if command.to_on < row.from_on:
        raise Invalid(_l("The end lies before the beginning."), "to_on")
    row.to_on, row.ended_reason, row.updated_at = command.to_on, command.reason, clock.now()
    audit.record(db.session, "client.tag_ended", row)
    return _settled(row, client, actor)


def cancel(command: CancelTag, row: TargetTag, client: Client, actor: Actor) -> TargetTag:
    """A group that never held, with the reason: it stays to be read and counts nowhere. Needs client:write over the row."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if row.status == "cancelled":
        raise Conflict(_l("This group has ended already."), code="wrong_state")
    row.status, row.ended_reason, row.updated_at = "cancelled", command.reason, clock.now()
    audit.record(db.session, "client.tag_cancelled", row)
    return _settled(row, client, actor)


def _may_begin(command: AddTag, there: list[TargetTag]) -> None:
    if command.to_on is not None and command.to_on < command.from_on:
        raise Invalid(_l("The end lies before the beginning."), "to_on")
    if any(row.code == command.code and row.to_on is None and row.status != "cancelled" for row in there):
        raise Conflict(_l("This group is recorded already."), "code", code="already_there")


def _must_hold(row: TargetTag) -> None:
    if row.status == "cancelled" or row.to_on is not None:
        raise Conflict(_l("This group has ended already."), code="wrong_state")


def _settled(row: TargetTag, client: Client, actor: Actor) -> TargetTag:
    """The promise to verify is made or kept, and the next visit reckoned anew; a restricted group leaves no trace outside."""
    db.session.flush()
    if row.case_id is not None:
        due.refresh_due(client)
        return row
    waiting = any(other.status == "suspected" and other.to_on is None for other in tags.of_client(client.id))
    if waiting:
        until = clock.today() + timedelta(days=settings.At(client.station_path)["client.unverified_tag_days"])
        promises.promise_once(client, "verify_tag", until, actor, user_id=client.worker_id)
    elif row.status == "confirmed":
        promises.keep(client, ("verify_tag",), actor)
    db.session.flush()
    due.refresh_due(client)
    return row
