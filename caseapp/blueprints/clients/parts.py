"""Documents, contacts and target groups of a person: small pages of one form each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import age_of, say_asked_across
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _, _l
from caseapp.extensions import db
from caseapp.forms.casework.client.parts import (
    CancelTagForm,
    ConfirmTagForm,
    ContactForm,
    DocumentForm,
    EndTagForm,
    TagForm,
)
from caseapp.models.casework import Client, Contact, IdentityDocument, TargetTag
from caseapp.queries.casework import cases, clients
from caseapp.queries.casework.clients import tags as queries
from caseapp.services.casework.clients import contacts, documents, tags
from caseapp.services.trust import audit

TITLES = {
    "document": _l("Add a document"),
    "contact": _l("Add a contact"),
    "change": _l("Change a contact"),
    "tag": _l("Add a target group"),
    "end_tag": _l("End a target group"),
    "confirm_tag": _l("Confirm a target group"),
    "cancel_tag": _l("This target group never held"),
}


def _client(client_id: UUID) -> Client:
    return clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)


def _saved(form: Any, what: str, client: Client, verb: Callable[..., Any], *arguments: Any, part: Any = None) -> Any:
    """One form, one verb, back to the file; what is odd and blocks nothing is said there."""
    if form.validate_on_submit() and (row := attempt(form, verb, form.command, *arguments, the_actor())):
        for warning in _warnings(row, client):
            flash(warning, "careful")
        flash(_("Saved."), "ok")
        say_asked_across(row)
        if isinstance(part, TargetTag) and part.case_id is not None:  # it lives with a restricted case
            case = cases.one(part.case_id)
            return redirect(url_for(f"{case.domain}.show", case_id=case.id))
        return redirect(url_for(".show", client_id=client.id))
    return page("clients/part.html", form=form, client=client, what=what, title=TITLES[what], part=part)


def _warnings(row: Any, client: Client) -> list[str]:
    if isinstance(row, IdentityDocument):
        return [str(words) for words in reference.document_warning_words(row.kind, row.number)]
    if isinstance(row, TargetTag) and not reference.target_groups()[row.code].fits_age(age_of(client)):
        return [_("The person's age does not fit this group. Please check.")]
    return []


@bp.route("/clients/<uuid:client_id>/documents/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new_document(client_id: UUID) -> Any:
    """One more document."""
    client, form = _client(client_id), DocumentForm()
    form.offer()
    return _saved(form, "document", client, documents.add, client)


@bp.post("/clients/<uuid:client_id>/documents/<uuid:part_id>/void")
@requires(Permission.CLIENT_WRITE)
def void_document(client_id: UUID, part_id: UUID) -> Any:
    """A document that was read off wrongly no longer counts."""
    client = _client(client_id)
    documents.void(queries.part(IdentityDocument, part_id, client), client, the_actor())
    flash(_("The document no longer counts."), "ok")
    return redirect(url_for(".show", client_id=client.id))


@bp.route("/clients/<uuid:client_id>/contacts/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new_contact(client_id: UUID) -> Any:
    """One more way to reach somebody."""
    client, form = _client(client_id), ContactForm()
    form.offer()
    return _saved(form, "contact", client, contacts.add, client)


@bp.route("/clients/<uuid:client_id>/contacts/<uuid:part_id>", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def edit_contact(client_id: UUID, part_id: UUID) -> Any:
    """A contact said anew; the form shows the number, which leaves a trace."""
    client, form = _client(client_id), ContactForm()
    row = queries.part(Contact, part_id, client)
    form.offer()
    if not form.is_submitted():
        form.show(row)
        audit.opened(db.session, client, "client.revealed", fields=("contact",))
    return _saved(form, "change", client, contacts.change, row, client, part=row)


@bp.post("/clients/<uuid:client_id>/contacts/<uuid:part_id>/remove")
@requires(Permission.CLIENT_WRITE)
def remove_contact(client_id: UUID, part_id: UUID) -> Any:
    """A phone that is no longer right goes."""
    client = _client(client_id)
    contacts.remove(queries.part(Contact, part_id, client), client, the_actor())
    flash(_("The contact was removed."), "ok")
    return redirect(url_for(".show", client_id=client.id))


@bp.route("/clients/<uuid:client_id>/tags/new", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def new_tag(client_id: UUID) -> Any:
    """One more target group."""
    client, form = _client(client_id), TagForm()
    form.offer()
    if not form.is_submitted():
        form.from_on.data = clock.today().isoformat()
    return _saved(form, "tag", client, tags.add, client)


@bp.route("/clients/<uuid:client_id>/tags/<uuid:part_id>/end", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def end_tag(client_id: UUID, part_id: UUID) -> Any:
    """A target group no longer holds."""
    client, form = _client(client_id), EndTagForm()
    row = queries.part(TargetTag, part_id, client)
    if not form.is_submitted():
        form.to_on.data = clock.today().isoformat()
    return _saved(form, "end_tag", client, tags.end, row, client, part=row)


@bp.route("/clients/<uuid:client_id>/tags/<uuid:part_id>/confirm", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def confirm_tag(client_id: UUID, part_id: UUID) -> Any:
    """A suspected target group holds."""
    client, form = _client(client_id), ConfirmTagForm()
    row = queries.part(TargetTag, part_id, client)
    if not form.is_submitted():
        form.basis.data = row.basis
    return _saved(form, "confirm_tag", client, tags.confirm, row, client, part=row)


@bp.route("/clients/<uuid:client_id>/tags/<uuid:part_id>/cancel", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def cancel_tag(client_id: UUID, part_id: UUID) -> Any:
    """A target group never held."""
    client, form = _client(client_id), CancelTagForm()
    row = queries.part(TargetTag, part_id, client)
    return _saved(form, "cancel_tag", client, tags.cancel, row, client, part=row)
