"""Plans: written and changed as a whole; an approval holds for the content it saw and falls when that changes."""

from uuid import UUID

from sqlalchemy import func, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Goal, Plan, PlanItem
from caseapp.queries.casework import clients
from caseapp.queries.casework import plans as queries
from caseapp.schemas.casework.plan import GoalInput, GoalProgress, WritePlan
from caseapp.services.casework import consents, due, reviews
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

OPEN_STAGES = ("assessing", "planning", "serving", "evaluating")
PLAIN = ("aim", "steps", "visit_days", "starts_on", "review_on", "agreed_on", "agreed_by", "agreed_how", "agreed_note")


def write_new(command: WritePlan, case: Case, actor: Actor) -> Plan:
    """A new plan; the one before is superseded. Needs case:write while the case is worked on."""
    _may_plan(case, actor)
    before = queries.current(case)
    if before is not None and before.state == "in_review":
        raise Conflict(_l("The plan lies with the reviewer; take the review back first."), code="in_review")
    number = (db.session.scalar(select(func.max(Plan.number)).where(Plan.case_id == case.id)) or 0) + 1
    if before is not None:
        before.state, before.updated_at = "superseded", clock.now()
    row = Plan(
        case_id=case.id,
        number=number,
        state="draft",
        starts_on=command.starts_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case)
    db.session.add(row)
    db.session.flush()
    _fill(row, command, case, actor, {})
    audit.record(db.session, "plan.written", row)
    return _tell(row, case)


def change(command: WritePlan, row: Plan, case: Case, actor: Actor) -> Plan:
    """The plan is changed as a whole; goals that are named by id keep their progress.

    Needs case:write; refuses a stale version and a superseded plan. Changed content fells an approval and a review that
    has not been answered (contract.md section 2).
    """
    _may_plan(case, actor)
    if command.version is not None:
        expect_version(row, command.version)
    if row.state == "superseded":
        raise Conflict(_l("A newer plan has taken the place of this one."), code="wrong_state")
    known = {goal.id: goal for goal in row.goals}
    _fill(row, command, case, actor, known)
    audit.record(db.session, "plan.changed", row)
    return _tell(row, case)


def note_progress(command: GoalProgress, goal: Goal, case: Case, actor: Actor) -> Goal:
    """How far a goal is. Progress fells no approval; dropping a goal does, since it changes what was agreed."""
    policy.require(actor, Permission.CASE_WRITE, case)
    expect_version(goal, command.version)
    if case.status in ("closed", "archived", "declined"):
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")
    if command.dropped and not command.now:
        raise Invalid(_l("Say why the goal is dropped."), "now")
    was_dropped = goal.dropped
    goal.progress, goal.now, goal.dropped, goal.updated_at = command.progress, command.now, command.dropped, clock.now()
    if command.dropped != was_dropped:  # a change of what was agreed, not only of how far it is
        _signed(db.session.get_one(Plan, goal.plan_id), actor)
    audit.record(db.session, "plan.progress_noted", goal)
    db.session.flush()
    reviews.fall_if_changed(case)
    return goal


def _signed(row: Plan, actor: Actor) -> None:
    """Who wrote a part of a plan never decides on it."""
    row.written_by = sorted({*(row.written_by or []), str(actor.user_id)})
    row.updated_at = clock.now()


def _may_plan(case: Case, actor: Actor) -> None:
    policy.require(actor, Permission.CASE_WRITE, case)
    consents.must_hold(case.client_id)
    if case.status not in OPEN_STAGES:
        raise Conflict(_l("This file takes no plan at its present stage."), code="wrong_stage")


def _fill(row: Plan, command: WritePlan, case: Case, actor: Actor, known: dict[UUID, Goal]) -> None:
    for name in PLAIN:
        setattr(row, name, getattr(command, name))
    _signed(row, actor)
    kept = set()
    for position, given in enumerate(command.goals, start=1):
        goal = known.get(given.id) if given.id else None
        if given.id and goal is None:
            raise Invalid(_l("One of these goals is not in the plan."), "goals")
        if goal is None:
            goal = Goal(plan_id=row.id, progress=0, dropped=False, created_at=clock.now(), created_by_id=actor.user_id)
            goal.belongs_to(case)
            goal.due_on, goal.position = given.due_on, position
            db.session.add(goal)
        _fill_goal(goal, given, position)
        kept.add(goal.id)
    for key, goal in known.items():
        if key not in kept:
            db.session.delete(goal)
    for item in db.session.scalars(select(PlanItem).where(PlanItem.plan_id == row.id)):
        db.session.delete(item)
    for position, one in enumerate(command.items, start=1):
        item = PlanItem(plan_id=row.id, position=position, item=one.item, how_often=one.how_often, who=one.who)
        item.belongs_to(case)
        db.session.add(item)
    db.session.flush()


def _fill_goal(goal: Goal, given: GoalInput, position: int) -> None:
    goal.position, goal.due_on = position, given.due_on
    goal.text, goal.indicator, goal.baseline, goal.target = given.text, given.indicator, given.baseline, given.target


def _tell(row: Plan, case: Case) -> Plan:
    """After a change: an approval of other content falls, the next visit and the next step are reckoned anew."""
    db.session.flush()
    reviews.fall_if_changed(case)
    if case.client_id is not None:
        due.refresh_due(clients.one(case.client_id))
    else:
        due.refresh_case(case)
    return queries.one(row.id)
