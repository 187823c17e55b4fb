"""Tasks: one, and whom it is about."""

from uuid import UUID

from sqlalchemy import select

from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Client, Task


def one(task_id: UUID) -> Task:
    """One task in scope; NotFound otherwise."""
    found: Task | None = db.session.scalar(select(Task).where(Task.id == task_id))
    if found is None:
        raise NotFound()
    return found


def client_of(task: Task) -> Client | None:
    """The person a task is about, if the line is in scope."""
    if task.client_id is None:
        return None
    found: Client | None = db.session.scalar(select(Client).where(Client.id == task.client_id))
    return found
