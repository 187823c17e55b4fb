"""What a result asks for at once: tasks for the worker and the head, steps noted with their time, contacts that go on.

Everything here is of class P3 and lies in the file of the case whatever the case's own class: only its worker, the head and
persons named on it see it. Nothing waits for anybody's approval.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, CaseEvent, Task
from caseapp.queries.casework import assessments
from caseapp.reference.instrument_rules import Alert, Wanted
from caseapp.schemas.casework.assessment import NoteStep
from caseapp.services.casework.cases import events
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit

CLASS = "P3"
CONTACT = "crisis_contact"
STEP = "protocol_step"


def begin(alerts: Iterable[Alert], row: Assessment, case: Case, actor: Actor) -> None:
    """The tasks that these alerts want exist, each kind once for a result, however often the result is saved or confirmed.

    One that is open in the case already is not doubled: it points to this newer result from now on.
    """
    wanted = {task.kind: task for alert in alerts for task in alert.tasks}
    if not wanted:
        return
    access.hold_restricted(case, actor)
    db.session.flush()
    made = set(db.session.scalars(select(Task.kind).where(Task.assessment_id == row.id)))
    query = select(Task).where(Task.case_id == case.id, Task.state == "open", Task.kind != CONTACT)
    waiting = {task.kind: task for task in db.session.scalars(query.where(Task.assessment_id.is_not(None)))}
    for kind in sorted(wanted.keys() - made):
        if kind in waiting:
            waiting[kind].assessment_id = row.id
        else:
            _make(wanted[kind], row, case, actor)


def _make(task: Wanted, row: Assessment, case: Case, actor: Actor) -> None:
    due_on = max(row.assessed_on, clock.today()) + timedelta(days=task.days)
    if task.by_rule:
        rule = _rule(row)
        due_on = rule.first_due(row.assessed_on) if rule else due_on
    is_head = task.who == "head" or case.worker_id is None
    _promise(task.kind, due_on, row, case, actor, user_id=None if is_head else case.worker_id)


def _promise(kind: str, due_on: date, row: Assessment, case: Case, actor: Actor, *, user_id: UUID | None) -> Task:
    task = Task(
        kind=kind,
        client_id=row.client_id,
        case_id=case.id,
        assessment_id=row.id,
        user_id=user_id,
        for_role="station_head" if user_id is None else None,
        due_on=due_on,
        state="open",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    task.belongs_to(case)
    task.klass = CLASS
    db.session.add(task)
    return task


def note_step(command: NoteStep, row: Assessment, case: Case, actor: Actor) -> CaseEvent:
    """One step of a protocol was taken, or could not be and why, with the time it happened and the time it was noted.

    Needs case:write over the result. Refuses a step that the result's protocols do not have, a time still to come, and one
    that was not taken without a reason. What was noted stays: a later note on the same step only stands above it.
    """
    policy.require(actor, Permission.CASE_WRITE, row)
    instrument = reference.instrument(row.instrument, row.instrument_version)
    steps = {step.code for code in instrument.protocols for step in reference.protocols()[code].steps}
    if command.protocol not in instrument.protocols or command.step not in steps:
        raise Invalid(_l("Please choose one of the given answers."), "step")
    at = _moment(command)
    if at > clock.now() + timedelta(minutes=1):
        raise Invalid(_l("This time is still to come."), "at")
    if at.date() < row.assessed_on - timedelta(days=1):
        raise Invalid(_l("This day lies before the assessment."), "happened_on")
    access.hold_restricted(case, actor)
    facts = {"result": str(row.id), "protocol": command.protocol, "step": command.step, "done": command.done}
    event = events.note(case, STEP, actor, on=at.date(), text=command.note, facts={**facts, "time": f"{at:%H:%M}"}, klass=CLASS)
    audit.record(db.session, "case.step_noted", row)
    db.session.flush()
    return event


def _moment(command: NoteStep) -> datetime:
    """When it happened: now, unless a time (of today, unless a day) was given."""
    now = clock.local(clock.now())
    if command.at is None and command.happened_on is None:
        return now
    day = command.happened_on or now.date()
    return datetime.combine(day, command.at or now.time(), tzinfo=now.tzinfo)


def kept(task: Task, on: date, actor: Actor) -> Task | None:
    """A contact was made: the next one is promised by the rule of the level, as long as the result still counts."""
    if task.kind != CONTACT or task.assessment_id is None or task.case_id is None:
        return None
    row, case = db.session.get(Assessment, task.assessment_id), db.session.get(Case, task.case_id)
    if row is None or case is None or row.voided_at is not None or case.status in ("closed", "archived", "declined"):
        return None
    rule = _rule(row)
    newest = assessments.latest(row.client_id, row.instrument)
    if rule is None or (newest is not None and (newest.assessed_on, newest.id) > (row.assessed_on, row.id)):
        return None
    return _promise(CONTACT, rule.due_after(on), row, case, actor, user_id=task.user_id)


def met(client_ids: Sequence[UUID], on: date, actor: Actor) -> None:
    """Persons were met: contacts promised about them before that day are kept by it, and the next ones promised."""
    if not client_ids:
        return
    query = select(Task).where(
        Task.client_id.in_(sorted(set(client_ids))), Task.kind == CONTACT, Task.state == "open", Task.assessment_id.is_not(None)
    )
    for task in db.session.scalars(query):
        if clock.local(task.created_at).date() < on:
            _end(task, "done", actor)
            kept(task, on, actor)


def answered(row: Assessment, actor: Actor) -> None:
    """An instrument was gone through: tasks that asked for it are done, and contacts that an older result asked for fall away,
    because the new one asks for its own."""
    kinds = sorted(reference.codes("task_kind").having("instrument", row.instrument))
    asked = (Task.client_id == row.client_id) & Task.kind.in_(kinds)
    for task in db.session.scalars(select(Task).where(asked, Task.state == "open")):
        _end(task, "done", actor)
    older = select(Assessment.id).where(
        Assessment.client_id == row.client_id, Assessment.instrument == row.instrument, Assessment.id != row.id
    )
    contacts = Task.assessment_id.in_(older) & (Task.kind == CONTACT)
    for task in db.session.scalars(select(Task).where(contacts, Task.state == "open")):
        _end(task, "cancelled", actor)


def over(row: Assessment, actor: Actor) -> None:
    """A result is void: what it asked of the worker falls away; the head keeps being told, and ends that task in person."""
    mine = Task.assessment_id == row.id
    for task in db.session.scalars(select(Task).where(mine, Task.state == "open", Task.for_role.is_(None))):
        _end(task, "cancelled", actor)


def _end(task: Task, state: str, actor: Actor) -> None:
    task.state, task.ended_at, task.ended_by_id = state, clock.now(), actor.user_id


def _rule(row: Assessment) -> reference.IntervalRule | None:
    """The strictest visit rule of the level that counts."""
    level = row.level or row.computed_level
    found = reference.rules_for("level", f"{row.instrument}:{level}") if level else ()
    return found[0] if found else None
