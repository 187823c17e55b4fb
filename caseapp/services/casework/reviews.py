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
from caseapp.models.casework import Assessment, Case, CaseEvent, Plan, Review, Visit, VisitPerson
from caseapp.queries.casework import plans
from caseapp.queries.casework import reviews as queries
from caseapp.schemas.casework.review import AskReview, Decide
from caseapp.services.casework.cases.next_step import set_next_steps
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

HELD = ("plan", "closure")  # an approval of these holds for a content
AFTER_DEATH = "deceased"


def ask(command: AskReview, case: Case, actor: Actor) -> Review:
    """Sends a plan, a closing or a file to whoever decides. Needs review:ask over the case.

    Refuses a second request while one waits, a plan that does not exist, is approved already or was not agreed with the
    person, and a closing that is not written. A case closed by a death is sent afterwards (contract.md section 2).
    """
    policy.require(actor, Permission.REVIEW_ASK, case)
    last = queries.latest(case.id, command.kind)
    if last is not None and last.state == "open":
        raise Conflict(_l("This lies with the reviewer already."), "kind", code="already_asked")
    plan = plans.current(case) if command.kind == "plan" else None
    if command.kind == "plan":
        _plan_is_ready(plan, case)
    if command.kind == "closure" and not _closing_is_ready(case):
        raise Conflict(_l("The closing must be written first."), "kind", code="not_ready")
    return _asked(command, case, plan, actor)


def ask_afterwards(case: Case, actor: Actor) -> Review:
    """The review of a closing that needed no approval: the township looks at it later (contract.md section 2, *Reviews*)."""
    return _asked(AskReview("closure"), case, None, actor)


def _asked(command: AskReview, case: Case, plan: Plan | None, actor: Actor) -> Review:
    content = queries.content_of(case, command.kind)
    rounds = select(func.count(Review.id)).where(Review.case_id == case.id, Review.kind == command.kind)
    row = Review(
        station_id=case.station_id,
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
    set_next_steps([case])
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
    """Takes a request back while it waits: by who asked, by who is responsible, or by the head."""
    policy.require(actor, Permission.REVIEW_ASK, case)
    if row.asked_by_id != actor.user_id and not actor.is_in_charge(case.worker_id) and not actor.may(Permission.CASE_ASSIGN):
        raise Forbidden(_l("Who asked, who is responsible or the head takes a request back."))
    if row.state != "open":
        raise Conflict(_l("This review was answered already."), code="wrong_state")
    row.state = "withdrawn"
    _plan_state(row, "draft")
    audit.record(db.session, "review.withdrawn", row)
    db.session.flush()
    set_next_steps([case])
    db.session.flush()
    return row


def approved(case: Case, kind: str) -> bool:
    """Whether the last review of that kind is an approval of the content as it stands now."""
    last = queries.latest(case.id, kind)
    return last is not None and last.state == "approved" and last.content_hash == queries.digest(queries.content_of(case, kind))


def fall_on_return(case: Case) -> None:
    """The case went back to the work: what was asked or said about its closing no longer counts."""
    last = queries.latest(case.id, "closure")
    if last is None or last.state not in ("approved", "open"):
        return
    last.state = "withdrawn" if last.state == "open" else "fallen"
    audit.record(db.session, f"review.{'withdrawn' if last.state == 'withdrawn' else 'fell'}", last)
    db.session.flush()


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
        set_next_steps([case])
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
    set_next_steps([case])
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


def _plan_is_ready(plan: Plan | None, case: Case) -> None:
    if plan is None or not [goal for goal in plan.goals if not goal.dropped]:
        raise Conflict(_l("The plan must be written first."), "kind", code="not_ready")
    if plan.state == "approved":
        raise Conflict(_l("This plan is approved already."), "kind", code="approved")
    if plan.agreed_on is None and case.subject_kind == "community":
        raise Conflict(_l("The residents or their committee must have agreed to the plan first."), "kind", code="not_agreed")
    if plan.agreed_on is None:
        raise Conflict(_l("The person must have agreed to the plan first."), "kind", code="not_agreed")


def _closing_is_ready(case: Case) -> bool:
    if case.status == "closing":
        return bool(case.closing_reason)
    return case.status in ("closed", "follow_up") and case.closing_reason == AFTER_DEATH


def _editors(case: Case, plan: Plan | None, kind: str) -> list[str]:
    """Everybody who wrote the version that is reviewed; of a whole file everybody who wrote in it."""
    if kind == "plan":
        return sorted(plan.written_by or []) if plan is not None else []
    if kind == "closure":
        return sorted((case.closing or {}).get("written_by") or [])
    found: set[Any] = {case.created_by_id, case.updated_by_id}
    made = select(Visit.worker_id).join(VisitPerson, VisitPerson.visit_id == Visit.id).where(VisitPerson.case_id == case.id)
    for query in (
        select(CaseEvent.by_id).where(CaseEvent.case_id == case.id),
        select(Assessment.created_by_id).where(Assessment.case_id == case.id),
        made,
    ):
        found |= set(db.session.scalars(query.distinct()))
    for held in db.session.scalars(select(Plan).where(Plan.case_id == case.id)):
        found |= set(held.written_by or [])
    return sorted({str(one) for one in found if one is not None})
