"""The cases of a domain, or of all: what is late comes first."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, url_for

from caseapp import domains
from caseapp.access.permissions import Permission
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.filters import label, tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import CaseFilterForm
from caseapp.forms.fields import words
from caseapp.queries.casework.cases import lists
from caseapp.queries.organisation import villages, workers


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the list under `/<domain>/cases`."""

    @bp.get("")
    @requires(Permission.CASE_READ)
    def front() -> Any:
        """The domain's front door is its list."""
        return redirect(url_for(".index"))

    @bp.get("/cases")
    @requires(Permission.CASE_READ)
    def index() -> Any:
        """Open cases by the next step, or those of one stage."""
        return listing(domain)


def listing(domain: Domain | None) -> Any:
    """The list of one domain, or of all of them."""
    form, wanted = CaseFilterForm.read(request.args)
    wanted = replace(wanted, domain=domain.code if domain else wanted.domain)
    people = dict(workers.of(the_actor()))
    language, every = tag(), ("", _("All"))
    form.domain.choices = [every, *words("domain", language, [d.code for d in domains.all()])]
    form.status.choices = [("", _("open")), *words("case_status", language)]
    form.risk.choices = [every, *words("risk", language)]
    form.worker.choices = [every, *((str(key), name) for key, name in people.items())]
    found = lists.listed(wanted, request.args.get("cursor"))
    given: dict[str, Any] = {name: value for name, value in request.args.items() if name != "cursor" and value}
    said = {
        "domain": label("domain", wanted.domain) if domain is None else None,
        "status": label("case_status", wanted.status),
        "risk": label("risk", wanted.risk),
        "worker": people.get(wanted.worker) if wanted.worker else None,
    }
    chosen = [(word, url_for(".index", **{k: v for k, v in given.items() if k != name})) for name, word in said.items() if word]
    return page(
        "cases/index.html",
        filters=form,
        domain=domain,
        list_acts=_acts(domain),
        saved=saved.offered("cases", domain.code if domain else None),
        rows=found.items,
        chosen=chosen,
        next_url=url_for(".index", **{**given, "cursor": found.next}) if found.next else None,
        first_url=url_for(".index", **given) if request.args.get("cursor") else None,
        people={**people, **workers.names({case.worker_id for case in found.items} - set(people))},
        places=villages.names(case.place_code for case in found.items),
    )


def _acts(domain: Domain | None) -> list[tuple[Any, str]]:
    """The domain's own links on its list, for this reader's role."""
    actor = the_actor()
    return [(act, url_for(f".{act.endpoint}")) for act in domain.list_acts if actor.may(act.permission)] if domain else []
