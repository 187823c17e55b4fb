"""The answer to what was offered: taken over or declined by the receiver, or settled by the head; an order taken back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Handover, HandoverItem, Task
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.schemas.casework.handover import AnswerHandover
from caseapp.services.casework import tasks
from caseapp.services.casework.clients import access
from caseapp.services.casework.handovers import rows
from caseapp.services.casework.handovers.offer import still_waiting
from caseapp.services.trust import audit

UNDO_DAYS = 7


def answer(command: AnswerHandover, handover: Handover, items: Sequence[HandoverItem], actor: Actor) -> Handover:
    """The ticked lines are taken over, or declined with a reason. For the receiver; the head may settle it too.

    Never by who gives. Refuses lines answered meanwhile, and a file that has ended or passed on since.
    """
    policy.require(actor, Permission.HANDOVER)
    chosen = still_waiting(command.item_ids, items)
    is_head = actor.may(Permission.CASE_ASSIGN)
    if any(item.to_id != actor.user_id for item in chosen) and not is_head:
        raise Forbidden(_l("Who receives the files answers, or the head."))
    if not command.accept:
        for item in chosen:
            item.state, item.answered_at, item.answered_by_id = "declined", clock.now(), actor.user_id
            item.answer = command.reason
            audit.record(db.session, "handover.declined", item)
        db.session.flush()
        return handover
    state = "accepted" if all(item.to_id == actor.user_id for item in chosen) else "ordered"
    _carry(chosen, actor, state, command.reason)
    return handover


def undo(handover: Handover, items: Sequence[HandoverItem], actor: Actor) -> tuple[int, int]:
    """What the head ordered goes back to whom it came from, with the promises that went along; how many did and did not.

    Needs case:assign, within a week. What was handed on or ended since stays, and so do files of somebody who works here no more.
    """
    policy.require(actor, Permission.CASE_ASSIGN, handover)
    why = why_not_undone(handover, items)
    if why is not None:
        raise Conflict(why, code="wrong_state")
    done = 0
    for item, row in _files(items):
        back = item.from_id
        if item.state != "ordered" or row is None or row.worker_id != item.to_id or not rows.is_open(row):
            continue
        if back is None or not workers.works_at(back, row.station_path):
            continue
        promised = [UUID(key) for key in item.tasks or []]
        query = select(Task).where(Task.id.in_(promised), Task.state == "open", Task.user_id == item.to_id)
        went = list(db.session.scalars(query)) if promised else []
        stays = [task for task in rows.give(row, back, actor) if task not in went]
        tasks.give(stays, item.to_id)
        tasks.cancel(row, actor, None, ["tell_worker"])
        item.state = "undone"
        audit.record(db.session, "handover.undone", row)
        done += 1
    handover.undone_at, handover.undone_by_id = clock.now(), actor.user_id
    db.session.flush()
    return done, sum(item.state == "ordered" for item in items)


def why_not_undone(handover: Handover, items: Sequence[HandoverItem]) -> str | None:
    """Why an order cannot be taken back; None where it can."""
    if handover.undone_at is not None:
        return str(_l("This was taken back already."))
    if not any(item.state == "ordered" for item in items):
        return str(_l("Nothing here was handed over by the head."))
    if handover.created_at < clock.now() - timedelta(days=UNDO_DAYS):
        return str(_l("This is more than %(n)s days ago. Hand the files over anew.", n=UNDO_DAYS))
    return None


def _carry(chosen: Sequence[HandoverItem], actor: Actor, state: str, said: str | None) -> None:
    with access.lent({item.file_id for item in chosen if item.klass != "P3"}) as wider:
        found = _files(chosen)
        if any(row is None for _item, row in found):
            raise Conflict(rows.CHANGED, code="wrong_state")
        told = rows.to_be_told(row for _item, row in found if row is not None)
        for item, row in found:
            if row is not None:
                item.answer = said
                rows.pass_on(item, row, wider, state, tell=row.id in told)
                audit.record(db.session, f"handover.{state}", row)


def _files(items: Sequence[HandoverItem]) -> list[tuple[HandoverItem, Client | Case | None]]:
    """The files of lines, as far as they are in sight."""
    files = cases.many(item.case_id for item in items if item.case_id is not None)
    wanted = sorted({item.client_id for item in items if item.client_id is not None})
    query = select(Client).where(Client.id.in_(wanted))
    people = {row.id: row for row in db.session.scalars(query)} if wanted else {}
    return [(item, files.get(item.case_id) if item.case_id else people.get(item.client_id)) for item in items]  # type: ignore[arg-type]
