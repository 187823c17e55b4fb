"""Stays on file: the responsible worker, the end, on file again; who is named on a restricted file."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.parts import AssignWorkerForm, EndEnrolmentForm, EnrolForm, NamePersonForm
from caseapp.queries.casework import clients
from caseapp.queries.casework.clients import enrolments as queries
from caseapp.queries.organisation import workers
from caseapp.services.casework.clients import access
from caseapp.services.casework.clients import enrolments as service
from caseapp.services.trust import audit


def _workers() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in workers.of(the_actor())]


@bp.get("/clients/<uuid:client_id>/enrolments")
@requires(Permission.CLIENT_READ)
def enrolments(client_id: UUID) -> Any:
    """Every stay on file, and what can be done about the present one."""
    actor = the_actor()
    client = clients.opened(client_id, actor)
    audit.opened(db.session, client, "client.enrolments")
    stays = queries.of_client(client.id)
    restricted = client.klass in ("P3", "minor") and policy.may(actor, Permission.CASE_ASSIGN, client)
    assign = AssignWorkerForm(formdata=None, worker_id=str(client.worker_id), version=client.version)
    assign.worker_id.choices = _workers()
    naming = NamePersonForm(formdata=None)
    naming.offer([(str(key), name) for key, name in workers.readers_of(client.station_path)] if restricted else [])
    return page(
        "clients/enrolments.html",
        client=client,
        stays=stays,
        people=workers.names({s.worker_id for s in stays}),
        assign=assign,
        naming=naming if restricted else None,
        named=access.open_to(client) if restricted else [],
    )


@bp.post("/clients/<uuid:client_id>/assign")
@requires(Permission.CASE_ASSIGN)
def assign(client_id: UUID) -> Any:
    """Another worker becomes responsible."""
    client = clients.opened(client_id, the_actor(), Permission.CASE_ASSIGN)
    form = AssignWorkerForm()
    form.worker_id.choices = _workers()
    if form.validate_on_submit() and attempt(form, service.assign, form.command, client, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".enrolments", client_id=client.id))
    return page("clients/assign.html", form=form, client=client)


@bp.post("/clients/<uuid:client_id>/named")
@requires(Permission.CASE_ASSIGN)
def name_person(client_id: UUID) -> Any:
    """Names somebody on a restricted file."""
    client = clients.opened(client_id, the_actor(), Permission.CASE_ASSIGN)
    form = NamePersonForm()
    form.offer([(str(key), name) for key, name in workers.readers_of(client.station_path)])
    if form.validate_on_submit() and attempt(form, access.name_on_file, form.command, client, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".enrolments", client_id=client.id))
    return page("clients/name_person.html", form=form, client=client)


@bp.post("/clients/<uuid:client_id>/named/<uuid:entry_id>/end")
@requires(Permission.CASE_ASSIGN)
def unname_person(client_id: UUID, entry_id: UUID) -> Any:
    """Somebody no longer opens a restricted file."""
    client = clients.opened(client_id, the_actor(), Permission.CASE_ASSIGN)
    access.close_to(entry_id, client, the_actor())
    flash(_("Saved."), "ok")
    return redirect(url_for(".enrolments", client_id=client.id))


@bp.route("/clients/<uuid:client_id>/end", methods=["GET", "POST"])
@requires(Permission.CLIENT_END)
def end_enrolment(client_id: UUID) -> Any:
    """The stay on file ends; what follows from it is said before."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_END)
    form = EndEnrolmentForm()
    form.offer()
    if not form.is_submitted():
        form.version.data, form.to_on.data = client.version, clock.today().isoformat()
        if request.args.get("reason") in dict(form.reason.choices):
            form.reason.data = request.args["reason"]
    elif form.validate() and attempt(form, service.end, form.command, client, the_actor()):
        flash(_("The stay on file has ended. The record stays."), "ok")
        return redirect(url_for(".show", client_id=client.id))
    return page("clients/end.html", form=form, client=client)


@bp.route("/clients/<uuid:client_id>/enrol", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def enrol(client_id: UUID) -> Any:
    """On file again."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    form = EnrolForm()
    form.worker_id.choices = _workers()
    if not form.is_submitted():
        form.from_on.data, form.worker_id.data = clock.today().isoformat(), str(the_actor().user_id)
    elif form.validate() and attempt(form, service.enrol, form.command, client, the_actor()):
        flash(_("On file again."), "ok")
        return redirect(url_for(".show", client_id=client.id))
    return page("clients/enrol.html", form=form, client=client)
