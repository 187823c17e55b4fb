"""Asking for a review from a case, and comments at its fields."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.review import AskReviewForm, CommentForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.services.casework import comments
from caseapp.services.casework import reviews as service


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the form under `/<domain>/cases/<case_id>/reviews/new`."""

    @bp.route("/cases/<uuid:case_id>/reviews/new", methods=["GET", "POST"])
    @requires(Permission.REVIEW_ASK)
    def ask_review(case_id: UUID) -> Any:
        """What shall be looked at, and what the reviewer should know."""
        case = cases.opened(case_id, the_actor(), Permission.REVIEW_ASK, domain.code)
        form = AskReviewForm()
        form.offer(_kinds(case))
        if not form.is_submitted():
            form.kind.data = request.args.get("kind") or _kinds(case)[0]
        elif form.validate() and (row := attempt(form, service.ask, form.command, case, the_actor())):
            flash(_("Sent for review."), "ok")
            return redirect(url_for("reviews.show", review_id=row.id))
        return page("reviews/ask.html", form=form, case=case, domain=domain)

    @bp.post("/cases/<uuid:case_id>/comments")
    @requires(Permission.COMMENT_WRITE)
    def comment(case_id: UUID) -> Any:
        """A remark at a field of the file, outside a review."""
        case = cases.opened(case_id, the_actor(), Permission.COMMENT_WRITE, domain.code)
        form = CommentForm()
        if form.validate_on_submit():
            comments.add(form.command, case, the_actor())
        else:
            flash(_("Nothing was written in the comment."), "careful")
        return redirect(_back(case))

    @bp.post("/cases/<uuid:case_id>/comments/<uuid:comment_id>/settle")
    @requires(Permission.COMMENT_WRITE)
    def settle(case_id: UUID, comment_id: UUID) -> Any:
        """Marks a remark as settled."""
        case = cases.opened(case_id, the_actor(), Permission.COMMENT_WRITE, domain.code)
        comments.settle(comments.one(comment_id, case, the_actor()), case, the_actor())
        return redirect(_back(case))


def _back(case: Case) -> str:
    """To the page on which it was written."""
    return url_for(".plan" if request.form.get("page") == "plan" else ".show", case_id=case.id)


def _kinds(case: Case) -> tuple[str, ...]:
    """What can be sent at this stage."""
    found = {"planning": ("plan",), "serving": ("plan",), "closing": ("closure",)}.get(case.status, ())
    if case.status in ("closed", "follow_up") and case.closing_reason == service.AFTER_DEATH:
        found = ("closure",)
    return (*found, "file_check")
