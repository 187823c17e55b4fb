"""Opening a case for a person on file, a household or a community; a crisis starts at once."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import opening_form
from caseapp.forms.details.base import DetailForm
from caseapp.queries.casework import clients, households
from caseapp.queries.organisation import villages, workers
from caseapp.services.casework.cases.open import open_case


def register(bp: Blueprint, domain: Domain, detail_form: type[DetailForm]) -> None:
    """Hangs the form under `/<domain>/cases/new?client=…`, `?household=…` or `?community=1`."""
    opening = opening_form(detail_form, domain.intake)

    @bp.route("/cases/new", methods=["GET", "POST"])
    @requires(Permission.CASE_OPEN)
    def new() -> Any:
        """The form; without a subject it says where to choose one."""
        actor = the_actor()
        kind, subject = _subject(domain, actor)
        if not kind:
            return page("cases/choose.html", domain=domain)
        form: Any = opening()
        form.offer([(str(key), name) for key, name in workers.of(actor)], _villages(actor) if kind == "community" else ())
        form.domain.data = domain.code
        if subject is not None:
            form[f"{kind}_id"].data = str(subject.id)
        if not form.is_submitted():
            form.found_on.data = clock.today().isoformat()
            form.worker_id.data = str(getattr(subject, "worker_id", None) or actor.user_id)
        elif form.validate() and (case := attempt(form, open_case, form.command, actor)):
            flash(_("The case is open: %(number)s.", number=case.case_no), "ok")
            return redirect(url_for(".show", case_id=case.id))
        return page(
            "cases/new.html",
            form=form,
            domain=domain,
            subject=subject,
            kind=kind,
            back=_back(kind, subject),
            intake_template=f"{domain.code}/intake.html",
        )


def _subject(domain: Domain, actor: Actor) -> tuple[str, Any]:
    """What the address names: its kind and row; a community has no row yet."""
    for kind in domain.subjects:
        text = request.args.get(kind)
        if text and kind == "community":
            return kind, None
        if text:
            try:
                key = UUID(text)
            except ValueError as error:
                raise NotFound() from error
            return kind, clients.opened(key, actor, Permission.CASE_OPEN) if kind == "client" else households.one(key)
    return "", None


def _villages(actor: Actor) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in villages.of(actor)]


def _back(kind: str, subject: Any) -> str:
    if kind == "client":
        return url_for("clients.show", client_id=subject.id)
    return url_for("households.show", household_id=subject.id) if kind == "household" else url_for(".index")
