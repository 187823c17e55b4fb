"""What a case asks for next and by when: a pure function of where it stands (time rules of domain.md 2.1), and keeping it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp import domains
from caseapp.core import clock, dates
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, Plan, Review, VisitPerson
from caseapp.queries.organisation import settings
from caseapp.services.casework import reckoned

Step = tuple[str | None, date | None]


@dataclass(frozen=True)
class Stand:
    """Where a case stands: its own columns, its last plan and reviews, the last contact, the next assessment."""

    status: str
    since: date
    found_on: date
    urgency: str = "ordinary"
    met_on: date | None = None
    plan: str | None = None  # state of the last plan
    plan_look: date | None = None
    plan_starts: date | None = None
    plan_review: str | None = None  # state of the last review of a plan
    plan_changed: date | None = None
    visit_on: date | None = None
    reassess_on: date | None = None
    closure: str | None = None  # state of the last review of a closing
    closure_asked: date | None = None
    closed_on: date | None = None
    by_death: bool = False
    spared: bool = False  # the closing needs no approval by the domain's own rule


def next_step(stand: Stand, at: Any) -> Step:
    """The step and its day; `at` gives the settings of the place by name."""
    since = stand.since
    if stand.status == "intake":
        return _intake(stand, at)
    if stand.status == "assessing":
        return "assessment", since + timedelta(days=at["case.assessment_days"])
    if stand.status == "planning":
        return _planning(stand), since + timedelta(days=at["case.plan_days"])
    if stand.status == "serving":
        return _serving(stand, at)
    if stand.status == "evaluating":
        return "closing", since + timedelta(days=at["case.evaluation_days"])
    if stand.status == "closing":
        step = "close" if stand.spared else _closing(stand.closure)
        return step, dates.add_working_days(since, at["case.closing_working_days"])
    if stand.status in ("closed", "follow_up") and stand.closed_on is not None:
        return _after_closing(stand, stand.closed_on, at)
    return None, None


def _intake(stand: Stand, at: Any) -> Step:
    """The first contact, the same day in a crisis; then the intake itself."""
    if stand.met_on is not None and stand.met_on >= stand.found_on:
        return "intake", dates.add_working_days(stand.found_on, at["case.intake_working_days"])
    rule = "case.crisis_contact_working_days" if stand.urgency == "crisis" else "case.first_contact_working_days"
    return "first_contact", dates.add_working_days(stand.found_on, at[rule])


def _planning(stand: Stand) -> str:
    if stand.plan is None:
        return "plan"
    if stand.plan_review == "open":
        return "plan_review"
    if stand.plan == "approved":
        return "start_service"
    return "fix_plan" if stand.plan_review == "returned" else "send_plan"


def _serving(stand: Stand, at: Any) -> Step:
    """The next visit, the next look at the plan, the next assessment, a changed plan that nobody approved: what comes first."""
    look = stand.plan_look or dates.add_months(stand.plan_starts or stand.since, at["case.plan_review_months"])
    wanted = [("visit", stand.visit_on), ("review_plan", look), ("reassess", stand.reassess_on)]
    if stand.plan in ("draft", "returned") and stand.plan_changed is not None:
        wanted.append((_planning(stand), stand.plan_changed + timedelta(days=at["case.plan_days"])))
    return min(((step, on) for step, on in wanted if on is not None), key=lambda pair: pair[1])


def _closing(review: str | None) -> str:
    return {"open": "closing_review", "returned": "fix_closing", "approved": "close"}.get(review or "", "closing")


def _after_closing(stand: Stand, closed: date, at: Any) -> Step:
    """After a death the review that is made up for; else the follow-up visits, and then the archive."""
    if stand.by_death:
        if stand.closure in ("open", "returned"):
            return _closing(stand.closure), dates.add_working_days(stand.closure_asked or closed, at["case.closing_working_days"])
        return "archive", closed
    if stand.visit_on is not None:
        return "follow_up", stand.visit_on
    return "archive", dates.add_months(closed, at["case.follow_up_months"][-1])


def set_next_steps(cases: Sequence[Case]) -> None:
    """Keeps `next_step` and `next_step_on` of cases in step with what happened, in a constant number of reading statements.

    To be called after a step, a plan, a review and (by `due`) whatever moves the next visit.
    """
    if not cases:
        return
    db.session.flush()
    at = {path: settings.At(path) for path in {case.station_path for case in cases}}
    for case, stand in zip(cases, _stands(cases), strict=True):
        step, on = next_step(stand, at[case.station_path])
        reckoned.write(case, {"next_step": step, "next_step_on": on})


def _stands(cases: Sequence[Case]) -> list[Stand]:
    ids = [case.id for case in cases]
    people = [case.client_id for case in cases if case.client_id is not None]
    reviews = select(Review).where(Review.case_id.in_(ids), Review.kind.in_(("plan", "closure")))
    asked = {(row.case_id, row.kind): row for row in db.session.scalars(reviews.order_by(Review.asked_at, Review.id))}
    plans = {row.case_id: row for row in db.session.scalars(select(Plan).where(Plan.case_id.in_(ids)).order_by(Plan.number))}
    again = _reassess(people) if any(case.status == "serving" for case in cases) else {}
    met: dict[UUID, date] = {}
    if any(case.status == "intake" for case in cases):
        met = _last(VisitPerson.client_id, people) | _last(VisitPerson.case_id, ids)
    return [
        _stand(
            case,
            plans.get(case.id),
            asked.get((case.id, "plan")),
            asked.get((case.id, "closure")),
            again.get(case.client_id) if case.client_id else None,
            _met_on(case, met),
        )
        for case in cases
    ]


def _met_on(case: Case, met: dict[UUID, date]) -> date | None:
    """The last contact of a case or its person; with a community, whom nobody visits, it begins with the finding."""
    if case.subject_kind == "community":
        return case.found_on
    return max((day for day in (met.get(case.id), met.get(case.client_id or case.id)) if day), default=None)


def _stand(
    case: Case, plan: Plan | None, review: Review | None, closure: Review | None, again: date | None, met: date | None
) -> Stand:
    return Stand(
        status=case.status,
        since=case.stage_since,
        found_on=case.found_on,
        urgency=case.urgency,
        met_on=met,
        plan=plan.state if plan is not None else None,
        plan_look=plan.review_on if plan is not None else None,
        plan_starts=plan.starts_on if plan is not None else None,
        plan_review=review.state if review is not None else None,
        plan_changed=clock.local(plan.updated_at or plan.created_at).date() if plan is not None else None,
        visit_on=case.next_visit_on,
        reassess_on=again,
        closure=closure.state if closure is not None else None,
        closure_asked=clock.local(closure.asked_at).date() if closure is not None else None,
        closed_on=case.closed_on,
        by_death=case.closing_reason == "deceased",
        spared=case.status == "closing" and domains.get(case.domain).spares_approval(case),
    )


def _reassess(people: Iterable[UUID]) -> dict[UUID, date]:
    """When each person is to be assessed again: by the newest confirmed result of each instrument, the earliest day."""
    query = select(Assessment.client_id, Assessment.instrument, Assessment.due_on).where(
        Assessment.client_id.in_(list(people)), Assessment.level.is_not(None), Assessment.voided_at.is_(None)
    )
    last: dict[tuple[UUID, str], date | None] = {}
    for client_id, instrument, due_on in db.session.execute(query.order_by(Assessment.assessed_on, Assessment.id)):
        last[client_id, instrument] = due_on
    found: dict[UUID, date] = {}
    for (client_id, _instrument), on in last.items():
        if on is not None:
            found[client_id] = min(on, found.get(client_id, on))
    return found


def _last(key: Any, ids: Iterable[UUID]) -> dict[UUID, date]:
    query = select(key, func.max(VisitPerson.happened_on)).where(key.in_(list(ids)), VisitPerson.voided.is_(False))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(key))}


__all__ = ["Stand", "next_step", "set_next_steps"]
