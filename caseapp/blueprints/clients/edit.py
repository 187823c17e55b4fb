"""Changing what is known of a person; of two at once the second keeps the text and sees what differs."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.clients.blueprint import bp
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.client.person import EditForm
from caseapp.models.casework import Client
from caseapp.queries.casework import clients
from caseapp.queries.organisation import villages
from caseapp.services.casework.clients.edit import edit as save
from caseapp.services.trust import audit


@bp.route("/clients/<uuid:client_id>/edit", methods=["GET", "POST"])
@requires(Permission.CLIENT_WRITE)
def edit(client_id: UUID) -> Any:
    """What is known, put right."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
    form = _form(client)
    if form.is_submitted():
        fresh = _form(client, fresh=True)
        stale = conflicts.is_stale(form, fresh, client)
        if form.validate():
            if stale:
                return conflicts.page(form, fresh, client, url_for(".show", client_id=client.id))
            if attempt(form, save, form.command, client, the_actor()):
                flash(_("Saved."), "ok")
                return redirect(url_for(".show", client_id=client.id))
    audit.opened(db.session, client, "client.edit_opened", fields=("address",) if client.address_enc else ())
    return page("clients/edit.html", form=form, client=client, base=conflicts.base(_form(client, fresh=True)))


def _form(client: Client, *, fresh: bool = False) -> EditForm:
    form = EditForm(formdata=None) if fresh else EditForm()
    if fresh or not form.is_submitted():
        form.show(client)
    form.offer(villages.choices(the_actor()))
    return form
