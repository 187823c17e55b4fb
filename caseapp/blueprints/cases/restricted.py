"""Restricted files: making a case one, the target groups that live with it, and who may open it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.steps import done
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.casework.case import RestrictForm
from caseapp.forms.casework.client.parts import NamePersonForm, RestrictedTagForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.services.casework.cases import restrict as restricting
from caseapp.services.casework.clients import access, tags
from caseapp.services.trust import audit


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

    @bp.route("/cases/<uuid:case_id>/named", methods=["GET", "POST"])
    @requires(Permission.CASE_ASSIGN)
    def named(case_id: UUID) -> Any:
        """Who may open a restricted file besides the head, and one more of them: a reviewer has to be named here."""
        case, form = _shut(case_id), NamePersonForm()
        form.offer([(str(key), name) for key, name in workers.readers_of(case.station_path)])
        if form.validate_on_submit() and attempt(form, access.name_on_file, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".named", case_id=case.id))
        audit.opened(db.session, case, "case.named")
        return page("cases/named.html", form=form, case=case, domain=domain, named=access.open_to(case))

    @bp.post("/cases/<uuid:case_id>/named/<uuid:entry_id>/end")
    @requires(Permission.CASE_ASSIGN)
    def unname(case_id: UUID, entry_id: UUID) -> Any:
        """Somebody no longer opens the file."""
        access.close_to(entry_id, _shut(case_id), the_actor())
        flash(_("Saved."), "ok")
        return redirect(url_for(".named", case_id=case_id))

    def _shut(case_id: UUID) -> Case:
        case = cases.opened(case_id, the_actor(), Permission.CASE_ASSIGN, domain.code)
        if not access.is_guarded(case):
            raise NotFound()
        return case
