"""The work on a case: details, assessment, plan, review, visit and service."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp import domains, reference
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.queries.casework import reviews
from tests import rows
from tests.laid.added import added


def work(session: Session, case: c.Case, worker: UUID) -> dict[str, UUID]:
    """Details, a plan with a goal, and a complete assessment that nobody stands for yet where the domain assesses."""
    detail = domains.get(case.domain).detail(case_id=case.id, created_at=clock.now())
    detail.needs = "Cold in the house"
    added(session, detail, case)
    plan, goal = _plan(session, case, worker, "draft")
    remark = c.ReviewComment(case_id=case.id, field="file", by_id=worker, at=clock.now())
    remark.body = "Who holds the key?"
    ids = {"comment_id": added(session, remark, case), "plan_id": plan.id, "goal_id": goal.id}
    if domains.get(case.domain).instruments:
        ids["assessment_id"] = _assessment(session, case)
    return ids


def _assessment(session: Session, case: c.Case) -> UUID:
    instrument = reference.instrument("gbt42195")
    answers = {item.code: max(option.score for option in item.options) for item in instrument.items}
    scored = reference.score(instrument, answers, {})
    row = c.Assessment(
        client_id=case.client_id,
        case_id=case.id,
        instrument=instrument.code,
        instrument_version=instrument.version,
        reason="first",
        assessed_on=clock.today(),
        total=scored.total,
        groups=dict(scored.groups),
        computed_level=scored.computed_level,
        created_at=clock.now(),
    )
    row.answers = answers
    return added(session, row, case)


def _plan(session: Session, case: c.Case, worker: UUID, state: str) -> tuple[c.Plan, c.Goal]:
    now, today = clock.now(), clock.today()
    plan = c.Plan(case_id=case.id, number=1, state=state, starts_on=today, created_at=now, created_by_id=worker)
    plan.agreed_on, plan.agreed_by, plan.agreed_how = today, "self", "signed"
    added(session, plan, case)
    goal = c.Goal(plan_id=plan.id, position=1, due_on=today + timedelta(days=60), created_at=now, created_by_id=worker)
    goal.text = "Warm in winter"
    added(session, goal, case)
    return plan, goal


def review(session: Session, case: c.Case, worker: UUID) -> dict[str, UUID]:
    """A plan that waits for its review, with a remark."""
    plan, _goal = _plan(session, case, worker, "in_review")
    session.refresh(plan, ["goals", "items"])
    content = reviews.plan_content(plan)
    row = c.Review(
        station_id=case.station_id,
        case_id=case.id,
        plan_id=plan.id,
        kind="plan",
        asked_by_id=worker,
        asked_at=clock.now(),
        content_hash=reviews.digest(content),
        editors=[str(worker)],
    )
    row.content = content
    added(session, row, case)
    remark = c.ReviewComment(case_id=case.id, review_id=row.id, field="aim", by_id=worker, at=clock.now())
    remark.body = "How warm?"
    return {"review_id": row.id, "review_comment_id": added(session, remark, case)}


def visits(session: Session, person: c.Client, case: c.Case) -> dict[str, UUID]:
    """A young visit of a round, and a service record of the case."""
    yesterday, worker = clock.today() - timedelta(days=1), case.worker_id
    visit = rows.visit(session, person, worker, yesterday, created_by_id=worker, round_id=uuid7())
    record = c.ServiceRecord(
        station_id=person.station_id,
        kind="case",
        item="B1.1",
        catalogue_version="2021.1",
        happened_on=yesterday,
        worker_id=worker,
        client_id=person.id,
        case_id=case.id,
        created_at=clock.now(),
    )
    return {"visit_id": visit.id, "round_id": visit.round_id, "record_id": added(session, record, case)}
