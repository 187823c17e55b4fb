"""Promises: made about a person or a case, kept, or not to be kept with a reason; cancelled when they lost their object; passed on."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Task
from caseapp.schemas.casework.task import EndTask
from caseapp.services.casework import protocols
from caseapp.services.trust import audit


def promise(
    row: Client | Case,
    kind: str,
    due_on: date,
    actor: Actor,
    *,
    user_id: UUID | None = None,
    for_role: str | None = None,
    note: str | None = None,
) -> Task:
    """Something is to be done about a person or a case by a day: by one user, or by whoever holds a role."""
    task = Task(
        kind=kind,
        client_id=row.id if isinstance(row, Client) else row.client_id,
        case_id=row.id if isinstance(row, Case) else None,
        user_id=user_id,
        for_role=for_role,
        due_on=due_on,
        state="open",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    task.note = note
    task.belongs_to(row)
    db.session.add(task)
    return task


def promise_once(
    row: Client | Case, kind: str, due_on: date, actor: Actor, *, user_id: UUID | None = None, for_role: str | None = None
) -> None:
    """As `promise`; when the same is promised to the same already, only the day moves."""
    same = [task for task in _open(_about(row), Task.kind == kind) if (task.user_id, task.for_role) == (user_id, for_role)]
    if same:
        same[0].due_on = due_on
    else:
        promise(row, kind, due_on, actor, user_id=user_id, for_role=for_role)


def promise_next(case: Case, kind: str, due_on: date | None, actor: Actor) -> None:
    """The one promise of that kind is the responsible worker's for that day, or none; one for another day has been kept."""
    found = _open(_about(case), Task.kind == kind)
    held = [task for task in found if task.due_on == due_on][:1]
    for task in found:
        if task not in held:
            _end(EndTask("done"), task, actor)
    if due_on is not None and not held:
        promise(case, kind, due_on, actor, user_id=case.worker_id)


def end(command: EndTask, row: Task, actor: Actor) -> Task | None:
    """Ends a task. Needs client:write over its file; refuses one that has ended. Returns the task that follows from it: after a
    contact in a crisis the next one."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if row.state != "open":
        raise Conflict(_l("This task has ended already."), code="wrong_state")
    return _end(command, row, actor)


def keep(row: Client | Case, kinds: Iterable[str], actor: Actor) -> None:
    """What was promised of these kinds was done by another verb of the actor, which has looked at the permission."""
    for task in _open(_about(row), Task.kind.in_(tuple(kinds))):
        _end(EndTask("done"), task, actor)


def cancel(row: Client | Case, actor: Actor, reason: str | None, kinds: Iterable[str] = ()) -> None:
    """What was still to be done about a person, cases included, or about one case has lost its object: all of it, or those kinds."""
    chosen = tuple(kinds)
    for task in _open(_about(row), *([Task.kind.in_(chosen)] if chosen else [])):
        _end(EndTask("cancelled", reason), task, actor)


def end_duty(command: EndTask, kind: str, due_on: date, client: Client, actor: Actor) -> Task:
    """A duty that facts on file ask for (`queries/casework/duties.py`) ends by hand, with a reason where it was not done.

    Needs client:write over the person's file. Leaves a task that ended as it was made.
    """
    policy.require(actor, Permission.CLIENT_WRITE, client)
    row = promise(client, kind, due_on, actor, user_id=client.worker_id)
    _end(command, row, actor)
    return row


def _end(command: EndTask, row: Task, actor: Actor) -> Task | None:
    row.state, row.ended_reason = command.state, command.reason
    row.ended_at, row.ended_by_id = clock.now(), actor.user_id
    audit.record(db.session, f"task.{command.state}", row)
    db.session.flush()
    follows = protocols.kept(row, clock.today(), actor) if command.state == "done" else None
    db.session.flush()
    return follows


def _about(row: Client | Case) -> Any:
    return Task.client_id == row.id if isinstance(row, Client) else Task.case_id == row.id


def _open(*which: Any) -> list[Task]:
    return list(db.session.scalars(select(Task).where(*which, Task.state == "open")))


def pass_on(row: Client | Case, before: UUID | None, after: UUID) -> list[Task]:
    """What one worker had promised about a case, or about a person beside the cases, is the other's now; returns it."""
    if before is None:
        return []
    beside = (Task.case_id.is_(None),) if isinstance(row, Client) else ()
    found = _open(_about(row), Task.user_id == before, *beside)
    give(found, after)
    return found


def give(rows: Iterable[Task], to: UUID) -> None:
    """These promises are somebody else's now; whoever says so has looked at the permission."""
    for task in rows:
        task.user_id, task.updated_at = to, clock.now()
