"""Importing changes of divisions: a file, a preview line by line, then the act; and the changes that wait for their day."""

from typing import Any
from uuid import UUID, uuid4

from flask import Response, flash, redirect, url_for

from caseapp import reference
from caseapp.access.permissions import Permission as P
from caseapp.adapters import spreadsheets
from caseapp.blueprints.admin.blueprint import bp
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _, ngettext
from caseapp.forms.organisation.admin import DivisionsForm
from caseapp.queries.organisation import divisions as queries
from caseapp.services.organisation import divisions as service


@bp.route("/divisions", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def divisions() -> Any:
    """Shows what a file would change; the same file confirmed is carried out."""
    actor, form = the_actor(), DivisionsForm()
    lines: list[service.Line] = []
    if form.validate_on_submit():
        act = bool(form.content.data)
        try:
            lines = service.read(form.content.data.encode() if act else form.file.data.read())
            if act:
                _tell(service.apply(lines, actor))
                return redirect(url_for(".divisions"))
            service.judge(lines, actor)
        except Invalid as error:
            form.file.errors = [*form.file.errors, str(error.message)]
    ready = bool(lines) and not form.file.errors and not any(line.problems for line in lines)
    return page(
        "admin/divisions.html",
        form=form,
        lines=lines,
        ready=ready,
        content=service.to_csv(lines) if ready else "",
        twice=uuid4(),
        headings=[column.label(tag()) for column in reference.codes("division_column")],
        waiting=queries.waiting(actor),
        due={change.id: line for change, line in service.due_lines(actor)},
        status=422 if form.file.errors or (lines and not ready) else 200,
    )


@bp.get("/divisions/blank")
@requires(P.ORGANISATION_MANAGE)
def blank_divisions() -> Response:
    """An empty workbook with the columns, to be filled in."""
    headings = [(column.label(tag()), str(column.fact("hint", tag()))) for column in reference.codes("division_column")]
    answer = Response(spreadsheets.blank_xlsx(_("Changes of divisions"), headings), mimetype=spreadsheets.MEDIA["xlsx"])
    answer.headers["Content-Disposition"] = "attachment; filename=divisions.xlsx"
    return answer


@bp.post("/divisions/due")
@requires(P.ORGANISATION_MANAGE)
def due_divisions() -> Any:
    """Carries out the changes whose day has come."""
    try:
        _tell(service.carry_out_due(the_actor()))
    except Invalid:
        flash(_("One of them no longer fits: put that right, or take it back."), "careful")
    return redirect(url_for(".divisions"))


@bp.post("/divisions/<uuid:change_id>/withdraw")
@requires(P.ORGANISATION_MANAGE)
def withdraw_division(change_id: UUID) -> Any:
    """Takes a waiting change back."""
    service.withdraw(change_id, the_actor())
    flash(_("The change is taken back."), "ok")
    return redirect(url_for(".divisions"))


def _tell(told: Any) -> None:
    done = sum(count for act, count in told.items() if act not in ("waits", "nothing"))
    if done:
        flash(ngettext("%(num)s change is in force.", "%(num)s changes are in force.", done), "ok")
    if told["waits"]:
        flash(ngettext("%(num)s change waits for its day.", "%(num)s changes wait for their day.", told["waits"]), "ok")
    if not done and not told["waits"]:
        flash(_("Everything was so already."), "ok")
