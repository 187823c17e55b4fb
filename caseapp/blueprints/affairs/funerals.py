"""Talks about funerals: the station's list, a short form, voiding one."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.affairs.blueprint import bp
from caseapp.blueprints.affairs.shared import opened
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import Forbidden, NotFound
from caseapp.core.text import _
from caseapp.domains.affairs import DOMAIN
from caseapp.forms.details.affairs.base import VoidForm
from caseapp.forms.details.affairs.funerals import FuneralAdviceForm
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import clients
from caseapp.queries.details.affairs import funerals as queries
from caseapp.queries.organisation import places, workers
from caseapp.services.details.affairs import funerals as service


@bp.get("/funerals")
@requires(Permission.CASE_READ)
def talks() -> Any:
    """Talks about funerals, the latest first."""
    found = queries.listed(request.args.get("cursor"))
    people = workers.names({row.worker_id for row in found.items})
    names = clients.named(row.client_id for row in found.items)
    next_url = url_for(".talks", cursor=found.next) if found.next else None
    return page(
        "affairs/funeral/list.html",
        rows=found.items,
        people=people,
        names=names,
        domain=DOMAIN,
        next_url=next_url,
        me=the_actor(),
    )


@bp.route("/funerals/new", methods=["GET", "POST"])
@requires(Permission.SERVICE_WRITE)
def new_advice() -> Any:
    """A talk: with a case (`?case=`), a person on file (`?client=`), or somebody who is neither."""
    actor = the_actor()
    stations = places.stations_of(actor)
    if not stations:
        raise Forbidden()
    client, case = _about()
    form = FuneralAdviceForm()
    form.offer()
    form.client_id.data = str(client.id) if client is not None else None
    form.case_id.data = str(case.id) if case is not None else None
    back = (
        url_for(".matter", case_id=case.id)
        if case
        else url_for("clients.show", client_id=client.id)
        if client
        else url_for(".talks")
    )
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
    elif form.validate() and attempt(form, service.advise, form.command, stations[0], client, case, actor):
        flash(_("Saved."), "ok")
        return redirect(back)
    return page("affairs/funeral/new.html", form=form, client=client, case=case, domain=DOMAIN, back=back)


def _about() -> tuple[Client | None, Case | None]:
    """Whom the address names."""
    try:
        if text := request.args.get("case"):
            case = opened(UUID(text), matter="funeral")
            return case.client, case
        if text := request.args.get("client"):
            return clients.opened(UUID(text), the_actor(), Permission.SERVICE_WRITE), None
    except ValueError as error:
        raise NotFound() from error
    return None, None


@bp.route("/funerals/<uuid:advice_id>/void", methods=["GET", "POST"])
@requires(Permission.SERVICE_WRITE)
def void_advice(advice_id: UUID) -> Any:
    """A talk recorded wrongly counts nowhere."""
    row = queries.one(advice_id)
    policy.require(the_actor(), Permission.SERVICE_WRITE, row)
    form = VoidForm()
    if form.validate_on_submit() and attempt(form, service.void, form.command, row, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".matter", case_id=row.case_id) if row.case_id else url_for(".talks"))
    return page("affairs/funeral/void.html", form=form, row=row, domain=DOMAIN)
