"""Making a mandatory report: one short page, about a child on file, of a household, or one just seen."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import age_of
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.forms.details.children.report import ReportForm
from caseapp.models.casework import Client
from caseapp.queries.casework import clients, households
from caseapp.queries.casework.clients import duplicates
from caseapp.queries.organisation import villages
from caseapp.services.details.children import filing as service


def register(bp: Blueprint) -> None:
    """Hangs the page under `/children/reports/new?client=…`, `?household=…`, or without either."""

    @bp.route("/reports/new", methods=["GET", "POST"])
    @requires(Permission.HARM_REPORT)
    def new_report() -> Any:
        """The report; the child's file is not opened by it."""
        actor, form = the_actor(), ReportForm()
        client = _client("client")
        people = [] if client is not None else _of_household()
        form.offer([(row.code, row.name) for row in villages.of(actor)], [(str(row.id), _said(row)) for row in people])
        if not form.is_submitted():
            now = clock.local(clock.now())
            form.found_on.data, form.found_time.data = now.date().isoformat(), f"{now:%H:%M}"
        if client is not None:
            form.client_id.data = str(client.id)
        if form.validate_on_submit() and (made := attempt(form, service.file_report, form.command, actor)):
            flash(_("The report is saved and the head is told. Next: is the child safe now?"), "ok")
            return redirect(url_for(".safety", report_id=made.id))
        return page("children/new_report.html", form=form, child=client, people=people)

    @bp.post("/reports/who")
    @requires(Permission.HARM_REPORT, reading=True)
    def who() -> Any:
        """Children on file of that name, to choose from while it is typed; only lines are shown, no file is opened."""
        wanted = duplicates.Wanted(request.form.get("name", "").strip()[:60])
        found = [alike.client for alike in duplicates.like(wanted, the_actor()) if alike.client.klass == "minor"]
        return render_template("children/who.html", rows=found, places=villages.names(row.residence_code for row in found))


def _client(name: str) -> Client | None:
    """The child an address names, whose line must be in sight; nothing of the file is asked for."""
    text = request.args.get(name)
    if not text:
        return None
    client = clients.one(_uuid(text))
    policy.require_at_line(the_actor(), Permission.HARM_REPORT, client)
    return client


def _of_household() -> list[Client]:
    """The children of a household that an address names."""
    text = request.args.get("household")
    if not text:
        return []
    known = households.people(households.one(_uuid(text)).members)
    return [row for row in known.values() if row.klass == "minor"]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound() from error


def _said(client: Client) -> str:
    age = age_of(client)
    return client.name if age is None else _("%(name)s, aged %(age)s", name=client.name, age=age)
