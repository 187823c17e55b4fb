"""Tasks: one, and whom it is about."""

from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access.outside import is_outside
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Client, Task
from caseapp.queries.paging import LIMIT, page


def one(task_id: UUID) -> Task:
    """One task in scope; NotFound otherwise."""
    found: Task | None = db.session.scalar(select(Task).where(Task.id == task_id))
    if found is None:
        raise NotFound()
    return found


def mine(actor: Actor, cursor: str | None = None, limit: int = LIMIT) -> Page[Task]:
    """Open tasks of the actor and of the actor's role, by the day they are due; who sees no person has none."""
    if is_outside(actor):
        return Page([], None)
    query = select(Task).where(Task.state == "open", or_(Task.user_id.in_(actor.users), Task.for_role == actor.role))
    return page(db.session, query, [Task.due_on, Task.id], cursor, limit)


def client_of(task: Task) -> Client | None:
    """The person a task is about, if the line is in scope."""
    if task.client_id is None:
        return None
    found: Client | None = db.session.scalar(select(Client).where(Client.id == task.client_id))
    return found
