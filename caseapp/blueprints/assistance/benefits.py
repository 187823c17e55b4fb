"""What a family receives: noted, ended, looked at again; the urgent need of today."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.details.assistance.aid import BenefitForm, EndBenefitForm, UrgentForm
from caseapp.models.details.assistance import AssistanceDetail
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance.family import of_case
from caseapp.services.details.assistance import aid as aid_service
from caseapp.services.details.assistance import benefits as service
from caseapp.services.details.assistance import urgent as urgent_service


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the forms under `/assistance/cases/<case_id>/benefits` and `…/urgent`."""

    @bp.route("/cases/<uuid:case_id>/benefits/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_benefit(case_id: UUID) -> Any:
        """Something the family receives already."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        form = BenefitForm()
        form.offer(families.members(of_case(case)))
        if form.validate_on_submit() and attempt(form, service.record, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".aid", case_id=case.id))
        return page("assistance/benefit_form.html", form=form, case=case, domain=domain, row=None)

    @bp.route("/cases/<uuid:case_id>/benefits/<uuid:benefit_id>", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def benefit(case_id: UUID, benefit_id: UUID) -> Any:
        """What is known of a benefit, put right."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        family, form = of_case(case), BenefitForm()
        row = queries.benefit(benefit_id, family)
        form.offer(families.members(family))
        if not form.is_submitted():
            form.show(row)
        elif form.validate() and attempt(form, service.record, form.command, case, the_actor(), row):
            flash(_("Saved."), "ok")
            return redirect(url_for(".aid", case_id=case.id))
        return page("assistance/benefit_form.html", form=form, case=case, domain=domain, row=row)

    @bp.route("/cases/<uuid:case_id>/benefits/<uuid:benefit_id>/end", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def end_benefit(case_id: UUID, benefit_id: UUID) -> Any:
        """It is no longer received."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.benefit(benefit_id, of_case(case)), EndBenefitForm()
        if not form.is_submitted():
            form.version.data, form.to_on.data = row.version, clock.today().isoformat()
        elif form.validate() and attempt(form, service.end, form.command, row, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".aid", case_id=case.id))
        return page("assistance/end_benefit.html", form=form, case=case, domain=domain, row=row)

    @bp.post("/cases/<uuid:case_id>/benefits/<uuid:benefit_id>/recheck")
    @requires(Permission.CASE_WRITE)
    def recheck(case_id: UUID, benefit_id: UUID) -> Any:
        """The re-check begins: an application of its own kind."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row = aid_service.start_recheck(queries.benefit(benefit_id, of_case(case)), case, the_actor())
        return redirect(url_for(".application", case_id=case.id, request_id=row.id))

    @bp.route("/cases/<uuid:case_id>/urgent", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def urgent(case_id: UUID) -> Any:
        """What is missing today, what was done, whether relief is asked for: one short form, nothing in its way."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        form = UrgentForm()
        if not form.is_submitted():
            detail = cases.detail_of(case, AssistanceDetail)
            form.needs.data = detail.urgent_needs if detail is not None and detail.urgent_met_on is None else None
        elif form.validate():
            done = attempt(form, urgent_service.meet, form.command, case, the_actor())
            if done:
                flash(_("Written down. The head sees it in the file."), "ok")
                if done is not True:
                    return redirect(url_for(".application", case_id=case.id, request_id=done.id))
                return redirect(url_for(".show", case_id=case.id))
        return page("assistance/urgent.html", form=form, case=case, domain=domain)
