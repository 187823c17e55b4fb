"""Who may open a case in which something is shut, besides its head: the list, and naming one more."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.client.parts import NamePersonForm
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.services.casework.clients import access


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the page under `/<domain>/cases/<case_id>/named`."""

    @bp.route("/cases/<uuid:case_id>/named", methods=["GET", "POST"])
    @requires(Permission.CASE_ASSIGN)
    def named(case_id: UUID) -> Any:
        """The head names a supervisor, a township reviewer or a worker on a restricted file, or on what is restricted in one."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_ASSIGN, domain.code)
        if not access.is_guarded(case):
            raise NotFound()
        form = NamePersonForm()
        form.offer([(str(key), name) for key, name in workers.readers_of(case.station_path)])
        if form.validate_on_submit() and attempt(form, access.name_on_file, form.command, case, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".named", case_id=case.id))
        return page("cases/named.html", form=form, case=case, domain=domain, named=access.open_to(case))
