"""Importing changes of divisions: a file, a preview line by line, then the act."""

from typing import Any

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission as P
from caseapp.blueprints.admin.blueprint import bp
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _
from caseapp.forms.organisation.admin import DivisionsForm
from caseapp.services.organisation import divisions as service


@bp.route("/divisions", methods=["GET", "POST"])
@requires(P.ORGANISATION_MANAGE)
def divisions() -> Any:
    """Shows what a file would change; the same file confirmed is carried out."""
    form, lines, content = DivisionsForm(), [], ""
    if form.validate_on_submit():
        act = bool(form.content.data)
        raw = form.content.data.encode() if act else form.file.data.read()
        try:
            lines = service.read(raw)
            if act:
                service.apply(lines, the_actor())
                flash(_("The changes are in force from their days on."), "ok")
                return redirect(url_for(".organisations"))
            service.judge(lines, the_actor())
            content = _text(raw)
        except Invalid as error:
            form.file.errors = [*form.file.errors, str(error.message)]
    ready = bool(lines) and not form.file.errors and not any(line.problems for line in lines)
    status = 422 if form.file.errors or (lines and not ready) else 200
    return page(
        "admin/divisions.html", form=form, lines=lines, ready=ready, content=content, columns=service.COLUMNS, status=status
    )


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
