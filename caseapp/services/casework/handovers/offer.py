"""Own files are offered to a colleague, who becomes responsible on accepting; or the head orders it, at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Handover, HandoverItem
from caseapp.models.organisation import Organisation
from caseapp.models.trust import FileAccess
from caseapp.queries.casework import cases, clients
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.handover import HandOver, Lines
from caseapp.services.casework.handovers import rows
from caseapp.services.trust import audit


def offer(command: HandOver, actor: Actor) -> Handover:
    """Offers own files, or those of an absent colleague, to somebody of the station; until they are accepted nothing changes.

    Needs handover:write, and the right to write in each file. Refuses files that are somebody else's, have ended or wait
    already, a receiver who does not work here, oneself, and a restricted file that is not open to the receiver: that the head
    hands over.
    """
    policy.require(actor, Permission.HANDOVER)
    found = _rows(command, actor)
    if len({row.worker_id for row in found}) > 1 or not all(actor.is_in_charge(row.worker_id, row.klass) for row in found):
        raise Conflict(_l("Only files that are yours are offered. The head may hand over all others."), "client_ids")
    _receiver_fits(command.to_id, found)
    handover = rows.frame("offered", _place(actor), found[0].worker_id, command.to_id, command.reason, actor)
    for row in found:
        rows.line(handover, row, command.to_id, command.told_on)
        audit.record(db.session, "handover.offered", row)
    db.session.flush()
    return handover


def order(command: HandOver, actor: Actor, kind: str = "ordered") -> Handover:
    """The head hands files over, whosever they are; it takes effect at once.

    Needs case:assign over each file. Refuses files that have ended and a receiver who does not work here; those that are the
    receiver's already stay. What waited for these files falls.
    """
    found = _rows(command, actor, Permission.CASE_ASSIGN)
    going = [row for row in found if row.worker_id != command.to_id]
    if not going:
        raise Invalid(_l("These files are this person's already."), "to_id")
    givers = {row.worker_id for row in going}
    handover = rows.frame(kind, _place(actor), givers.pop() if len(givers) == 1 else None, command.to_id, command.reason, actor)
    carry(handover, going, command, actor)
    return handover


def carry(handover: Handover, going: Sequence[Client | Case], command: HandOver, actor: Actor) -> None:
    """Lines that are carried out as they are written."""
    query = select(HandoverItem.client_id).where(HandoverItem.handover_id == handover.id, HandoverItem.client_id.is_not(None))
    before = set(db.session.scalars(query))
    told = rows.to_be_told(row for row in going if isinstance(row, Client) or row.client_id not in before)
    for row in going:
        item = rows.line(handover, row, command.to_id, command.told_on)
        item.state = "ordered"
        rows.pass_on(item, row, actor, "ordered", tell=row.id in told)
        audit.record(db.session, "handover.ordered", row)
    db.session.flush()


def withdraw(command: Lines, handover: Handover, items: Sequence[HandoverItem], actor: Actor) -> Handover:
    """Lines that still wait are taken back: by whoever offered them, who stands in for them, or the head."""
    policy.require(actor, Permission.HANDOVER)
    for item in still_waiting(command.item_ids, items):
        if not actor.is_in_charge(item.from_id) and not actor.may(Permission.CASE_ASSIGN):
            raise Conflict(_l("Only who offered it takes it back."), code="wrong_state")
        item.state, item.answered_at, item.answered_by_id = "withdrawn", clock.now(), actor.user_id
        audit.record(db.session, "handover.withdrawn", item)
    db.session.flush()
    return handover


def still_waiting(ids: Sequence[UUID], items: Sequence[HandoverItem]) -> list[HandoverItem]:
    """The lines of these ids; Conflict where one was answered meanwhile or is none of this handover's."""
    known = {item.id: item for item in items}
    found = [known.get(key) for key in ids]
    if any(item is None or item.state != "waiting" for item in found):
        raise Conflict(_l("Somebody answered this meanwhile. Look at the list again."), code="wrong_state")
    return [item for item in found if item is not None]


def _rows(command: HandOver, actor: Actor, permission: Permission | None = None) -> list[Client | Case]:
    """The files, opened for writing; NotFound for one that is not in sight."""
    found: list[Client | Case] = [clients.opened(key, actor, permission or Permission.CLIENT_WRITE) for key in command.client_ids]
    found += [cases.opened(key, actor, permission or Permission.CASE_WRITE) for key in command.case_ids]
    if not all(rows.is_open(row) for row in found):
        raise Conflict(rows.CHANGED, "client_ids", code="wrong_state")
    for path in {row.station_path for row in found}:
        rows.receiver_must_work_here(command.to_id, path)
    return found


def _receiver_fits(to_id: UUID, found: Sequence[Client | Case]) -> None:
    if any(row.worker_id == to_id for row in found):
        raise Invalid(_l("These files are this person's already."), "to_id")
    closed = [row for row in found if row.klass == "P3"]
    if closed and not workers.heads_at(to_id, closed[0].station_path):
        today = clock.today()
        query = select(FileAccess.file_id).where(
            FileAccess.user_id == to_id,
            FileAccess.kind != "purpose",
            FileAccess.file_id.in_([row.file_id for row in closed]),
            or_(FileAccess.to_on.is_(None), FileAccess.to_on >= today),
        )
        if {row.file_id for row in closed} - set(db.session.scalars(query)):
            raise Invalid(
                _l("A restricted file is handed over by the head, or after the head has named this person on it."), "to_id"
            )
    files = sorted(row.file_id for row in found)
    waits = select(HandoverItem.id).where(HandoverItem.file_id.in_(files), HandoverItem.state == "waiting")
    if db.session.scalar(waits.limit(1)) is not None:
        raise Conflict(_l("One of these files waits for an answer already."), "client_ids", code="wrong_state")


def _place(actor: Actor) -> Organisation:
    return db.session.get_one(Organisation, actor.organisation_id)
