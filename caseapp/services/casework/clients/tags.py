"""Target groups of a person: from a day until a day, on a basis; what they say of visits follows at once."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, TargetTag
from caseapp.queries.casework.clients import tags
from caseapp.schemas.casework.client.parts import AddTag, EndTag
from caseapp.services.casework import due
from caseapp.services.trust import audit


def attach(client: Client, given: AddTag, actor: Actor) -> TargetTag:
    """Writes one tag; the caller reckons the next visit anew."""
    row = TargetTag(
        client_id=client.id,
        code=given.code,
        status=given.status,
        from_on=given.from_on,
        to_on=given.to_on,
        basis=given.basis,
        verified_on=clock.today() if given.status == "confirmed" else None,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(client)
    db.session.add(row)
    return row


def add(command: AddTag, client: Client, actor: Actor) -> TargetTag:
    """One more target group. Needs client:write; refuses one that holds already and an end before its beginning."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if command.to_on is not None and command.to_on < command.from_on:
        raise Invalid(_l("The end lies before the beginning."), "to_on")
    if any(row.code == command.code and row.to_on is None and row.status != "cancelled" for row in tags.of_client(client.id)):
        raise Conflict(_l("This group is recorded already."), "code", code="already_there")
    row = attach(client, command, actor)
    audit.record(db.session, "client.tag_added", client)
    db.session.flush()
    due.refresh_due(client)
    return row


def end(command: EndTag, row: TargetTag, client: Client, actor: Actor) -> TargetTag:
    """A target group no longer holds from a day on. Needs client:write."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    if row.status == "cancelled" or row.to_on is not None:
        raise Conflict(_l("This group has ended already."), code="wrong_state")
    if command.to_on < row.from_on:
        raise Invalid(_l("The end lies before the beginning."), "to_on")
    row.to_on, row.updated_at = command.to_on, clock.now()
    if command.basis:
        row.basis = command.basis
    audit.record(db.session, "client.tag_ended", client)
    db.session.flush()
    due.refresh_due(client)
    return row
