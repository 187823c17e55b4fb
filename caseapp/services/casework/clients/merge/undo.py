"""Taking joined records apart: every row back as it was; what was changed since stays as it is now, and is named."""

from typing import Any

from sqlalchemy import select

from caseapp.access import images, policy
from caseapp.access.permissions import Permission
from caseapp.access.system import joined
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, ClientMerge, Enrolment
from caseapp.services.casework import due
from caseapp.services.casework.clients import documents
from caseapp.services.trust import audit


def undo(merge: ClientMerge, kept: Client, actor: Actor) -> list[dict[str, Any]]:
    """Takes two records apart; the answer names the rows (table, id) that were changed since and stay with `kept`.

    Needs client:merge over the record. Refuses what was taken apart already, what is older than the setting's days, and
    a joining on which a later one stands. What was written since stays where it was written.
    """
    policy.require(actor, Permission.CLIENT_MERGE, kept)
    documents.hold(kept.station_id)
    db.session.refresh(merge, with_for_update=True)
    if merge.state != "done":
        raise Conflict(_l("These records were taken apart already."), code="wrong_state")
    if merge.undo_until < clock.today() or merge.images_enc is None:
        raise Conflict(_l("Too much time has passed to take these records apart."), code="too_late")
    if merge.leads_to_id != merge.kept_id or _later(merge):
        raise Conflict(_l("A later joining stands on this one. Take that one apart first."), code="later_merge")
    entries, gone_id, day = merge.images, merge.gone_id, merge.made_at
    db.session.refresh(kept, with_for_update=True)
    with joined("two records become two again") as session:
        left = images.restore(session, entries, gone_id)
    db.session.expire_all()
    merge.state, merge.undone_at, merge.undone_by_id, merge.images_enc = "undone", clock.now(), actor.user_id, None
    gone = db.session.get_one(Client, gone_id)
    for client in (kept, gone):
        _agree(client)
    if left or clock.local(day).date() != clock.today():
        due.refresh_all([kept, gone])
    audit.record(db.session, "client.merge_undone", kept)
    audit.record(db.session, "client.merge_undone", gone)
    audit.record_rows(db.session, (gone_id, gone.station_path), entries)
    db.session.flush()
    return left


def _later(merge: ClientMerge) -> bool:
    """Whether something else was joined to the same record afterwards and still is."""
    query = select(ClientMerge.id).where(
        ClientMerge.kept_id == merge.kept_id, ClientMerge.state == "done", ClientMerge.made_at > merge.made_at
    )
    return db.session.scalar(query.limit(1)) is not None


def _agree(client: Client) -> None:
    """Whether somebody is on file is what the stays say, where one of them was changed since."""
    query = select(Enrolment.id).where(Enrolment.client_id == client.id, Enrolment.to_on.is_(None))
    runs = db.session.scalar(query.limit(1)) is not None
    if runs != (client.state == "on_file"):
        client.state = "on_file" if runs else "ended"
