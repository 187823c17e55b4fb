"""Needs surveys: the list, one of them, its form and sheet."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import CODE, done, places, trace
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.forms.details.governance.survey import SurveyForm, VoidPaperForm
from caseapp.models.details.governance import GovernanceSurvey
from caseapp.queries.details.governance import surveys as queries
from caseapp.queries.organisation import villages, workers
from caseapp.services.details.governance import surveys as service

STATES = ("running", "finished", "void")


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/governance/surveys`."""

    @bp.get("/surveys")
    @requires(Permission.CASE_READ)
    def surveys() -> Any:
        """The latest first; `?state=` those of one state."""
        state = request.args.get("state")
        state = state if state in STATES else None
        found = queries.listed(state, request.args.get("cursor"))
        return page(
            "governance/surveys.html",
            rows=found.items,
            state=state,
            next_url=url_for(".surveys", state=state, cursor=found.next) if found.next else None,
            people=workers.names({row.worker_id for row in found.items}),
            places=villages.names(row.division_code for row in found.items),
        )

    @bp.route("/surveys/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_survey() -> Any:
        """A survey that begins, or one that was made."""
        form = SurveyForm()
        if not form.is_submitted():
            form.from_on.data = clock.today().isoformat()
        return _form(form, None, lambda: service.begin(form.command, the_actor()))

    @bp.get("/surveys/<uuid:survey_id>")
    @requires(Permission.CASE_READ)
    def survey(survey_id: UUID) -> Any:
        """What was found, by how many, how urgent."""
        return page("governance/survey.html", **_shown(survey_id))

    @bp.get("/surveys/<uuid:survey_id>/print")
    @requires(Permission.CASE_READ)
    def print_survey(survey_id: UUID) -> Any:
        """The survey on paper."""
        return page("governance/print_survey.html", **_shown(survey_id), trace=trace())

    @bp.route("/surveys/<uuid:survey_id>/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit_survey(survey_id: UUID) -> Any:
        """Written on."""
        row, form = _open(survey_id), SurveyForm()
        if not form.is_submitted():
            form.show(row)
        return _form(form, row, lambda: service.change(form.command, row, the_actor()))

    @bp.route("/surveys/<uuid:survey_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_survey(survey_id: UUID) -> Any:
        """It counts no more."""
        row, form = _open(survey_id), VoidPaperForm()
        if not form.is_submitted():
            form.version.data = row.version
        url = url_for(".survey", survey_id=row.id)
        crumbs = [(_("Needs surveys"), url_for(".surveys")), (row.title, url)]
        return done(form, service.void, row, url) or page("governance/void.html", form=form, back=url, trail=crumbs)


def _open(survey_id: UUID, permission: Permission = Permission.CASE_WRITE) -> GovernanceSurvey:
    row = queries.one(survey_id)
    policy.require(the_actor(), permission, row)
    return row


def _shown(survey_id: UUID) -> dict[str, Any]:
    row = _open(survey_id, Permission.CASE_READ)
    names = villages.names([row.division_code])
    return {"row": row, "people": workers.names({row.worker_id}), "places": names}


def _form(form: SurveyForm, row: GovernanceSurvey | None, verb: Any) -> Any:
    """The form, its button for more rows, and what it does."""
    if form.is_submitted() and form.more.data:
        form.more_rows()
    form.offer(places(row.division_code if row is not None else None), CODE)
    if form.is_submitted() and not form.more.data and form.validate() and (saved := attempt(form, verb)):
        flash(_("Saved."), "ok")
        return redirect(url_for(".survey", survey_id=saved.id))
    return page("governance/survey_form.html", form=form, row=row)
