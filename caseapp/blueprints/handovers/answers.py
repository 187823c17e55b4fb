"""Taking back: what still waits, by whoever offered it; what the head ordered, within a week."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.handovers.blueprint import bp
from caseapp.blueprints.handovers.words import Words, names_of
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _, ngettext
from caseapp.forms.casework.handover import LinesForm, UndoHandoverForm
from caseapp.queries.casework import handovers as queries
from caseapp.services.casework.handovers import answer, offer


@bp.route("/<uuid:handover_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.HANDOVER)
def withdraw(handover_id: UUID) -> Any:
    """What still waits is taken back."""
    row, items = queries.one(handover_id)
    lines = [line for line in queries.lines_of(items) if line.item is not None and line.item.state == "waiting"]
    words, form = Words(lines, names_of([row])), LinesForm()
    form.item_ids.choices = [(str(line.item.id), words.name(line)) for line in lines if line.item is not None]
    if not form.is_submitted():
        form.item_ids.data = [value for value, _name in form.item_ids.choices]
    elif form.validate() and attempt(form, offer.withdraw, form.command, row, items, the_actor()):
        flash(_("Taken back."), "ok")
        return redirect(url_for(".show", handover_id=row.id))
    reasons = {str(line.item.id): words.about(line) for line in lines if line.item is not None}
    return page("handovers/withdraw.html", form=form, row=row, words=words, reasons=reasons)


@bp.route("/<uuid:handover_id>/undo", methods=["GET", "POST"])
@requires(Permission.CASE_ASSIGN)
def undo(handover_id: UUID) -> Any:
    """What the head ordered goes back to whom it came from."""
    row, items = queries.one(handover_id)
    lines = queries.lines_of(items)
    words, form = Words(lines, [*names_of([row]), *(item.from_id for item in items)]), UndoHandoverForm()
    if form.validate_on_submit():
        done = attempt(form, answer.undo, row, items, the_actor())
        if done:
            flash(ngettext("%(num)s file went back.", "%(num)s files went back.", done[0]), "ok")
            if done[1]:
                flash(ngettext("%(num)s file stays as it is.", "%(num)s files stay as they are.", done[1]), "careful")
            return redirect(url_for(".show", handover_id=row.id))
    why = answer.why_not_undone(row, items)
    return page("handovers/undo.html", form=form, row=row, lines=lines, words=words, why=why)
