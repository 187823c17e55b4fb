"""Restricted files: making a case one, and the target groups that live with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.steps import done
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import RestrictForm
from caseapp.forms.casework.client.parts import RestrictedTagForm
from caseapp.queries.casework import cases
from caseapp.services.casework.cases import restrict as restricting
from caseapp.services.casework.clients import tags


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the forms under `/<domain>/cases/<case_id>/…`."""

    @bp.route("/cases/<uuid:case_id>/restrict", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def restrict(case_id: UUID) -> Any:
        """Why the file becomes a restricted one; what that means is said before."""
        case, form = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code), RestrictForm()
        if not form.is_submitted():
            form.version.data = case.version
        return done(form, restricting.restrict, case) or page("cases/restrict.html", form=form, case=case, domain=domain)

    @bp.route("/cases/<uuid:case_id>/tags/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_tag(case_id: UUID) -> Any:
        """A target group that lives with a restricted case."""
        case, form = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code), RestrictedTagForm()
        if case.client is None or case.klass != "P3":
            raise NotFound()
        form.offer()
        if not form.is_submitted():
            form.from_on.data = clock.today().isoformat()
        verb = lambda command, row, actor: tags.add_restricted(command, row, row.client, actor)  # noqa: E731
        return done(form, verb, case) or page("cases/tag.html", form=form, case=case, domain=domain)
