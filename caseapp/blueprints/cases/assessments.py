"""Assessments of a case: what can be asked, the form of an instrument, handing a result on, voiding. Results: `results.py`."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import age_of
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _, ngettext
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.casework.assessment import VoidAssessmentForm, form_for
from caseapp.models.casework import Assessment, Case
from caseapp.queries.casework import assessments as queries
from caseapp.queries.casework import cases
from caseapp.services.casework import assessments as service
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/<domain>/cases/<case_id>/assessments`."""

    @bp.get("/cases/<uuid:case_id>/assessments")
    @requires(Permission.CASE_READ)
    def assessments(case_id: UUID) -> Any:
        """What can be asked, each with its last result; the assessments of the case, newest first."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.assessments")
        last = queries.latest_two(case.client_id, domain.offered_in(case)) if case.client_id else {}
        return page(
            "assessments/index.html",
            case=case,
            rows=[(row, reference.instrument(row.instrument, row.instrument_version)) for row in queries.of_case(case.id)],
            offered=[(one, next(iter(last.get(one.code, ())), None)) for one in offered(domain, case)],
        )

    @bp.route("/cases/<uuid:case_id>/assessments/<instrument>/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def assess(case_id: UUID, instrument: str) -> Any:
        """The form of an instrument; a begun one goes on."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        if instrument not in domain.offered_in(case):
            raise NotFound()
        begun = queries.begun(case.id, instrument)
        chosen = reference.instrument(instrument, begun.instrument_version if begun else None)
        previous = queries.latest(case.client_id, chosen.code) if case.client_id else None
        form = form_for(chosen.code, chosen.version)()
        if not form.is_submitted():
            form.assessed_on.data, form.reason.data = clock.today(), "regular" if previous else "first"
            if begun:
                form.show(begun)
        elif form.validate() and (row := attempt(form, service.record, form.command, case, the_actor())):
            return _saved(row, case)
        return page(
            "assessments/form.html",
            form=form,
            case=case,
            instrument=chosen,
            previous=previous,
            begun=begun,
            warnings=warnings(chosen, case, previous, clock.today()),
            closed=not access.will_read(the_actor(), case, chosen.klass or case.klass),
        )

    @bp.get("/cases/<uuid:case_id>/assessments/<instrument>/handed-on")
    @requires(Permission.CASE_WRITE)
    def handed_on(case_id: UUID, instrument: str) -> Any:
        """After a restricted result by somebody who is not on the file: who sees it, and what to do if there is danger."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        if instrument not in domain.offered_in(case):
            raise NotFound()
        chosen = reference.instrument(instrument)
        return page(
            "assessments/handed_on.html",
            case=case,
            instrument=chosen,
            protocols=[reference.protocols()[code] for code in chosen.protocols],
        )

    @bp.route("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>/void", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def void_assessment(case_id: UUID, assessment_id: UUID) -> Any:
        """Says with a reason that an assessment does not count."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row = queries.one(assessment_id, case.id)
        form = VoidAssessmentForm(version=row.version)
        if form.validate_on_submit() and attempt(form, service.void, form.command, row, the_actor()):
            flash(_("The assessment no longer counts."), "ok")
            return redirect(url_for(".assessments", case_id=case.id))
        return page("assessments/void.html", form=form, case=case, row=row)


def offered(domain: Domain, case: Case) -> list[reference.Instrument]:
    """The instruments for this case, those that say nothing about the person's age left out."""
    years = age_of(case.client) if case.client is not None else None
    return [one for one in map(reference.instrument, domain.offered_in(case)) if not one.refuses_age(years)]


def warnings(instrument: reference.Instrument, case: Case, previous: Assessment | None, day: date) -> list[str]:
    """What speaks against using it now, or for doing so at last; nothing of it forbids anything."""
    found = []
    ages, last_on = instrument.facts.get("age") or {}, previous.assessed_on if previous else None
    if case.client is not None and instrument.misses_age(age_of(case.client, day)):
        found.append(
            _("Made for people from %(years)s years of age.", years=ages["from"])
            if "to" not in ages
            else _("Made for people up to %(years)s years of age.", years=ages["to"])
        )
    if left := instrument.too_soon(last_on, day):
        found.append(
            ngettext(
                "The last one was only lately: it says something new after %(num)s day more.",
                "The last one was only lately: it says something new after %(num)s days more.",
                left,
            )
        )
    if instrument.too_late(last_on, day):
        found.append(
            ngettext(
                "More than %(num)s month has passed since the last one.",
                "More than %(num)s months have passed since the last one.",
                instrument.facts["again"]["max_months"],
            )
        )
    return found


def _saved(row: Assessment, case: Case) -> Any:
    """To the result; whoever may not read it learns who does."""
    if row.state == "partial":
        flash(_("Saved so far. You can go on whenever you like."), "ok")
        return redirect(url_for(".assess", case_id=case.id, instrument=row.instrument))
    if not access.will_read(the_actor(), case, row.klass):
        return redirect(url_for(".handed_on", case_id=case.id, instrument=row.instrument))
    return redirect(url_for(".assessment", case_id=case.id, assessment_id=row.id))
