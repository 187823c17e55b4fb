"""The plan of a case: read, write, change, progress of a goal."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.comments import threads
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.casework.plan import PlanForm, ProgressForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.casework import plans as queries
from caseapp.queries.casework import reviews as review_queries
from caseapp.queries.organisation import workers
from caseapp.services.casework import plans as service
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/<domain>/cases/<case_id>/plan`."""

    @bp.get("/cases/<uuid:case_id>/plan")
    @requires(Permission.CASE_READ)
    def plan(case_id: UUID) -> Any:
        """The current plan, earlier ones, and where its review stands."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.plan")
        found, actor = queries.of_case(case.id), the_actor()
        said = review_queries.comments(case.id, actor, case.worker_id)
        return page(
            "plans/show.html",
            case=case,
            domain=domain,
            plan=found[0] if found else None,
            earlier=found[1:],
            reviews=[row for row in review_queries.of_case(case.id) if row.kind == "plan"],
            threads=threads(
                said,
                workers.names(c.by_id for c in said),
                lambda c: url_for(".settle", case_id=case.id, comment_id=c.id),
            ),
            private_ok=actor.role == "supervisor",
            item_label=lambda code: reference.catalogue().label(code, tag()),
        )

    @bp.route("/cases/<uuid:case_id>/plan/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit_plan(case_id: UUID) -> Any:
        """The whole plan on one form; `?new=1` writes a new one beside an approved one."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        return _edited(case, domain)

    @bp.route("/cases/<uuid:case_id>/plan/goals/<uuid:goal_id>", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def goal(case_id: UUID, goal_id: UUID) -> Any:
        """How far a goal is."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        current = queries.current(case)
        if current is None:
            raise NotFound()
        row, form, fresh = queries.goal(goal_id, current), ProgressForm(), ProgressForm(formdata=None)
        form.offer()
        fresh.offer()
        fresh.show(row)
        if not form.is_submitted():
            form.show(row)
        elif conflicts.is_stale(form, fresh, row) and form.validate():
            return conflicts.page(form, fresh, row, url_for(".plan", case_id=case.id))
        elif form.validate() and attempt(form, service.note_progress, form.command, row, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".plan", case_id=case.id))
        base = conflicts.base(fresh)
        return page("plans/goal.html", form=form, case=case, domain=domain, goal=row, base=base)


def _edited(case: Case, domain: Domain) -> Any:
    """The form of the current plan, or of a new one."""
    current = None if request.args.get("new") else queries.current(case)
    form, fresh = PlanForm(), PlanForm(formdata=None)
    if current is not None:
        fresh.show(current)
    fresh.offer(domain.code, case.subject_kind)
    base = conflicts.base(fresh) if current is not None else ""
    if not form.is_submitted():
        if current is not None:
            form.show(current)
        else:
            form.starts_on.data = clock.today().isoformat()
            form.review_on.data = dates.add_months(clock.today(), 3).isoformat()
    form.offer(domain.code, case.subject_kind)
    if form.more.data and form.is_submitted():
        form.more_rows()
        form.offer(domain.code, case.subject_kind)
        return page("plans/edit.html", form=form, case=case, domain=domain, plan=current, base=base, status=200)
    stale = form.is_submitted() and current is not None and conflicts.is_stale(form, fresh, current)
    if form.validate_on_submit():
        if stale:
            return conflicts.page(form, fresh, current, url_for(".plan", case_id=case.id))
        if current is not None:
            done = attempt(form, service.change, form.command, current, case, the_actor())
        else:
            done = attempt(form, service.write_new, form.command, case, the_actor())
        if done:
            flash(_("Plan saved."), "ok")
            return redirect(url_for(".plan", case_id=case.id))
    return page("plans/edit.html", form=form, case=case, domain=domain, plan=current, base=base)
