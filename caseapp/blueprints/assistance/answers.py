"""What the authority answered, taken back when it was recorded by mistake, and the appeal the family was told about."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.details.assistance.aid import AnswerForm, AppealForm, VoidAnswerForm
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid as queries
from caseapp.services.details.assistance import aid as service


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the forms under `/assistance/cases/<case_id>/applications/<request_id>/…`."""

    @bp.route("/cases/<uuid:case_id>/applications/<uuid:request_id>/answer", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def answer(case_id: UUID, request_id: UUID) -> Any:
        """The authority's own answer: who, when, on which paper."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.request(request_id, case), AnswerForm()
        entry = reference.codes("assistance_aid").get(row.aid)
        facts = entry.facts if entry is not None else {}
        form.offer()
        if not form.is_submitted():
            form.version.data, form.answered_on.data, form.tag.data = row.version, clock.today().isoformat(), "tag" in facts
            form.answer.data = "withdrawn" if request.args.get("answer") == "withdrawn" else None
        elif form.validate() and attempt(form, service.answer, form.command, row, case, the_actor()):
            flash(_("The answer of the authority is recorded."), "ok")
            return redirect(url_for(".application", case_id=case.id, request_id=row.id))
        return page("assistance/answer.html", form=form, case=case, domain=domain, row=row, facts=facts)

    @bp.route("/cases/<uuid:case_id>/applications/<uuid:request_id>/answers/<uuid:answer_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_answer(case_id: UUID, request_id: UUID, answer_id: UUID) -> Any:
        """An answer recorded by mistake."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.request(request_id, case), VoidAnswerForm()
        said = next((one for one in row.answers if one.id == answer_id), None)
        if said is None:
            raise NotFound()
        if not form.is_submitted():
            form.version.data = row.version
        elif form.validate() and attempt(form, service.void_answer, form.command, said, row, case, the_actor()):
            flash(_("The answer no longer counts."), "ok")
            return redirect(url_for(".application", case_id=case.id, request_id=row.id))
        return page("assistance/void_answer.html", form=form, case=case, domain=domain, row=row, said=said)

    @bp.route("/cases/<uuid:case_id>/applications/<uuid:request_id>/appeal", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def appeal(case_id: UUID, request_id: UUID) -> Any:
        """The family was told how a refusal can be looked at again."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.request(request_id, case), AppealForm()
        if not form.is_submitted():
            form.version.data, form.told_on.data = row.version, clock.today().isoformat()
            form.note.data = row.appeal_note
        elif form.validate() and attempt(form, service.tell_appeal, form.command, row, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".application", case_id=case.id, request_id=row.id))
        return page("assistance/appeal.html", form=form, case=case, domain=domain, row=row)
