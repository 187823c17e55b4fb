"""Domestic violence: what is known, safety plan, paths, the report to the police, safe contact."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import entry_page, form_page, opened, row_page
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.details.affairs.base import local
from caseapp.forms.details.affairs.violence import PathForm, PoliceReportForm, SafeContactForm, SafetyPlanForm, ViolenceForm
from caseapp.models.details.affairs import SafetyPlan, ViolenceMatter
from caseapp.queries.casework import cases
from caseapp.queries.details.affairs import rows
from caseapp.queries.details.affairs.file import VIOLENCE
from caseapp.services.details.affairs import violence as service


@bp.route("/cases/<uuid:case_id>/violence", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def violence(case_id: UUID) -> Any:
    """What happened, and whether the person can decide alone."""
    case = opened(case_id, VIOLENCE)
    shown = {} if rows.one(ViolenceMatter, case) is not None else {"found_at": local(case.created_at)}
    title, template = _("Domestic violence"), "affairs/violence/fields.html"
    return row_page(case, ViolenceForm, ViolenceMatter, service.keep_violence, title, template, shown=shown)


@bp.route("/cases/<uuid:case_id>/safety-plan", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def safety_plan(case_id: UUID) -> Any:
    """What to do when it begins again, worked out with the person."""
    case = opened(case_id, VIOLENCE)
    shown = {} if rows.one(SafetyPlan, case) is not None else {"made_on": clock.today().isoformat()}
    title, template = _("Safety plan"), "affairs/violence/safety_plan.html"
    return row_page(case, SafetyPlanForm, SafetyPlan, service.keep_safety_plan, title, template, shown=shown)


@bp.route("/cases/<uuid:case_id>/paths/new", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def new_path(case_id: UUID) -> Any:
    """A way to help was told; the person's own will decides."""
    case, form = opened(case_id, VIOLENCE), PathForm()
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
    return entry_page(case, form, service.take_path, _("A way to help"), "affairs/violence/path.html")


@bp.route("/cases/<uuid:case_id>/police-report", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def police_report(case_id: UUID) -> Any:
    """The police were told; nothing stands in the way of it."""
    case, form = opened(case_id, VIOLENCE), PoliceReportForm()
    if not form.is_submitted():
        form.reported_at.data = local(clock.now())
    title, template = _("Report to the police"), "affairs/violence/police_report.html"
    return entry_page(case, form, service.report_to_police, title, template, act=_("Record the report"))


@bp.route("/cases/<uuid:case_id>/safe-contact", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def safe_contact(case_id: UUID) -> Any:
    """How and when contact does no harm: it stands with the person and is read before any number."""
    case = opened(case_id, matter="family")
    if case.client is None:
        raise NotFound()
    client, form = case.client, SafeContactForm()
    if not form.is_submitted():
        form.version.data, form.safe_contact.data = client.version, client.safe_contact
    elif form.validate() and attempt(form, service.contact_safely, form.command, client, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".matter", case_id=case.id))
    return form_page(cases.one(case.id), form, _("How to reach the person safely"), "affairs/violence/safe_contact.html")
