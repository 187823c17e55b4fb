"""Assessments of a case: the form of an instrument, its result, confirming the level, voiding."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.casework.assessment import ConfirmLevelForm, VoidAssessmentForm, form_for
from caseapp.models.casework import Assessment
from caseapp.queries.casework import assessments as queries
from caseapp.queries.casework import cases
from caseapp.services.casework import assessments as service
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/<domain>/cases/<case_id>/assessments`."""

    @bp.get("/cases/<uuid:case_id>/assessments")
    @requires(Permission.CASE_READ)
    def assessments(case_id: UUID) -> Any:
        """The assessments of a case, newest first."""
        case = cases.one(case_id, domain.code)
        audit.opened(db.session, case, "case.assessments")
        return page(
            "assessments/index.html",
            case=case,
            rows=[(row, reference.instrument(row.instrument, row.instrument_version)) for row in queries.of_case(case.id)],
            instruments=[reference.instrument(code) for code in domain.instruments],
        )

    @bp.route("/cases/<uuid:case_id>/assessments/<instrument>/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def assess(case_id: UUID, instrument: str) -> Any:
        """The form of an instrument; a begun one goes on."""
        case = cases.one(case_id, domain.code)
        policy.require(the_actor(), Permission.CASE_WRITE, case)
        if instrument not in domain.instruments:
            raise NotFound()
        begun = queries.begun(case.id, instrument)
        chosen = reference.instrument(instrument, begun.instrument_version if begun else None)
        form = form_for(chosen.code, chosen.version)()
        if not form.is_submitted():
            form.assessed_on.data = clock.today()
            if begun:
                form.show(begun)
        elif form.validate() and (row := attempt(form, service.record, form.command, case, the_actor())):
            if row.state == "partial":
                flash(_("Saved so far. You can go on whenever you like."), "ok")
                return redirect(url_for(".assess", case_id=case.id, instrument=instrument))
            return redirect(url_for(".assessment", case_id=case.id, assessment_id=row.id))
        return page(
            "assessments/form.html",
            form=form,
            case=case,
            instrument=chosen,
            previous=queries.latest(case.client_id, chosen.code) if case.client_id else None,
            begun=begun,
        )

    @bp.route("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>", methods=["GET", "POST"])
    @requires(Permission.CASE_READ)
    def assessment(case_id: UUID, assessment_id: UUID) -> Any:
        """The result beside the one before; a person confirms the level here."""
        case = cases.one(case_id, domain.code)
        row = queries.one(assessment_id, case.id)
        instrument = reference.instrument(row.instrument, row.instrument_version)
        form = ConfirmLevelForm(obj=None, version=row.version).offer(instrument)
        if request.method == "POST":
            policy.require(the_actor(), Permission.CASE_WRITE, row)
            if form.validate_on_submit() and attempt(form, service.confirm, form.command, row, the_actor()):
                flash(_("Level confirmed."), "ok")
                return redirect(url_for(".assessment", case_id=case.id, assessment_id=row.id))
        elif row.state == "complete":
            form.level.data = row.computed_level
        audit.opened(db.session, case, "case.assessment")
        return page("assessments/show.html", form=form, case=case, instrument=instrument, **result(row, instrument))

    @bp.route("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_assessment(case_id: UUID, assessment_id: UUID) -> Any:
        """Says with a reason that an assessment does not count."""
        case = cases.one(case_id, domain.code)
        row = queries.one(assessment_id, case.id)
        form = VoidAssessmentForm(version=row.version)
        if form.validate_on_submit() and attempt(form, service.void, form.command, row, the_actor()):
            flash(_("The assessment no longer counts."), "ok")
            return redirect(url_for(".assessments", case_id=case.id))
        return page("assessments/void.html", form=form, case=case, row=row)


def result(row: Assessment, instrument: Any) -> dict[str, Any]:
    """What the result page shows: sums beside the previous ones, reasons, alerts, warnings."""
    previous = queries.latest(row.client_id, row.instrument, before=row)
    scored = reference.score(instrument, row.answers or {}, row.conditions or {})
    before = (previous.groups or {}) if previous else {}
    medical = sum(1 for who in row.assessors or [] if who.get("medical"))
    return {
        "row": row,
        "previous": previous,
        "scored": scored,
        "groups": [
            {"group": group, "value": (row.groups or {}).get(group.code, 0), "previous": before.get(group.code)}
            for group in instrument.groups
        ],
        "overrides": [instrument.override(code) for code in scored.reasons],
        "too_few_assessors": instrument.assessors_fall_short(len(row.assessors or []), medical),
    }
