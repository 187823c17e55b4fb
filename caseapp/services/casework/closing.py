"""Closing: asked for with outcomes, approved by the township, then done; after a death at once, reviewed afterwards."""

from datetime import date

from sqlalchemy import select

from caseapp import domains, reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Plan, Review
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import plans
from caseapp.schemas.casework.case import AskClosing, TakeStep
from caseapp.schemas.casework.review import AskReview
from caseapp.services.casework import reviews, tasks
from caseapp.services.casework.cases import events, gates, steps, team
from caseapp.services.casework.clients import access
from caseapp.services.casework.referrals.ending import end_with_case
from caseapp.services.casework.tasks import promise
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

NAMED_WITHIN = 3  # working days


def write(command: AskClosing, case: Case, actor: Actor) -> Case:
    """Writes down what the closing rests on: reason, outcome per goal, what stays, the person's view, the check list.

    Needs case:write while evaluating or closing. Every goal that was not dropped needs an outcome. An approval falls when
    this content changes (contract.md section 2).
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    expect_version(case, command.version)
    if case.status != "closing":
        domains.get(case.domain).workflow.step("ask_closing", case.status)
    _every_goal_has_an_outcome(command, case)
    if case.subject_kind == "community" and command.reason in reference.codes("closing_reason").having("of_person"):
        raise Invalid(_l("This can only be said of a person."), "reason")
    case.closing_reason = command.reason
    case.closing = {
        "outcomes": dict(command.outcomes),
        "reason_note": command.reason_note,
        "unsolved": command.unsolved,
        "own_view": command.own_view,
        "satisfaction": command.satisfaction,
        "follow_up": command.follow_up,
        "checked": sorted(set(command.checked)),
        "written_by": sorted({*((case.closing or {}).get("written_by") or []), str(actor.user_id)}),
    }
    case.updated_at = clock.now()
    audit.record(db.session, "case.closing_written", case)
    db.session.flush()
    reviews.fall_if_changed(case)
    return case


def ask(command: AskClosing, case: Case, actor: Actor) -> Case:
    """Writes the closing and moves the case on to it; the review is asked for beside it (`services/casework/reviews.py`)."""
    write(command, case, actor)
    if case.status != "closing":
        step = domains.get(case.domain).workflow.step("ask_closing", case.status)
        gates.require(case, step.needs)
        steps.move(case, step, actor, facts={"reason": command.reason})
    else:
        steps.tell(case)
    return case


def close(command: TakeStep, case: Case, actor: Actor) -> Case:
    """Closes an approved case: outcomes go to the goals, the team is sent away, open tasks are cancelled.

    Needs case:close and the township's approval of the content as it stands. A file that its domain spares the approval is
    looked at afterwards: the check is asked for by itself, and the head names somebody who may read a restricted one.
    """
    step = domains.get(case.domain).workflow.step("close", case.status)
    policy.require(actor, step.permission, case)
    expect_version(case, command.version)
    gates.require(case, step.needs)
    case.closed_on = command.happened_on or clock.today()
    if case.opened_on is not None and case.closed_on < case.opened_on:
        raise Invalid(_l("This day lies before the case was opened."), "happened_on")
    _outcomes_to_goals(case)
    _wind_up(case, actor, case.closing_reason or "")
    steps.move(case, step, actor, day=case.closed_on, text=command.note, facts={"reason": case.closing_reason})
    if domains.get(case.domain).spares_approval(case):
        _ask_afterwards(case, actor)
    return case


def _ask_afterwards(case: Case, actor: Actor) -> None:
    reviews.ask(AskReview(kind="file_check"), case, actor)
    if case.klass == "P3" and not any(entry.kind == "named" for entry, _name in access.open_to(case)):
        promise(case, "name_reviewer", dates.add_working_days(clock.today(), NAMED_WITHIN), actor, for_role="station_head")


def close_by_death(client: Client, on: date, actor: Actor) -> list[Case]:
    """Closes every live case of a person who has died, without approval: the township looks at it afterwards.

    Plans lose their force, reviews that waited are withdrawn, the record stays.
    """
    query = select(Case).where(Case.client_id == client.id, Case.status.in_((*LIVE, "follow_up")))
    found = list(db.session.scalars(query))
    for case in found:
        case.closing_reason, case.closed_on = "deceased", max(on, case.found_on)
        for review in db.session.scalars(select(Review).where(Review.case_id == case.id, Review.state == "open")):
            review.state = "withdrawn"
        for plan in db.session.scalars(select(Plan).where(Plan.case_id == case.id, Plan.state != "superseded")):
            plan.state = "superseded"
        _wind_up(case, actor, "deceased")
        end_with_case(case, actor)
        events.note(case, "close", actor, to="closed", on=case.closed_on, facts={"reason": "deceased"})
        audit.record(db.session, "case.closed_by_death", case)
        db.session.flush()
        reviews.ask_afterwards(case, actor)
    db.session.flush()
    return found


def _every_goal_has_an_outcome(command: AskClosing, case: Case) -> None:
    plan = plans.current(case)
    known = {str(goal.id): goal for goal in (plan.goals if plan else [])}
    wrong = {}
    for goal_id, goal in known.items():
        if goal_id not in command.outcomes and not goal.dropped:
            wrong[f"outcome_{goal_id}"] = [_l("Say what became of this goal.")]
    if set(command.outcomes) - set(known):
        wrong["outcomes"] = [_l("One of these goals is not in the plan.")]
    if wrong:
        raise Invalid(fields=wrong)


def _outcomes_to_goals(case: Case) -> None:
    plan = plans.current(case)
    said = (case.closing or {}).get("outcomes", {})
    for goal in plan.goals if plan else []:
        if str(goal.id) in said:
            goal.outcome, goal.updated_at = said[str(goal.id)], clock.now()


def _wind_up(case: Case, actor: Actor, reason: str) -> None:
    team.send_away(case)
    db.session.flush()
    team.open_to_team(case, actor)
    case.planned_visit_on, case.planned_reason = None, None
    tasks.cancel(case, actor, reason)
