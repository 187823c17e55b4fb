"""Applications of a case: what the family receives and asks for at a glance, one application, its papers, hand-in, answers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.assistance import words
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.details.assistance.aid import HandInForm, PapersForm, RequestForm
from caseapp.models.casework import Case
from caseapp.models.details.assistance import AidRequest
from caseapp.queries.casework import cases
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import family as families
from caseapp.queries.details.assistance.family import of_case
from caseapp.queries.organisation import workers
from caseapp.services.details.assistance import aid as service
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/assistance/cases/<case_id>/aid` and `…/applications`."""

    @bp.get("/cases/<uuid:case_id>/aid")
    @requires(Permission.CASE_READ)
    def aid(case_id: UUID) -> Any:
        """What the family receives, what was applied for."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "aid.listed")
        return page("assistance/aid.html", case=case, domain=domain, **glance(of_case(case)))

    @bp.route("/cases/<uuid:case_id>/applications/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_application(case_id: UUID) -> Any:
        """What is applied for, for whom, which papers are there."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        form = RequestForm()
        form.offer(families.members(of_case(case)))
        if form.validate_on_submit() and (row := attempt(form, service.write, form.command, case, the_actor())):
            flash(_("The application is noted. Tick the papers as they come together."), "ok")
            return redirect(_application_url(case, row))
        return page("assistance/application_form.html", form=form, case=case, domain=domain, row=None, base="")

    @bp.get("/cases/<uuid:case_id>/applications/<uuid:request_id>")
    @requires(Permission.CASE_READ)
    def application(case_id: UUID, request_id: UUID) -> Any:
        """One application: where it stands, its papers, the authority's answers, what comes next."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "aid.opened")
        return _shown(case, queries.request(request_id, case), domain)

    @bp.route("/cases/<uuid:case_id>/applications/<uuid:request_id>/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit_application(case_id: UUID, request_id: UUID) -> Any:
        """What is applied for, put right before it is answered."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        return _edited(case, queries.request(request_id, case), domain)

    @bp.post("/cases/<uuid:case_id>/applications/<uuid:request_id>/papers")
    @requires(Permission.CASE_WRITE)
    def papers(case_id: UUID, request_id: UUID) -> Any:
        """Which papers are together."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.request(request_id, case), PapersForm()
        form.offer(row)
        if form.validate_on_submit() and attempt(form, service.tick, form.command, row, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(_application_url(case, row))
        return _shown(case, row, domain, form)

    @bp.route("/cases/<uuid:case_id>/applications/<uuid:request_id>/hand-in", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def hand_in(case_id: UUID, request_id: UUID) -> Any:
        """Where and when it was handed in."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row, form = queries.request(request_id, case), HandInForm()
        if not form.is_submitted():
            form.version.data, form.handed_in_on.data = row.version, clock.today().isoformat()
            form.handed_in_to.data, form.receipt_no.data = row.handed_in_to, row.receipt_no
        elif form.validate() and attempt(form, service.hand_in, form.command, row, case, the_actor()):
            flash(_("Handed in. You are reminded to ask for the answer."), "ok")
            return redirect(_application_url(case, row))
        missing = [code for code in row.papers_wanted or [] if code not in (row.papers_ready or [])]
        return page("assistance/hand_in.html", form=form, case=case, domain=domain, row=row, missing=missing)


def glance(family: families.Family) -> dict[str, Any]:
    """Everything a family receives and asks for, with names."""
    members = families.members(family)
    rows, requests = queries.benefits(family), queries.requests(family)
    kept: list[Any] = [*rows, *requests]
    return {
        "benefits": rows,
        "aid_requests": requests,
        "whom": {row.id: words.for_whom(row.for_whom, members) for row in kept},
    }


def _edited(case: Case, row: AidRequest, domain: Domain) -> Any:
    """The form of an application; of two editors the second sees what differs."""
    form: Any = RequestForm()
    fresh: Any = RequestForm(formdata=None)
    people = families.members(of_case(case))
    for one in (form, fresh):
        one.offer(people)
    fresh.show(row)
    if not form.is_submitted():
        form.show(row)
    else:
        conflicts.resolve(form, fresh)
        if form.validate():
            if form.version.data != row.version:
                return conflicts.page(form, fresh, row, _application_url(case, row))
            if attempt(form, service.write, form.command, case, the_actor(), row):
                flash(_("Saved."), "ok")
                return redirect(_application_url(case, row))
    return page("assistance/application_form.html", form=form, case=case, domain=domain, row=row, base=conflicts.base(fresh))


def _shown(case: Case, row: AidRequest, domain: Domain, form: Any = None) -> Any:
    papers = form
    if papers is None:
        papers = PapersForm(formdata=None)
        papers.offer(row)
        papers.show(row)
    return page(
        "assistance/application.html",
        form=form,
        papers=papers,
        case=case,
        domain=domain,
        row=row,
        is_open=row.state in queries.OPEN_STATES,
        whom=words.for_whom(row.for_whom, families.members(of_case(case))),
        people=workers.names({row.created_by_id, *(said.created_by_id for said in row.answers)}),
    )


def _application_url(case: Case, row: AidRequest) -> str:
    return url_for(".application", case_id=case.id, request_id=row.id)
