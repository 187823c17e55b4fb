"""What a case asks for next and by when: from its stage, its plan and its reviews, by the time rules of domain.md 2.1."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from caseapp import domains
from caseapp.core import dates
from caseapp.extensions import db
from caseapp.models.casework import Case, Plan, Review
from caseapp.queries.organisation import settings


def set_next_step(case: Case) -> None:
    """Keeps `next_step` and `next_step_on` in step with the case; to be called after a step, a plan and a review."""
    db.session.flush()
    case.next_step, case.next_step_on = _next(case, settings.At(case.station_path))


def _next(case: Case, at: settings.At) -> tuple[str | None, date | None]:
    since = case.stage_since
    if case.status == "intake":
        urgent = case.urgency == "crisis"
        days = at["case.crisis_contact_working_days" if urgent else "case.intake_working_days"]
        return ("first_contact" if urgent else "intake"), dates.add_working_days(case.found_on, days)
    if case.status == "assessing":
        return "assessment", since + timedelta(days=at["case.assessment_days"])
    if case.status == "planning":
        return _planning(case, since + timedelta(days=at["case.plan_days"]))
    if case.status == "serving":
        return _serving(case, at)
    if case.status == "evaluating":
        return "closing", since + timedelta(days=at["case.evaluation_days"])
    if case.status == "closing":
        return _closing(case, dates.add_working_days(since, at["case.closing_working_days"]))
    if case.status in ("closed", "follow_up") and case.closed_on is not None and case.closing_reason != "deceased":
        return "follow_up", dates.add_months(case.closed_on, at["case.follow_up_months"][0])
    return None, None


def _planning(case: Case, by: date) -> tuple[str, date]:
    review = _last_review(case, "plan")
    if review is not None and review.state == "open":
        return "plan_review", by
    if review is not None and review.state == "returned":
        return "fix_plan", by
    plan = _last_plan(case)
    return ("plan" if plan is None else "send_plan" if plan.state == "draft" else "plan"), by


def _serving(case: Case, at: settings.At) -> tuple[str, date | None]:
    """The plan's next look, or the next visit when that comes first."""
    plan = _last_plan(case)
    look = plan.review_on if plan is not None else None
    if look is None:
        start = plan.starts_on if plan is not None else case.stage_since
        look = dates.add_months(start, at["case.plan_review_months"])
    if case.next_visit_on is not None and case.next_visit_on <= look:
        return "visit", case.next_visit_on
    return "review_plan", look


def _closing(case: Case, by: date) -> tuple[str, date]:
    review = _last_review(case, "closure")
    if domains.get(case.domain).spares_approval(case):
        return "close", by
    if review is None or review.state in ("withdrawn", "fallen"):
        return "closing", by
    return {"open": "closing_review", "returned": "fix_closing", "approved": "close"}[review.state], by


def _last_review(case: Case, kind: str) -> Any:
    query = (
        select(Review).where(Review.case_id == case.id, Review.kind == kind).order_by(Review.asked_at.desc(), Review.id.desc())
    )
    return db.session.scalar(query.limit(1))


def _last_plan(case: Case) -> Any:
    return db.session.scalar(select(Plan).where(Plan.case_id == case.id).order_by(Plan.number.desc()).limit(1))
