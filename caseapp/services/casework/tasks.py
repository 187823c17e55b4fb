"""Ending a task: done, or could not be done with a reason; and passing the open ones on."""

from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Task
from caseapp.schemas.casework.task import EndTask
from caseapp.services.casework import protocols
from caseapp.services.trust import audit


def end(command: EndTask, row: Task, actor: Actor) -> Task | None:
    """Ends a task. Needs client:write over its file; refuses one that has ended. Returns the task that follows from it: after a
    contact in a crisis the next one."""
    policy.require(actor, Permission.CLIENT_WRITE, row)
    if row.state != "open":
        raise Conflict(_l("This task has ended already."), code="wrong_state")
    row.state, row.ended_reason = command.state, command.reason
    row.ended_at, row.ended_by_id = clock.now(), actor.user_id
    audit.record(db.session, f"task.{command.state}", row)
    db.session.flush()
    follows = protocols.kept(row, clock.today(), actor) if command.state == "done" else None
    db.session.flush()
    return follows


def pass_on(case: Case, before: UUID | None, after: UUID) -> None:
    """What one worker had promised about a case is the other's now."""
    mine = select(Task).where(Task.case_id == case.id, Task.state == "open", Task.user_id == before)
    for task in db.session.scalars(mine) if before is not None else ():
        task.user_id, task.updated_at = after, clock.now()
