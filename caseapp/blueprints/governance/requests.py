"""Residents' requests: the ledger, on screen and on paper, a new one, and one of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.governance.shared import CODE, places, trace
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.details.governance.request import RequestFilterForm, RequestForm
from caseapp.forms.fields import words
from caseapp.queries.casework import cases, clients
from caseapp.queries.details.governance import requests as queries
from caseapp.queries.organisation import settings, villages, workers
from caseapp.services.details.governance import requests as service
from caseapp.services.trust import audit

MOST_ON_PAPER = 200


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/governance/requests`."""

    @bp.get("/requests", endpoint="requests")
    @requires(Permission.CASE_READ)
    def listed() -> Any:
        """What waits, the soonest promise first; or what was answered, the latest first."""
        return page("governance/requests.html", **_ledger(None))

    @bp.get("/requests/print", endpoint="print_requests")
    @requires(Permission.CASE_READ)
    def on_paper() -> Any:
        """The same ledger on paper, as far as 200 lines go."""
        return page("governance/print_requests.html", **_ledger(MOST_ON_PAPER), trace=trace())

    @bp.route("/requests/new", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def new_request() -> Any:
        """A new one; `?client=` says from whom on file."""
        actor, form, client = the_actor(), RequestForm(), _client()
        form.offer(places(client.residence_code if client else None), [(str(key), name) for key, name in workers.of(actor)])
        if client is not None:
            form.client_id.data = str(client.id)
        if not form.is_submitted():
            today = clock.today()
            days = settings.At(actor.paths[0])[f"{CODE}.answer_days"]
            form.asked_on.data, form.due_on.data = today.isoformat(), (today + timedelta(days=days)).isoformat()
            form.worker_id.data = str(actor.user_id)
            form.division_code.data = client.residence_code if client is not None else request.args.get("village", "")
        elif form.validate() and (row := attempt(form, service.make, form.command, actor)):
            flash(_("The request is in the ledger: %(number)s.", number=row.number), "ok")
            return redirect(url_for(".request", request_id=row.id))
        return page("governance/new_request.html", form=form, client=client)

    @bp.get("/requests/<uuid:request_id>", endpoint="request")
    @requires(Permission.CASE_READ)
    def show(request_id: UUID) -> Any:
        """What was asked, promised, handed on and answered; how to answer is shown to whoever works here, which leaves a trace."""
        row, actor = queries.one(request_id), the_actor()
        policy.require(actor, Permission.CASE_READ, row)
        shows_contact = row.contact is not None and policy.may(actor, Permission.CLIENT_REVEAL, row)
        audit.opened(db.session, row, "governance.request_opened", fields=("contact",) if shows_contact else ())
        found = cases.many([row.case_id] if row.case_id else [])
        return page(
            "governance/request.html",
            row=row,
            case=found.get(row.case_id) if row.case_id else None,
            shows_contact=shows_contact,
            people=workers.names({row.worker_id, row.created_by_id}),
            places=villages.names([row.division_code]),
        )


def _client() -> Any:
    text = request.args.get("client")
    if not text:
        return None
    try:
        key = UUID(text)
    except ValueError as error:
        raise NotFound() from error
    return clients.opened(key, the_actor(), Permission.CLIENT_WRITE)


def _ledger(limit: int | None) -> dict[str, Any]:
    """Rows and filters; a page of 25, or everything up to `limit` for paper."""
    form, wanted = RequestFilterForm.read(request.args)
    people, known = dict(workers.of(the_actor())), places()
    states = [(code, label("governance_request_state", code)) for code in ("open", "handed", "answered", "void")]
    form.state.choices = [("", _("Waiting for an answer")), ("late", _("Late")), *states]
    form.village.choices = [("", _("All")), *known]
    form.worker.choices = [("", _("All")), *((str(key), name) for key, name in people.items())]
    found = queries.listed(wanted, request.args.get("cursor")) if limit is None else queries.listed(wanted, None, limit)
    given: dict[str, Any] = {name: value for name, value in request.args.items() if name != "cursor" and value}
    said = {
        "state": dict(form.state.choices).get(wanted.state) if wanted.state else None,
        "village": dict(known).get(wanted.village) if wanted.village else None,
        "worker": people.get(wanted.worker) if wanted.worker else None,
    }
    return {
        "filters": form,
        "rows": found.items,
        "standing": queries.standing(),
        "chosen": [
            (word, url_for(".requests", **{key: value for key, value in given.items() if key != name}))
            for name, word in said.items()
            if word
        ],
        "given": given,
        "more": found.next is not None,
        "next_url": url_for(".requests", **{**given, "cursor": found.next}) if found.next else None,
        "first_url": url_for(".requests", **given) if request.args.get("cursor") else None,
        "people": {**people, **workers.names({row.worker_id for row in found.items} - set(people))},
        "places": villages.names(row.division_code for row in found.items),
        "matters": dict(words("governance_matter", form.language())),
    }
