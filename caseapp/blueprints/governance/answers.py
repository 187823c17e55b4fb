"""What is done with a resident's request: handed on, answered, worked on as a case, voided."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import CODE, done
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.governance.request import AnswerForm, BecomeCaseForm, HandOnForm
from caseapp.forms.details.governance.survey import VoidPaperForm
from caseapp.models.details.governance import GovernanceRequest
from caseapp.queries.details.governance import requests as queries
from caseapp.queries.organisation import villages
from caseapp.services.details.governance import requests as service


def register(bp: Blueprint) -> None:
    """Hangs the forms under `/governance/requests/<request_id>/…`."""

    @bp.route("/requests/<uuid:request_id>/hand-on", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def hand_on(request_id: UUID) -> Any:
        """To whom, when, and whether another day is promised."""
        row, form = _open(request_id), HandOnForm()
        if not form.is_submitted():
            form.version.data, form.handed_on.data = row.version, clock.today().isoformat()
            form.due_on.data = row.due_on.isoformat()
        return done(form, service.hand_on, row, _url(row)) or page("governance/hand_on.html", form=form, row=row)

    @bp.route("/requests/<uuid:request_id>/answer", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def answer_request(request_id: UUID) -> Any:
        """What was answered; again later, to say whether it satisfied."""
        row, form = _open(request_id), AnswerForm()
        if not form.is_submitted():
            for name in ("answered_on", "answered_how", "outcome", "answer", "satisfied", "version"):
                form[name].process_data(getattr(row, name))
            form.answered_on.data = (row.answered_on or clock.today()).isoformat()
        return done(form, service.answer, row, _url(row)) or page("governance/answer.html", form=form, row=row)

    @bp.route("/requests/<uuid:request_id>/case", methods=["GET", "POST"])
    @requires(Permission.CASE_OPEN)
    def become_case(request_id: UUID) -> Any:
        """A case about the person on file, or about the village."""
        row, form = _open(request_id, Permission.CASE_OPEN), BecomeCaseForm()
        place = villages.names([row.division_code]).get(row.division_code, row.division_code)
        form.about.choices = [("community", _("the community: %(place)s", place=place))]
        if row.client is not None:
            form.about.choices.insert(0, ("client", row.client.name))
        if not form.is_submitted():
            form.version.data = row.version
        elif form.validate() and (case := attempt(form, service.become_case, form.command, row, CODE, the_actor())):
            flash(_("The case is open: %(number)s.", number=case.case_no), "ok")
            return redirect(url_for(".show", case_id=case.id))
        return page("governance/become_case.html", form=form, row=row)

    @bp.route("/requests/<uuid:request_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_request(request_id: UUID) -> Any:
        """Written wrongly."""
        row, form = _open(request_id), VoidPaperForm()
        if not form.is_submitted():
            form.version.data = row.version
        url = url_for(".request", request_id=row.id)
        crumbs = [(_("Residents' requests"), url_for(".requests")), (row.number, url)]
        return done(form, service.void, row, url) or page("governance/void.html", form=form, back=url, trail=crumbs)


def _open(request_id: UUID, permission: Permission = Permission.CASE_WRITE) -> GovernanceRequest:
    row = queries.one(request_id)
    policy.require(the_actor(), permission, row)
    return row


def _url(row: GovernanceRequest) -> str:
    return url_for(".request", request_id=row.id)
