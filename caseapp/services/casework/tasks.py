"""Promises: made about a person or a case, kept, or not to be kept with a reason; cancelled when they lost their object."""

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


def promise_once(row: Client | Case, kind: str, due_on: date, actor: Actor, **more: Any) -> None:
    """As `promise`, unless the same is promised already."""
    query = select(Task.id).where(_about(row), Task.kind == kind, Task.state == "open").limit(1)
    if db.session.scalar(query) is None:
        promise(row, kind, due_on, actor, **more)


def end(command: EndTask, row: Task, actor: Actor) -> Task:
    """Ends a task. Needs client:write over its file; refuses one that has ended."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if row.state != "open":
        raise Conflict(_l("This task has ended already."), code="wrong_state")
    _end(row, command.state, actor, command.reason)
    audit.record(db.session, f"task.{command.state}", row)
    db.session.flush()
    return row


def keep(row: Client | Case, kinds: Iterable[str], actor: Actor) -> None:
    """What was promised of these kinds about a person or a case has been done by another act."""
    for task in _open(_about(row), Task.kind.in_(tuple(kinds))):
        _end(task, "done", actor)


def cancel(row: Client | Case, actor: Actor, reason: str | None, kinds: Iterable[str] = ()) -> None:
    """What was still to be done about a person, cases included, or about one case falls away: all of it, or those kinds."""
    chosen = tuple(kinds)
    for task in _open(_about(row), *([Task.kind.in_(chosen)] if chosen else [])):
        _end(task, "cancelled", actor, reason)


def _about(row: Client | Case) -> Any:
    return Task.client_id == row.id if isinstance(row, Client) else Task.case_id == row.id


def _open(*which: Any) -> list[Task]:
    return list(db.session.scalars(select(Task).where(*which, Task.state == "open")))


def _end(row: Task, state: str, actor: Actor, reason: str | None = None) -> None:
    row.state, row.ended_reason = state, reason
    row.ended_at, row.ended_by_id = clock.now(), actor.user_id
