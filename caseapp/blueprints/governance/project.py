"""The project of a community case: sheet, steps, what was delivered, result; on screen and on paper."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import CODE, trace
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains import get
from caseapp.extensions import db
from caseapp.forms.details.governance.project import ProjectForm, ResultForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases, plans
from caseapp.queries.details.governance import partners, surveys
from caseapp.queries.details.governance import projects as queries
from caseapp.queries.organisation import workers
from caseapp.services.details.governance import projects as service
from caseapp.services.trust import audit


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/governance/cases/<case_id>/project`."""

    @bp.get("/cases/<uuid:case_id>/project")
    @requires(Permission.CASE_READ)
    def project(case_id: UUID) -> Any:
        """Need, design, delivery and result on one page."""
        case = _community(case_id, Permission.CASE_READ)
        audit.opened(db.session, case, "governance.project_opened")
        found = queries.deliveries(case, request.args.get("cursor"))
        next_url = url_for(".project", case_id=case.id, cursor=found.next) if found.next else None
        return page("governance/project.html", **_shown(case, found.items), next_url=next_url)

    @bp.get("/cases/<uuid:case_id>/project/print")
    @requires(Permission.CASE_READ)
    def print_project(case_id: UUID) -> Any:
        """The project sheet on paper."""
        case = _community(case_id, Permission.CASE_READ)
        audit.opened(db.session, case, "governance.project_printed")
        found = queries.deliveries(case, None, 200)
        shown = _shown(case, found.items)
        return page("governance/print_project.html", **shown, trace=trace(), file_number=case.case_no)

    @bp.route("/cases/<uuid:case_id>/project/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit_project(case_id: UUID) -> Any:
        """The sheet as a whole."""
        case, form = _community(case_id, Permission.CASE_WRITE), ProjectForm()
        row = queries.of_case(case)
        if form.is_submitted() and form.more.data:
            form.more_rows()
        kept = [str(row.survey_id)] if row is not None and row.survey_id else []
        offered = surveys.offered(case.station_id)
        offered += [(key, _("a survey that was voided")) for key in kept if key not in dict(offered)]
        known = dict(partners.offered(case.station_id))
        known |= queries.partner_names(set(row.partner_ids or []) - set(known)) if row is not None else {}
        form.offer(offered, list(known.items()))
        if not form.is_submitted():
            if row is not None:
                form.show(row)
            else:
                form.name.data = case.community_name
        elif not form.more.data and form.validate() and attempt(form, service.write, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".project", case_id=case.id))
        return page("governance/project_form.html", form=form, case=case, domain=get(CODE), row=row)

    @bp.route("/cases/<uuid:case_id>/project/result", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def project_result(case_id: UUID) -> Any:
        """What came of it, beside what was aimed at."""
        case, form = _community(case_id, Permission.CASE_WRITE), ResultForm()
        row = queries.of_case(case)
        if row is None:
            return redirect(url_for(".edit_project", case_id=case.id))  # nothing yet that could have a result
        if not form.is_submitted():
            form.show(row)
        if form.validate_on_submit() and attempt(form, service.conclude, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".project", case_id=case.id))
        reached = queries.reached(case)
        return page("governance/result_form.html", form=form, case=case, domain=get(CODE), project=row, reached=reached)


def _community(case_id: UUID, permission: Permission) -> Case:
    """A case about a community; a person's or household's has no project."""
    case = cases.opened(case_id, the_actor(), permission, CODE)
    if case.subject_kind != "community":
        raise NotFound()
    return case


def _shown(case: Case, rows: list[Any]) -> dict[str, Any]:
    """What page and sheet share: a constant number of statements."""
    row = queries.of_case(case)
    named = {key for _record, more in rows if more is not None for key in more.partner_ids or []}
    plan = plans.current(case)
    return {
        "case": case,
        "domain": get(CODE),
        "project": row,
        "survey": surveys.one(row.survey_id) if row is not None and row.survey_id else None,
        "detail": cases.detail_of(case, get(CODE).detail),
        "plan": plan,
        "rows": rows,
        "reached": queries.reached(case),
        "partners": queries.partner_names(named | set(row.partner_ids or [] if row is not None else [])),
        "iso_day": date.fromisoformat,
        "people": workers.names({case.worker_id, *(record.worker_id for record, _more in rows)}),
    }
