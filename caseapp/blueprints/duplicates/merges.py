"""Two records of one person at a station: compared side by side, joined, taken apart again."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.duplicates.blueprint import bp
from caseapp.blueprints.duplicates.words import CHINESE, FIELDS, Words
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _, ngettext
from caseapp.extensions import db
from caseapp.forms.casework.client.duplicates import ApartForm, MergeForm, UndoMergeForm
from caseapp.models.casework import Client
from caseapp.queries.casework import clients
from caseapp.queries.casework.clients import merging as queries
from caseapp.queries.organisation import workers
from caseapp.services.casework.clients import merge as service
from caseapp.services.casework.clients.merge.join import BLOCKED
from caseapp.services.trust import audit


def _twin(given: str) -> Client:
    """The other record, named beside the address; what is no id is nobody's."""
    try:
        key = UUID(given)
    except ValueError as error:
        raise NotFound() from error
    return clients.opened(key, the_actor(), Permission.CLIENT_MERGE)


@bp.route("/duplicates/<uuid:client_id>/merge", methods=["GET", "POST"])
@requires(Permission.CLIENT_MERGE)
def merge(client_id: UUID) -> Any:
    """The record that stays beside the other one; what is chosen, what is joined, what stands in the way."""
    kept = clients.opened(client_id, the_actor(), Permission.CLIENT_MERGE)
    form = MergeForm()
    given = form.twin.data if form.is_submitted() else request.args.get("twin")
    if not given:
        return redirect(url_for(".index"))  # which two is chosen there
    twin = _twin(given)
    service.apart.same_station(kept, twin)
    both = queries.compare(kept, twin)
    words = Words((kept, twin))
    form.from_twin.choices = [(code, str(FIELDS[code])) for code in both.choices]
    if not form.is_submitted():
        form.twin.data, form.version.data, form.twin_version.data = str(twin.id), kept.version, twin.version
        for row in (kept, twin):
            audit.opened(db.session, row, "client.merge_previewed", fields=("address",) if row.address_enc else ())
    elif form.validate() and attempt(form, service.join, form.command, kept, twin, the_actor()):
        flash(_("The records are one now. The old number leads here."), "ok")
        return redirect(url_for("clients.show", client_id=kept.id))
    else:
        form.version.data, form.twin_version.data = kept.version, twin.version  # what is shown is how both stand now
    return page(
        "duplicates/merge.html",
        form=form,
        both=both,
        words=words,
        fields=FIELDS,
        chinese=CHINESE,
        blocked=[BLOCKED[code] for code in both.blocks],
    )


@bp.post("/duplicates/<uuid:client_id>/apart")
@requires(Permission.CLIENT_MERGE)
def apart(client_id: UUID) -> Any:
    """Two people, not one: never asked again."""
    client = clients.opened(client_id, the_actor(), Permission.CLIENT_MERGE)
    form = ApartForm()
    if form.validate_on_submit():
        service.keep_apart(client, _twin(str(form.command.twin)), the_actor())
        flash(_("Noted: these are two people. You will not be asked again."), "ok")
    return redirect(url_for(".index"))


@bp.route("/duplicates/merges/<uuid:merge_id>/undo", methods=["GET", "POST"])
@requires(Permission.CLIENT_MERGE)
def undo(merge_id: UUID) -> Any:
    """Takes joined records apart; rows that were changed since are named."""
    row, client = queries.one(merge_id)
    form = UndoMergeForm()
    if form.validate_on_submit():
        left = attempt(form, service.undo, row, client, the_actor())
        if left is not None:
            flash(_("The records are two again."), "ok")
            if left and left is not True:
                flash(_left(left), "careful")
            return redirect(url_for(".index"))
    names = workers.names({row.made_by_id})
    return page("duplicates/undo.html", form=form, row=row, client=client, by="".join(names.values()))


def _left(rows: list[dict[str, Any]]) -> str:
    """Which rows stay because somebody changed them since."""
    kinds = _(", ").join(dict.fromkeys(label("trail_table", row["table"]) for row in rows))
    return ngettext(
        "%(num)s entry was changed since and stays as it is now: %(kinds)s. Please look at it.",
        "%(num)s entries were changed since and stay as they are now: %(kinds)s. Please look at them.",
        len(rows),
        kinds=kinds,
    )
