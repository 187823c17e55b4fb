"""Opening a case for a person on file or a household; a crisis starts at once."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import OpenCaseForm
from caseapp.queries.casework import clients, households
from caseapp.queries.organisation import workers
from caseapp.services.casework.cases.open import open_case


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the form under `/<domain>/cases/new?client=…`."""

    @bp.route("/cases/new", methods=["GET", "POST"])
    @requires(Permission.CASE_OPEN)
    def new() -> Any:
        """The form; without a subject it says where to choose one."""
        actor = the_actor()
        subject, kind = _subject(actor)
        if subject is None:
            return page("cases/choose.html", domain=domain)
        form = OpenCaseForm()
        form.offer([(str(key), name) for key, name in workers.of(actor)])
        form.domain.data, form[f"{kind}_id"].data = domain.code, str(subject.id)
        if not form.is_submitted():
            form.found_on.data = clock.today().isoformat()
            form.worker_id.data = str(getattr(subject, "worker_id", None) or actor.user_id)
        elif form.validate() and (case := attempt(form, open_case, form.command, actor)):
            flash(_("The case is open: %(number)s.", number=case.case_no), "ok")
            return redirect(url_for(".show", case_id=case.id))
        return page("cases/new.html", form=form, domain=domain, subject=subject, kind=kind)


def _subject(actor: Any) -> tuple[Any, str]:
    for kind in ("client", "household"):
        text = request.args.get(kind)
        if text:
            try:
                key = UUID(text)
            except ValueError as error:
                raise NotFound() from error
            if kind == "client":
                return clients.opened(key, actor, Permission.CASE_OPEN), kind
            return households.one(key), kind
    return None, ""
