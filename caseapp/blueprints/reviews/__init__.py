"""Reviews: the queue, one with the content field by field, the answer, comments."""

from datetime import date
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.comments import WORDS, field_label, threads
from caseapp.blueprints.http.filters import label, long_date, tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.case import CHECK_WORDS
from caseapp.forms.casework.review import CommentForm, DecideForm
from caseapp.models.casework import Case, Review
from caseapp.queries.casework import cases, plans
from caseapp.queries.casework import reviews as queries
from caseapp.queries.organisation import workers
from caseapp.services.casework import comments
from caseapp.services.casework import reviews as service
from caseapp.services.trust import audit

bp = Blueprint("reviews", __name__, url_prefix="/reviews")
STATES = ("open", "returned", "approved")


@bp.get("")
@requires(Permission.REVIEW_READ)
def index() -> Any:
    """What waits, the longest first; what the actor decides on, or what the own station has asked."""
    actor = the_actor()
    state = request.args.get("state") if request.args.get("state") in STATES else "open"
    found = queries.waiting(queries.listed_for(actor), state or "open", request.args.get("cursor"))
    files = cases.many([row.case_id for row in found.items])
    return page(
        "reviews/index.html",
        rows=[row for row in found.items if row.case_id in files],
        files=files,
        state=state,
        states=STATES,
        people=workers.names({i for row in found.items for i in (row.asked_by_id, row.decided_by_id)}),
        next_url=url_for(".index", state=state, cursor=found.next) if found.next else None,
    )


@bp.route("/<uuid:review_id>", methods=["GET", "POST"])
@requires(Permission.REVIEW_READ)
def show(review_id: UUID) -> Any:
    """What was sent, field by field, beside it comments and what changed since the last time; the answer below."""
    actor, row = the_actor(), queries.one(review_id)
    case = cases.opened(row.case_id, actor)
    form = DecideForm()
    if form.is_submitted():
        verb = service.approve if "approve" in request.form else service.send_back
        if form.validate() and attempt(form, verb, form.command, row, case, actor):
            flash(_("Approved.") if row.state == "approved" else _("Returned."), "ok")
            return redirect(url_for(".index"))
    else:
        form.version.data = row.version
    audit.opened(db.session, case, "review.opened")
    said = queries.comments(case.id, actor, case.worker_id)
    people = workers.names({row.asked_by_id, row.decided_by_id, *(c.by_id for c in said)})
    return page(
        "reviews/show.html",
        form=form,
        review=row,
        case=case,
        fields=_fields(row, case, said, people),
        others=_others(row, said, people),
        private_ok=actor.role == "supervisor",
        people=people,
        why_not=queries.why_not(actor, row, case),
        earlier=[r for r in queries.of_case(case.id) if r.kind == row.kind and r.id != row.id],
    )


@bp.post("/<uuid:review_id>/withdraw")
@requires(Permission.REVIEW_ASK)
def withdraw(review_id: UUID) -> Any:
    """Takes a request back while it waits."""
    row = queries.one(review_id)
    case = cases.opened(row.case_id, the_actor(), Permission.REVIEW_ASK)
    service.withdraw(row, case, the_actor())
    flash(_("The request was taken back."), "ok")
    return redirect(url_for(f"{case.domain}.show", case_id=case.id))


@bp.post("/<uuid:review_id>/comments")
@requires(Permission.COMMENT_WRITE)
def comment(review_id: UUID) -> Any:
    """A remark at a field."""
    row = queries.one(review_id)
    case = cases.opened(row.case_id, the_actor(), Permission.COMMENT_WRITE)
    form = CommentForm()
    form.review_id.data = str(row.id)
    if form.validate_on_submit():
        comments.add(form.command, case, the_actor())
        return redirect(url_for(".show", review_id=row.id))
    flash(_("Nothing was written in the comment."), "careful")
    return redirect(url_for(".show", review_id=row.id))


@bp.post("/<uuid:review_id>/comments/<uuid:comment_id>/settle")
@requires(Permission.COMMENT_WRITE)
def settle(review_id: UUID, comment_id: UUID) -> Any:
    """Marks a remark as settled."""
    row = queries.one(review_id)
    case = cases.opened(row.case_id, the_actor(), Permission.COMMENT_WRITE)
    comments.settle(comments.one(comment_id, case, the_actor()), case, the_actor())
    return redirect(url_for(".show", review_id=row.id))


def _fields(row: Review, case: Case, said: list[Any], people: Any) -> list[dict[str, Any]]:
    """Label, value with what changed since the last asking, and comments, in reading order."""
    before = next((r for r in queries.of_case(case.id) if r.kind == row.kind and r.asked_at < row.asked_at), None)
    old = before.content or {} if before is not None else {}
    order = _goal_numbers(case)
    marks = threads(said, people, _settle_url(row))
    found = []
    for key, value in sorted((row.content or {}).items(), key=lambda pair: _place(pair[0], order)):
        if not value and not old.get(key):
            continue
        shown, was = _shown(key, value), _shown(key, old.get(key, ""))
        pieces = _pieces(was, shown) if old and was != shown else shown
        found.append({"key": key, "label": field_label(key, order), "value": pieces, "comments": marks.get(key, [])})
    return found


def _others(row: Review, said: list[Any], people: Any) -> list[dict[str, Any]]:
    """Comments on what was not sent: the whole file, or fields that are there no longer."""
    marks = threads([c for c in said if c.field not in (row.content or {})], people, _settle_url(row))
    return [comment for found in marks.values() for comment in found]


def _settle_url(row: Review) -> Any:
    return lambda comment: url_for(".settle", review_id=row.id, comment_id=comment.id)


def _place(key: str, order: dict[str, int]) -> tuple[int, int, int]:
    """Reading order: aim, goals one by one, services, then dates and agreement as they stand in `WORDS`."""
    parts, known = key.split(":"), list(WORDS)
    name = parts[-1] if parts[0] == "goal" else parts[0]
    at = known.index(name) if name in known else len(known)
    if parts[0] == "goal":
        return 1, order.get(parts[1], 99), at
    number = int(parts[1]) if parts[0] == "item" and parts[1].isdigit() else order.get(parts[-1], 0)
    return (0 if name in ("aim", "reason", "reason_note") else 2, at, number)


def _goal_numbers(case: Case) -> dict[str, int]:
    plan = plans.current(case)
    return {str(goal.id): goal.position for goal in plan.goals} if plan is not None else {}


def _shown(key: str, value: str) -> str:
    """The words of a stored value."""
    name = key.split(":")[-1] if key.startswith("goal:") else key.split(":")[0]
    if not value:
        return ""
    if name.endswith("_on"):
        return long_date(date.fromisoformat(value))
    lists = {"reason": "closing_reason", "outcome": "goal_outcome", "agreed_by": "agreed_by", "agreed_how": "agreed_how"}
    if name in lists:
        return label(lists[name], value)
    if name == "checked":
        return _(", ").join(str(CHECK_WORDS.get(code, code)) for code in value.split(","))
    if name == "item":
        code, *rest = value.split(" | ")
        return _(", ").join([reference.catalogue().label(code, tag()), *(part for part in rest if part)])
    return _("yes") if name == "dropped" else value


def _pieces(old: str, new: str) -> list[tuple[str, str]]:
    """What was taken out and put in, sign by sign: Chinese has no spaces to split at."""
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", new[c:d]))
            continue
        if a < b:
            found.append(("del", old[a:b]))
        if c < d:
            found.append(("ins", new[c:d]))
    return found
