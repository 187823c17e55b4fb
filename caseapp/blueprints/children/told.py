"""Who was told of a report: adding somebody, the answer that came, taking a wrong entry out of the count."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.children.report import onward, opened
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.details.children.report import AnswerForm, TellForm
from caseapp.queries.details.children import reports as queries
from caseapp.services.details.children import reports as service
from caseapp.services.trust import audit


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/children/reports/<report_id>/told`."""

    @bp.route("/reports/<uuid:report_id>/told/new", methods=["GET", "POST"])
    @requires(Permission.HARM_REPORT)
    def tell(report_id: UUID) -> Any:
        """Somebody was told just now, or some time ago."""
        row, form = opened(report_id, Permission.HARM_REPORT), TellForm()
        if row.state != "open":
            raise NotFound()
        if not form.is_submitted():
            now = clock.local(clock.now())
            form.told_on.data, form.told_time.data, form.how.data = now.date().isoformat(), f"{now:%H:%M}", "phone"
        elif form.validate() and attempt(form, service.tell, form.command, row, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".tell", report_id=row.id) if "again" in request.form else onward(row))
        return page("children/tell.html", form=form, report=row, told=queries.told(row), steps=queries.steps(row))

    @bp.route("/reports/<uuid:report_id>/told/<uuid:told_id>", methods=["GET", "POST"])
    @requires(Permission.HARM_REPORT)
    def answer(report_id: UUID, told_id: UUID) -> Any:
        """A receipt number and the answer."""
        row, form = opened(report_id, Permission.HARM_REPORT), AnswerForm()
        entry = queries.one_told(told_id, row)
        if not form.is_submitted():
            form.show(entry)
        elif form.validate() and attempt(form, service.note_answer, form.command, entry, row, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".report", report_id=row.id))
        audit.opened(db.session, row, "report.answer_opened")
        return page("children/answer.html", form=form, report=row, entry=entry)

    @bp.post("/reports/<uuid:report_id>/told/<uuid:told_id>/void")
    @requires(Permission.HARM_REPORT)
    def void_told(report_id: UUID, told_id: UUID) -> Any:
        """An entry that was wrong."""
        row = opened(report_id, Permission.HARM_REPORT)
        service.void_told(queries.one_told(told_id, row), row, the_actor())
        flash(_("This entry no longer counts."), "ok")
        return redirect(url_for(".report", report_id=row.id))
