"""What the pages of the matters share: a case of the right kind, a row's form with its conflicts, a short form of an entry."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.domains.affairs import DOMAIN
from caseapp.extensions import db
from caseapp.forms.base import CommandForm
from caseapp.forms.details.affairs.base import KeepForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.details.affairs import rows
from caseapp.services.trust import audit


def opened(case_id: UUID, *kinds: str, matter: str | None = None) -> Case:
    """The case to write in, of these kinds or this matter; not found through another matter's address."""
    case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, DOMAIN.code)
    rows.of_matter(case, *kinds, matter=matter)
    return case


def saved(case: Case) -> Any:
    """Back to the matter."""
    flash(_("Saved."), "ok")
    return redirect(url_for(".matter", case_id=case.id))


def row_page(
    case: Case, kind: type[KeepForm], model: Any, verb: Callable[..., Any], title: str, template: str, **more: Any
) -> Any:
    """The form of the one row of a matter; of two editors the second sees what differs. `shown` adds values of other rows."""
    shown = more.pop("shown", {})
    row = rows.one(model, case)
    fresh, form = _form(kind, None, row, shown), _form(kind, ..., row, shown)
    if form.is_submitted():
        conflicts.resolve(form, fresh)
        if form.validate():
            if row is not None and form.version.data != row.version:
                return conflicts.page(form, fresh, row, url_for(".matter", case_id=case.id))
            if attempt(form, verb, form.command, case, the_actor()):
                return saved(case)
            case = _anew(case)
    audit.opened(db.session, case, "case.matter_form")
    return form_page(case, form, title, template, base=conflicts.base(fresh), **more)


def _form(kind: type[KeepForm], formdata: Any, row: Any, shown: dict[str, Any]) -> KeepForm:
    form = kind() if formdata is ... else kind(formdata=None)
    if offer := getattr(form, "offer", None):
        offer()
    if formdata is None or not form.is_submitted():
        form.show(row, **shown)
    return form


def entry_page(case: Case, form: CommandForm, verb: Callable[..., Any], title: str, template: str, **more: Any) -> Any:
    """The form of a dated entry, or of any verb on the case."""
    if form.validate_on_submit():
        if attempt(form, verb, form.command, case, the_actor()):
            return saved(case)
        case = _anew(case)
    audit.opened(db.session, case, "case.matter_form")
    return form_page(case, form, title, template, **more)


def _anew(case: Case) -> Case:
    """The case as it is, after a verb was refused in the middle."""
    key = case.id
    db.session.rollback()
    return cases.one(key)


def form_page(case: Case, form: CommandForm, title: str, template: str, **more: Any) -> Any:
    """One shell for all of them; `template` holds the fields."""
    facts = {"base": "", "act": _("Save"), "lead": None, **more}
    return page("affairs/form.html", form=form, case=case, domain=DOMAIN, form_title=title, fields_template=template, **facts)
