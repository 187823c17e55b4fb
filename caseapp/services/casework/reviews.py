"""Asking for a review and answering it: never by who wrote it, bound to the content it saw (contract.md section 2)."""

from typing import Any

from sqlalchemy import func, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Goal, Plan, Review
from caseapp.queries.casework import plans
from caseapp.queries.casework import reviews as queries
from caseapp.schemas.casework.review import AskReview, Decide
from caseapp.services.casework.cases.next_step import set_next_step
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

HELD = ("plan", "closure")  # an approval of these holds for a content


def ask(command: AskReview, case: Case, actor: Actor) -> Review:
    """Sends a plan, a closing or a file to whoever decides. Needs review:ask over the case.

    Refuses a second request while one waits, a plan that does not exist, is approved already or was not agreed with the
    person, and a closing that is not written.
    """
    policy.require(actor, Permission.REVIEW_ASK, case)
    last = queries.latest(case.id, command.kind)
    if last is not None and last.state == "open":
        raise Conflict(_l("This lies with the reviewer already."), "kind", code="already_asked")
    plan = plans.current(case) if command.kind == "plan" else None
    if command.kind == "plan":
        _plan_is_ready(plan)
    if command.kind == "closure" and (case.status != "closing" or not case.closing_reason):
        raise Conflict(_l("The closing must be written first."), "kind", code="not_ready")
    content = queries.content_of(case, command.kind)
    rounds = select(func.count(Review.id)).where(Review.case_id == case.id, Review.kind == command.kind)
    row = Review(
        case_id=case.id,
        plan_id=plan.id if plan is not None else None,
        kind=command.kind,
        state="open",
        round=1 + (db.session.scalar(rounds) or 0),
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        content_hash=queries.digest(content),
        editors=_editors(case, plan, command.kind),
    )
    row.asked_note, row.content = command.note, content
    row.belongs_to(case)
    db.session.add(row)
    if plan is not None:
        plan.state, plan.updated_at = "in_review", clock.now()
    audit.record(db.session, "review.asked", row)
    db.session.flush()
    set_next_step(case)
    db.session.flush()
    return row


def approve(command: Decide, row: Review, case: Case, actor: Actor) -> Review:
    """Says yes to exactly the content that was asked about; refuses when it has changed since."""
    _may_decide(command, row, case, actor)
    if row.kind in HELD and queries.digest(queries.content_of(case, row.kind)) != row.content_hash:
        raise Conflict(_l("The content changed after it was sent. It has to be sent again."), code="content_changed")
    return _decided("approved", command, row, case, actor)


def send_back(command: Decide, row: Review, case: Case, actor: Actor) -> Review:
    """Returns it with what should change."""
    if not command.text:
        raise Invalid(_l("Say what should change."), "text")
    _may_decide(command, row, case, actor)
    return _decided("returned", command, row, case, actor)


def withdraw(row: Review, case: Case, actor: Actor) -> Review:
    """Takes a request back while it waits: by who asked, or by who is responsible."""
    policy.require(actor, Permission.REVIEW_ASK, case)
    if row.state != "open":
        raise Conflict(_l("This review was answered already."), code="wrong_state")
    row.state = "withdrawn"
    _plan_state(row, "draft")
    audit.record(db.session, "review.withdrawn", row)
    db.session.flush()
    set_next_step(case)
    db.session.flush()
    return row


def approved(case: Case, kind: str) -> bool:
    """Whether the last review of that kind is an approval of the content as it stands now."""
    last = queries.latest(case.id, kind)
    return last is not None and last.state == "approved" and last.content_hash == queries.digest(queries.content_of(case, kind))


def fall_if_changed(case: Case) -> None:
    """An approval, or a request that waits, falls when the content it saw is no longer there; a visit changes none of it."""
    for kind in HELD:
        last = queries.latest(case.id, kind)
        if last is None or last.state not in ("approved", "open"):
            continue
        if last.content_hash == queries.digest(queries.content_of(case, kind)):
            continue
        last.state = "fallen"
        _plan_state(last, "draft")
        audit.record(db.session, "review.fell", last)
        db.session.flush()
        set_next_step(case)
    db.session.flush()


def _may_decide(command: Decide, row: Review, case: Case, actor: Actor) -> None:
    wanted = Permission.REVIEW_PLAN if row.kind == "plan" else Permission.REVIEW_CLOSURE
    policy.require(actor, wanted, case)
    reason = queries.why_not(actor, row, case)
    if reason is not None:
        raise Forbidden(reason)
    expect_version(row, command.version)
    if row.state != "open":
        raise Conflict(_l("This review was answered already."), code="wrong_state")


def _decided(state: str, command: Decide, row: Review, case: Case, actor: Actor) -> Review:
    row.state, row.decided_by_id, row.decided_at, row.decided_role = state, actor.user_id, clock.now(), actor.role
    row.decision = command.text
    _plan_state(row, state)
    audit.record(db.session, f"review.{state}", row)
    db.session.flush()
    set_next_step(case)
    db.session.flush()
    return row


def _plan_state(row: Review, state: str) -> None:
    """The plan stands where its review stands."""
    plan = db.session.get(Plan, row.plan_id) if row.plan_id else None
    if plan is None or plan.state == "superseded":
        return
    plan.state, plan.updated_at = state, clock.now()
    plan.approved_at = clock.now() if state == "approved" else None
    plan.content_hash = row.content_hash if state == "approved" else None


def _plan_is_ready(plan: Plan | None) -> None:
    if plan is None or not [goal for goal in plan.goals if not goal.dropped]:
        raise Conflict(_l("The plan must be written first."), "kind", code="not_ready")
    if plan.state == "approved":
        raise Conflict(_l("This plan is approved already."), "kind", code="approved")
    if plan.agreed_on is None:
        raise Conflict(_l("The person must have agreed to the plan first."), "kind", code="not_agreed")


def _editors(case: Case, plan: Plan | None, kind: str) -> list[str]:
    """Everybody who wrote the version that is reviewed."""
    found: set[Any] = set()
    if plan is not None:
        found |= {plan.created_by_id, plan.updated_by_id}
        for goal in db.session.scalars(select(Goal).where(Goal.plan_id == plan.id)):
            found |= {goal.created_by_id, goal.updated_by_id}
    if kind == "closure":
        found |= set((case.closing or {}).get("written_by") or [])
    if kind == "file_check":
        found |= {case.created_by_id, case.updated_by_id}
    return sorted(str(one) for one in found if one is not None)
