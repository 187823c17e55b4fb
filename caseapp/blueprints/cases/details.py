"""The typed part of a case: what the domain wants to know; of two editors the second sees what differs."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import conflicts
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.details.base import DetailForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.services.casework.cases import steps
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain, detail_form: type[DetailForm]) -> None:
    """Hangs the form under `/<domain>/cases/<case_id>/edit`."""

    @bp.route("/cases/<uuid:case_id>/edit", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def edit(case_id: UUID) -> Any:
        """What is known of the case, put right."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        form: Any = detail_form()
        fresh = _fresh(detail_form, case)
        if not form.is_submitted():
            form.show(case, cases.detail_of(case, domain.detail))
        else:
            stale = conflicts.is_stale(form, fresh, case)
            if form.validate():
                if stale:
                    return conflicts.page(form, fresh, case, url_for(".show", case_id=case.id))
                if attempt(form, steps.edit, form.command, case, the_actor()):
                    flash(_("Saved."), "ok")
                    return redirect(url_for(".show", case_id=case.id))
        audit.opened(db.session, case, "case.edit_opened")
        return page(
            "cases/edit.html",
            form=form,
            case=case,
            domain=domain,
            base=conflicts.base(fresh),
            fields_template=f"{domain.code}/fields.html",
        )


def _fresh(detail_form: type[DetailForm], case: Case) -> Any:
    form: Any = detail_form(formdata=None)
    form.show(case, cases.detail_of(case, domains.get(case.domain).detail))
    return form
