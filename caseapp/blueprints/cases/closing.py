"""Closing a case: outcomes and check list on one page, sent to the township with the same button."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.actor import Actor
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import closing_form
from caseapp.models.casework import Case
from caseapp.queries.casework import cases, plans
from caseapp.queries.casework import reviews as review_queries
from caseapp.schemas.casework.review import AskReview
from caseapp.services.casework import closing as service
from caseapp.services.casework import reviews
from caseapp.services.casework.cases import gates


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the page under `/<domain>/cases/<case_id>/close`."""

    @bp.route("/cases/<uuid:case_id>/close", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def close(case_id: UUID) -> Any:
        """What the closing rests on; `send` asks the township at once."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        if case.status != "closing":
            domain.workflow.step("ask_closing", case.status)
        plan = plans.current(case)
        kind = closing_form(plan.goals if plan else [])
        form, fresh = kind(), kind(formdata=None)
        form.offer(case.subject_kind)
        fresh.offer(case.subject_kind)
        fresh.show(case)
        if not form.is_submitted():
            form.show(case)
        elif conflicts.is_stale(form, fresh, case) and form.validate():
            return conflicts.page(form, fresh, case, url_for(".show", case_id=case.id))
        elif form.validate():
            send = "send" in request.form
            verb = service.write if not send else service.ask if domain.spares_approval(case) else _send
            if attempt(form, verb, form.command, case, the_actor()):
                flash(_("Saved.") if verb is not _send else _("Sent to the township for approval."), "ok")
                return redirect(url_for(".show", case_id=case.id))
        steps = [s for s in domain.workflow.offered("evaluating") if s.name == "ask_closing"]
        return page(
            "cases/close.html",
            form=form,
            case=case,
            domain=domain,
            plan=plan,
            base=conflicts.base(fresh),
            spared=domain.spares_approval(case),
            missing=[sentence for gate, sentence in gates.missing(case, steps[0].needs) if gate != "evaluated"],
            reviews=[r for r in review_queries.of_case(case.id) if r.kind == "closure"],
        )


def _send(command: Any, case: Case, actor: Actor) -> Case:
    """Writes the closing, moves the case on and asks for the review, in one transaction."""
    service.ask(command, case, actor)
    if not any(r.kind == "closure" and r.state == "open" for r in review_queries.of_case(case.id)):
        reviews.ask(AskReview(kind="closure"), case, actor)
    return case
