"""The file of a person on one page; showing a number in clear; saying why a minor's file is opened."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp import domains
from caseapp.access import policy
from caseapp.access.fresh import FILES
from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http import acts, duties, genogram, story
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.parts import BreakGlassForm, PurposeForm
from caseapp.models.casework import Client, Contact, IdentityDocument
from caseapp.queries.casework import clients
from caseapp.queries.casework.clients import file as files
from caseapp.queries.casework.clients import merging, tags
from caseapp.queries.organisation import settings
from caseapp.services.casework.clients import access, glass
from caseapp.services.trust import audit

CLEAR = {"document": IdentityDocument, "contact": Contact}


@bp.get("/clients/<uuid:client_id>")
@requires(Permission.CLIENT_READ)
def show(client_id: UUID) -> Any:
    """The file: who, next visit, risk, cases, timeline, household. One that was joined to another leads there."""
    try:
        return _file(client_id)
    except NotFound:
        leads_to = merging.pointer(client_id)
        if leads_to is None:
            raise
        return redirect(url_for(".show", client_id=leads_to))


@bp.get("/clients/<uuid:client_id>/history")
@requires(Permission.CLIENT_READ)
def history(client_id: UUID) -> Any:
    """Everything that happened, newest first."""
    client = clients.opened(client_id, the_actor())
    audit.opened(db.session, client, "client.history")
    return page("clients/history.html", client=client, entries=story.of_client(client, 500))


@bp.post("/clients/<uuid:client_id>/reveal/<what>")
@bp.post("/clients/<uuid:client_id>/reveal/<what>/<uuid:part_id>")
@requires(Permission.CLIENT_REVEAL, reading=True, fresh=FILES)
def reveal(client_id: UUID, what: str, part_id: UUID | None = None) -> Any:
    """Shows one number or the address in clear on the file's page; who did is in the trail.

    How contact does no harm is read before a phone number is shown.
    """
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_REVEAL)
    if what == "contact" and client.safe_contact and "read" not in request.form:
        row = tags.part(Contact, part_id, client) if part_id is not None else None
        return page("clients/safe_contact.html", client=client, contact=row)
    if what == "address":
        clear = client.address
    elif what in CLEAR and part_id is not None:
        row = tags.part(CLEAR[what], part_id, client)
        clear = row.number if what == "document" else row.phone
    else:
        raise NotFound()
    audit.opened(db.session, client, "client.revealed", fields=(what,))
    return _file(client_id, clear=(what, part_id, clear))


def _file(client_id: UUID, clear: Any = None) -> Any:
    actor = the_actor()
    client = clients.detailed(client_id, actor)
    if clear is None:
        audit.opened(db.session, client, "client.opened")
    file = files.read(client)
    return page(
        "clients/show.html",
        client=client,
        file=file,
        clear=clear or (None, None, None),
        entries=story.entries(file.story),
        household=file.household,
        family=genogram.draw(file.members, file.relatives, file.links, [client.id]),
        relatives=file.relatives,
        consent=file.consent,
        duties=duties.about(client),
        acts=acts.of_person(client),
        openings=_openings(client),
        named=access.open_to(client) if policy.may(actor, Permission.CASE_ASSIGN, client) and _restricted(client) else None,
    )


def _openings(client: Client) -> list[tuple[Any, str, str]]:
    """In which domains a case can be opened; those of the person's target groups first."""
    if client.state != "on_file" or not policy.may(the_actor(), Permission.CASE_OPEN, client):
        return []
    held = tuple(row.code for row in client.tags)
    takes = [domain for domain in domains.all() if "client" in domain.subjects]
    takes.sort(key=lambda domain: not any(code.startswith(domain.groups) for code in held))
    return [(domain.label, url_for(f"{domain.code}.new", client=client.id), domain.icon) for domain in takes]


def _restricted(client: Client) -> bool:
    return client.klass in ("P3", "minor")


@bp.route("/clients/emergency", methods=["GET", "POST"])
@requires(Permission.GLASS_BREAK, reading=True, fresh=FILES)
def break_glass() -> Any:
    """Opens a restricted file of the own station by its exact number, for some hours; the head and the auditor are told."""
    form = BreakGlassForm()
    form.offer()
    if form.validate_on_submit():
        row = attempt(form, glass.break_glass, form.command, the_actor())
        if row:
            flash(
                _("Open to you for some hours. The head and the auditor see it now; what you read carries your reason."),
                "careful",
            )
            if isinstance(row, Client):
                return redirect(url_for(".show", client_id=row.id), 303)
            return redirect(url_for(f"{row.domain}.show", case_id=row.id), 303)
    return page("clients/break_glass.html", form=form, hours=settings.At(the_actor().paths[0])["glass.hours"])


@bp.route("/clients/files/<uuid:file_id>/purpose", methods=["GET", "POST"])
@requires(Permission.FILE_PURPOSE)
def purpose(file_id: UUID) -> Any:
    """Asks why a minor's file is opened; valid 30 days and shown to the head."""
    client = clients.one(file_id)
    form = PurposeForm()
    form.offer()
    if policy.is_open(the_actor(), client):
        return redirect(url_for(".show", client_id=client.id))
    if form.validate_on_submit() and attempt(form, access.open_for_purpose, form.command, client, the_actor()):
        flash(_("The file is open to you for 30 days. The station head sees the purpose."), "ok")
        return redirect(url_for(".show", client_id=client.id))
    return page("clients/purpose.html", form=form, client=client, come_from=request.args.get("from"))
