"""One mandatory report: where it stands, a small page for each step, its end, and the sheet to print."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.filters import moment
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.details.children.report import (
    CloseReportForm,
    EvidenceForm,
    FactsForm,
    OutcomeForm,
    SafetyForm,
    VoidReportForm,
)
from caseapp.models.details.children import ChildrenReport
from caseapp.queries.casework import cases, clients
from caseapp.queries.details.children import reports as queries
from caseapp.queries.organisation import places, workers
from caseapp.services.details.children import reports as service
from caseapp.services.trust import audit

STEPS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "safety": (SafetyForm, service.note_safety),
    "facts": (FactsForm, service.note_facts),
    "evidence": (EvidenceForm, service.note_evidence),
    "outcome": (OutcomeForm, service.note_outcome),
}
GUIDED = ("safety", "tell_police", "tell_civil", "facts", "evidence")  # one page leads to the next until these are done


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/children/reports/<report_id>`."""

    @bp.get("/reports/<uuid:report_id>")
    @requires(Permission.HARM_REPORT, Permission.CASE_READ)
    def report(report_id: UUID) -> Any:
        """Everything about it on one page, the next step first."""
        row = opened(report_id)
        audit.opened(db.session, row, "report.opened")
        return page("children/report.html", **_whole(row))

    for name in STEPS:
        _step(bp, name)

    @bp.route("/reports/<uuid:report_id>/close", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def close_report(report_id: UUID) -> Any:
        """The end of the report."""
        row, form = opened(report_id, Permission.HARM_REPORT), CloseReportForm()
        case = cases.opened(row.case_id, the_actor(), Permission.CASE_WRITE)
        if not form.is_submitted():
            form.show(row)
        elif form.validate() and attempt(form, service.close, form.command, row, case, the_actor()):
            flash(_("The report is closed."), "ok")
            return redirect(url_for(".report", report_id=row.id))
        return page("children/close_report.html", form=form, report=row)

    @bp.route("/reports/<uuid:report_id>/void", methods=["GET", "POST"])
    @requires(Permission.HARM_REPORT)
    def void_report(report_id: UUID) -> Any:
        """Says why a report does not count."""
        row, form = opened(report_id, Permission.HARM_REPORT), VoidReportForm()
        if not form.is_submitted():
            form.show(row)
        elif form.validate() and attempt(form, service.void, form.command, row, the_actor()):
            flash(_("The report no longer counts."), "ok")
            return redirect(url_for(".report", report_id=row.id))
        return page("children/void_report.html", form=form, report=row)

    @bp.get("/reports/<uuid:report_id>/print")
    @requires(Permission.HARM_REPORT, Permission.CASE_READ)
    def print_report(report_id: UUID) -> Any:
        """The report on paper; who made it stands on it only where that is asked for, and who printed it never."""
        row = opened(report_id)
        named = request.args.get("named") == "1"
        audit.opened(db.session, row, "report.printed", fields=("reporter",) if named else ())
        trace = _("Printed on %(when)s", when=moment(clock.now()))
        station, bureau, _contractor = places.around(row.station_id)
        return page("children/print_report.html", **_whole(row), named=named, trace=trace, station=station, bureau=bureau)


def opened(report_id: UUID, permission: Permission = Permission.CASE_READ) -> ChildrenReport:
    """The report, where the reader may open it for that."""
    row = queries.one(report_id)
    policy.require(the_actor(), permission, row)
    return row


def onward(row: ChildrenReport) -> str:
    """Where the guide goes on: the page of the next of the first steps, else the report."""
    following = queries.next_step(row)
    if following not in GUIDED:
        return url_for(".report", report_id=row.id)
    endpoint = "tell" if following.startswith("tell_") else following
    return url_for(f".{endpoint}", report_id=row.id)


def _step(bp: Blueprint, name: str) -> None:
    """One step's own page; of two editors the second sees what differs."""
    kind, verb = STEPS[name]

    @bp.route(f"/reports/<uuid:report_id>/{name}", methods=["GET", "POST"], endpoint=name)
    @requires(Permission.HARM_REPORT)
    def step(report_id: UUID) -> Any:
        """The form of the step."""
        row, form, fresh = opened(report_id, Permission.HARM_REPORT), kind(), kind(formdata=None)
        if row.state != "open":
            raise NotFound()
        fresh.show(row)
        if not form.is_submitted():
            form.show(row)
        else:
            conflicts.resolve(form, fresh)
            if form.validate():
                if form.version.data != row.version:
                    return conflicts.page(form, fresh, row, url_for(".report", report_id=row.id))
                if attempt(form, verb, form.command, row, the_actor()):
                    flash(_("Saved."), "ok")
                    return redirect(onward(row))
        audit.opened(db.session, row, f"report.{name}_opened")
        return page(f"children/{name}.html", form=form, report=row, base=conflicts.base(fresh), steps=queries.steps(row))


def _whole(row: ChildrenReport) -> dict[str, Any]:
    case = queries.case_of(row)
    child = clients.one(row.client_id)
    told = queries.told(row)
    return {
        "report": row,
        "child": child,
        "case_of_report": case,
        "told": told,
        "steps": queries.steps(row),
        "next_step": queries.next_step(row),
        "people": workers.names({row.author_id, case.worker_id if case is not None else None, row.closed_by_id}),
        "twins": queries.same_name(child.name, child) if row.state == "open" and not child.is_unidentified else [],
    }
