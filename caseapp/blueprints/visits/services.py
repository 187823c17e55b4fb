"""Service records and consultations: a list and a short form."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import case_title
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.visits.blueprint import bp
from caseapp.blueprints.visits.shared import Shown, code_word, words
from caseapp.core import clock
from caseapp.core.errors import Forbidden
from caseapp.core.text import _
from caseapp.forms.casework.service import ServiceForm, VoidServiceForm
from caseapp.queries.casework import services as q
from caseapp.queries.organisation import places, workers
from caseapp.schemas.casework.service import RECORD_KINDS
from caseapp.services.casework import consultations


@bp.get("/visits/services")
@requires(P.VISIT_READ)
def services() -> Any:
    """What was done without a visit, newest first."""
    kind = request.args.get("kind")
    kind = kind if kind in RECORD_KINDS else None
    found = q.latest(kind, request.args.get("cursor"))
    return page(
        "visits/services.html",
        found=found,
        kind=kind,
        names=workers.names(record.worker_id for record in found.items),
        shown=Shown(found.items, url_for(".services", kind=kind, cursor=found.next) if found.next else None),
        me=the_actor(),
        tabs=[
            (_("All"), url_for(".services"), None, kind is None),
            *((code_word("service_kind", code), url_for(".services", kind=code), None, kind == code) for code in RECORD_KINDS),
        ],
        **words(),
    )


@bp.route("/visits/services/new", methods=["GET", "POST"])
@requires(P.SERVICE_WRITE)
def new_service() -> Any:
    """Records a service or a consultation."""
    actor = the_actor()
    stations = places.stations_of(actor)
    if not stations:
        raise Forbidden()
    cases = q.open_cases_of(actor.user_id)
    form = ServiceForm()
    form.offer([(c.id, f"{c.case_no} {case_title(c)}") for c in cases])
    if not form.is_submitted():
        form.happened_on.data = clock.today().isoformat()
        if any(str(c.id) == request.args.get("case") for c in cases):
            form.kind.data, form.case_id.data = "case", request.args["case"]
    if form.validate_on_submit():
        case = q.case(form.command.case_id) if form.command.case_id else None
        if attempt(form, consultations.record_service, form.command, stations[0], case, actor):
            flash(_("Saved."), "ok")
            return redirect(url_for(".services"))
    return page("visits/new_service.html", form=form)


@bp.route("/visits/services/<uuid:record_id>/void", methods=["GET", "POST"])
@requires(P.SERVICE_WRITE)
def void_service(record_id: UUID) -> Any:
    """Takes a record out of every count."""
    record = q.one(record_id)
    policy.require(the_actor(), P.SERVICE_WRITE, record)
    form = VoidServiceForm()
    if form.validate_on_submit() and attempt(form, consultations.void_service, form.command, record, the_actor()):
        flash(_("The record is voided."), "ok")
        return redirect(url_for(".services"))
    return page("visits/void_service.html", form=form, record=record, **words())
