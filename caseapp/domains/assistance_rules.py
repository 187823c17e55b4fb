"""What an assistance case asks for before a step, and what it leaves when it is opened with something missing today."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp import reference
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Task
from caseapp.models.details.assistance import AssistanceDetail
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid, sheets
from caseapp.queries.details.assistance.family import of_case
from caseapp.queries.organisation import settings


def means_sheet(case: Case) -> Any:
    """Where the matter needs it, a means sheet of this family, finished by two staff and not too old (S-3.4: evidence only)."""
    detail = cases.detail_of(case, AssistanceDetail)
    if detail is None or detail.matter is None:
        return _l("Say what the case is about first.")
    if detail.matter not in reference.codes("assistance_matter").having("needs_sheet"):
        return None
    last = sheets.last_enquired_on(of_case(case))
    if last is not None:
        months = settings.At(case.station_path)["assistance.sheet_valid_months"]
        if last >= dates.add_months(clock.today(), -months):
            return None
    return _l("A family means sheet finished by two staff must be there first.")


def applications_answered(case: Case) -> Any:
    """Nothing the station helped to apply for is left without its end."""
    if aid.has_open_request(case):
        return _l("An application still waits for its answer. Record the answer, or that it was withdrawn.")
    return None


def opened(case: Case, actor: Actor) -> None:
    """Something is missing today: the responsible worker sees to it the same day, and the head knows."""
    detail = cases.detail_of(case, AssistanceDetail)
    if detail is None or not detail.urgent_needs:
        return
    promise(case, "urgent_relief", clock.today(), actor, user_id=case.worker_id)
    if case.urgency != "crisis":  # a crisis has paged the head already
        promise(case, "urgent_relief", clock.today(), actor, for_role="station_head")


def promise(
    case: Case, kind: str, due_on: date, actor: Actor, *, user_id: UUID | None = None, for_role: str | None = None
) -> Task:
    """Something to be done for the case by a day."""
    task = Task(
        kind=kind,
        client_id=case.client_id,
        case_id=case.id,
        user_id=user_id,
        for_role=for_role,
        due_on=due_on,
        state="open",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    task.belongs_to(case)
    db.session.add(task)
    return task


def settle(case: Case, kind: str, due_on: date | None, actor: Actor) -> None:
    """The one promise of that kind for the case: by that day, or none; an earlier one that no longer holds has been kept."""
    held = False
    query = select(Task).where(Task.case_id == case.id, Task.kind == kind, Task.state == "open")
    for task in db.session.scalars(query):
        if task.due_on == due_on and not held:
            held = True
        else:
            task.state, task.ended_at, task.ended_by_id = "done", clock.now(), actor.user_id
    if due_on is not None and not held:
        promise(case, kind, due_on, actor, user_id=case.worker_id)
