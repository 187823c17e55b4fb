"""Two records that look alike and are two people: said once, never asked again."""

from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, ClientApart
from caseapp.services.trust import audit


def same_station(client: Client, twin: Client) -> None:
    """Refuses a record and itself, and records of two stations."""
    if client.id == twin.id:
        raise Invalid(_l("These are one record, not two."), "twin")
    if client.station_id != twin.station_id:
        raise Invalid(_l("Only two records of one station can be joined. Across stations write a referral."), "twin")


def keep_apart(client: Client, twin: Client, actor: Actor) -> ClientApart:
    """Remembers that two records are two people. Needs client:merge over both; refuses to be told twice."""
    for row in (client, twin):
        policy.require(actor, Permission.CLIENT_MERGE, row)
    same_station(client, twin)
    low, high = sorted((client, twin), key=lambda row: row.id)
    query = select(ClientApart.id).where(ClientApart.one_id == low.id, ClientApart.other_id == high.id)
    if db.session.scalar(query) is not None:
        raise Conflict(_l("This was said already."), code="wrong_state")
    said = pair(low, high.id, actor)
    db.session.add(said)
    audit.record(db.session, "client.told_apart", client)
    audit.record(db.session, "client.told_apart", twin)
    db.session.flush()
    return said


def pair(low: Client, high_id: UUID, actor: Actor) -> ClientApart:
    """The row of a pair, the smaller id first."""
    row = ClientApart(one_id=low.id, other_id=high_id, said_at=clock.now(), said_by_id=actor.user_id)
    row.belongs_to(low)
    return row
