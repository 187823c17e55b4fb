"""Promises that a matter makes about its case: made once, kept by another act, moved to another day."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Task


def once(
    row: Case | Client, kind: str, due_on: date, actor: Actor, *, user_id: UUID | None = None, for_role: str | None = None
) -> None:
    """Something is to be done by a day; when the same is promised to the same already, only the day moves."""
    same = [task for task in _open(row, (kind,)) if (task.user_id, task.for_role) == (user_id, for_role)]
    if same:
        same[0].due_on = due_on
        return
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
    task.belongs_to(row)
    db.session.add(task)


def kept(row: Case | Client, kinds: Iterable[str], actor: Actor, state: str = "done") -> None:
    """What was promised of these kinds has been done by another act, or has lost its object (`cancelled`)."""
    for task in _open(row, tuple(kinds)):
        task.state, task.ended_at, task.ended_by_id = state, clock.now(), actor.user_id


def _open(row: Any, kinds: tuple[str, ...]) -> list[Task]:
    about = Task.client_id == row.id if isinstance(row, Client) else Task.case_id == row.id
    return list(db.session.scalars(select(Task).where(about, Task.kind.in_(kinds), Task.state == "open")))
