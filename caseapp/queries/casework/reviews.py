"""Reviews: the queue, one with its comments, who may decide, what the reviewed content was."""

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Plan, Review, ReviewComment
from caseapp.models.organisation import Grant, GrantPlace, Organisation, User
from caseapp.queries.casework import plans
from caseapp.queries.paging import LIMIT, page

ALL_KINDS = ("plan", "closure", "file_check")


def one(review_id: UUID) -> Review:
    """One review; NotFound outside the scope."""
    found: Review | None = db.session.scalar(select(Review).where(Review.id == review_id))
    if found is None:
        raise NotFound()
    return found


def of_case(case_id: UUID) -> list[Review]:
    """Every review of a case, the latest first."""
    query = select(Review).where(Review.case_id == case_id).order_by(Review.asked_at.desc(), Review.id.desc())
    return list(db.session.scalars(query.limit(100)))


def latest(case_id: UUID, kind: str) -> Review | None:
    """The last review of a kind."""
    query = select(Review).where(Review.case_id == case_id, Review.kind == kind)
    found: Review | None = db.session.scalar(query.order_by(Review.asked_at.desc(), Review.id.desc()).limit(1))
    return found


def waiting(kinds: tuple[str, ...], state: str = "open", cursor: str | None = None, limit: int = LIMIT) -> Page[Review]:
    """Reviews in scope of those kinds in a state, the longest waiting first."""
    query = select(Review).where(Review.kind.in_(kinds), Review.state == state)
    return page(db.session, query, [Review.asked_at, Review.id], cursor, limit)


def kinds_of(actor: Actor) -> tuple[str, ...]:
    """The kinds an actor decides on by role; the asker's own side sees all."""
    found: tuple[str, ...] = ()
    if actor.may(Permission.REVIEW_PLAN):
        found += ("plan",)
    if actor.may(Permission.REVIEW_CLOSURE):
        found += ("closure", "file_check")
    return found


def listed_for(actor: Actor) -> tuple[str, ...]:
    """The kinds a list shows an actor: what the role decides on; heads and who asks see all of the station."""
    return ALL_KINDS if actor.role == "station_head" else kinds_of(actor) or ALL_KINDS


def comments(case_id: UUID, actor: Actor, worker_id: UUID | None) -> list[ReviewComment]:
    """The comments on a case; private ones only for their author and the case's worker (supervision)."""
    query = select(ReviewComment).where(ReviewComment.case_id == case_id)
    if actor.user_id != worker_id:
        query = query.where(ReviewComment.private.is_(False) | (ReviewComment.by_id == actor.user_id))
    return list(db.session.scalars(query.order_by(ReviewComment.at, ReviewComment.id).limit(500)))


def has_supervisor(station_path: str) -> bool:
    """Whether somebody supervises this station now: then the head does not decide on plans."""
    query = (
        select(Grant.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role == "supervisor",
            Grant.state == "active",
            Grant.from_on <= clock.today(),
            or_(Grant.to_on.is_(None), Grant.to_on >= clock.today()),
            User.disabled_at.is_(None),
            GrantPlace.path == _station(station_path),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _station(path: str) -> str:
    """The station of a path; a service point lies one step below it."""
    steps = path.strip("/").split("/")
    paths = ["/" + "/".join(steps[:n]) + "/" for n in range(1, len(steps) + 1)]
    query = select(Organisation.path).where(Organisation.path.in_(paths), Organisation.kind == "station")
    return str(db.session.scalar(query) or path)


def why_not(actor: Actor, review: Review, case: Case) -> Any:
    """Why this actor may not decide on a review; None when they may (contract.md section 2, *Reviews*)."""
    wanted = Permission.REVIEW_PLAN if review.kind == "plan" else Permission.REVIEW_CLOSURE
    if not policy.may(actor, wanted, case):
        return _l("Another role decides on this.")
    if review.kind == "plan" and actor.role == "station_head" and has_supervisor(case.station_path):
        return _l("This station has a supervisor, who decides on plans.")
    if actor.user_id == review.asked_by_id:
        return _l("You asked for this review, so another person decides.")
    if actor.user_id == case.worker_id:
        return _l("You are responsible for this case, so another person decides.")
    if str(actor.user_id) in (review.editors or []):
        return _l("You wrote part of what is reviewed, so another person decides.")
    return None


def plan_content(plan: Plan) -> dict[str, str]:
    """What an approval of a plan holds for: aim, goals, items, dates, agreement; field key to text, in reading order."""
    found = {"aim": plan.aim or ""}
    for goal in plan.goals:
        key = f"goal:{goal.id}"
        for name in ("text", "indicator", "baseline", "target"):
            found[f"{key}:{name}"] = getattr(goal, name) or ""
        found[f"{key}:due_on"] = goal.due_on.isoformat()
        if goal.dropped:
            found[f"{key}:dropped"] = "1"
    for item in plan.items:
        found[f"item:{item.position}"] = " | ".join(part or "" for part in (item.item, item.how_often, item.who))
    for name in ("starts_on", "review_on", "visit_days", "agreed_on", "agreed_by", "agreed_how"):
        found[name] = str(getattr(plan, name) if getattr(plan, name) is not None else "")
    return found


def closure_content(case: Case) -> dict[str, str]:
    """What an approval of a closing holds for: reason, outcome per goal, check list, the person's view."""
    held = case.closing or {}
    found = {"reason": case.closing_reason or "", "reason_note": held.get("reason_note") or ""}
    for goal_id, outcome in sorted((held.get("outcomes") or {}).items()):
        found[f"outcome:{goal_id}"] = outcome
    for name in ("unsolved", "own_view", "follow_up"):
        found[name] = held.get(name) or ""
    found["checked"] = ",".join(held.get("checked") or [])
    return found


def content_of(case: Case, kind: str) -> dict[str, str]:
    """What a review of that kind looks at now."""
    if kind == "plan":
        plan = plans.current(case)
        return plan_content(plan) if plan is not None else {}
    if kind == "closure":
        return closure_content(case)
    return {"file": case.case_no}


def digest(content: dict[str, str]) -> str:
    """The hash an approval is bound to."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
