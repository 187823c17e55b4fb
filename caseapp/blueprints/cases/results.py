"""The result of an assessment: beside the one before, what follows from it at once, the level that a person confirms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.assessments import warnings
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.casework.assessment import ConfirmLevelForm, NoteStepForm
from caseapp.models.casework import Assessment, Case, CaseEvent
from caseapp.queries.casework import assessments as queries
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.services.casework import assessments as service
from caseapp.services.casework import protocols
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/<domain>/cases/<case_id>/assessments/<assessment_id>`."""

    @bp.route("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>", methods=["GET", "POST"])
    @requires(Permission.CASE_READ)
    def assessment(case_id: UUID, assessment_id: UUID) -> Any:
        """The result beside the one before; a person confirms the level here."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        row = queries.one(assessment_id, case.id)
        instrument = reference.instrument(row.instrument, row.instrument_version)
        form = ConfirmLevelForm(obj=None, version=row.version).offer(instrument)
        if request.method == "POST":
            policy.require(the_actor(), Permission.CASE_WRITE, row)
            if form.validate_on_submit() and attempt(form, service.confirm, form.command, row, the_actor()):
                flash(_("Level confirmed."), "ok")
                return redirect(url_for(".assessment", case_id=case.id, assessment_id=row.id))
        elif row.state == "complete":
            form.level.data = row.computed_level
        audit.opened(db.session, case, "case.assessment")
        return page("assessments/show.html", form=form, case=case, instrument=instrument, **result(row, instrument, case))

    @bp.route("/cases/<uuid:case_id>/assessments/<uuid:assessment_id>/steps", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def note_step(case_id: UUID, assessment_id: UUID) -> Any:
        """One step of a protocol, noted with its time; by one press from the result, or with more words here."""
        case = cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)
        row = queries.one(assessment_id, case.id)
        policy.require(the_actor(), Permission.CASE_WRITE, row)
        instrument = reference.instrument(row.instrument, row.instrument_version)
        form = NoteStepForm()
        if not form.is_submitted():
            form.protocol.data, form.step.data = request.args.get("protocol"), request.args.get("step")
            form.done.data = "true"
        elif form.validate() and (event := attempt(form, protocols.note_step, form.command, row, case, the_actor())):
            flash(_("Noted at %(time)s.", time=event.facts["time"]), "ok")
            return redirect(url_for(".assessment", case_id=case.id, assessment_id=row.id) + "#protocol")
        chosen = reference.protocols().get(form.protocol.data or "")
        step = chosen.step(form.step.data or "") if chosen is not None else None
        return page("assessments/step.html", form=form, case=case, row=row, instrument=instrument, protocol=chosen, step=step)


def result(row: Assessment, instrument: reference.Instrument, case: Case) -> dict[str, Any]:
    """What the result page shows: sums beside the previous ones, reasons, alerts, protocols with their steps, warnings."""
    previous = queries.latest(row.client_id, row.instrument, before=row)
    scored = reference.score(instrument, row.answers or {}, row.conditions or {})
    confirmed = reference.score(instrument, row.answers or {}, row.conditions or {}, level=row.level)
    before = (previous.groups or {}) if previous else {}
    alerts = tuple(dict.fromkeys((*scored.alerts, *confirmed.alerts)))
    steps = queries.steps_of(row)
    return {
        "row": row,
        "previous": previous,
        "scored": scored,
        "alerts": alerts,
        "groups": [
            {"group": group, "value": (row.groups or {}).get(group.code, 0), "previous": before.get(group.code)}
            for group in instrument.counting
        ],
        "why": explained(instrument, scored),
        "protocols": [_protocol(code, steps) for code in dict.fromkeys(a.protocol for a in alerts if a.protocol)],
        "people": workers.names({step.by_id for step in steps} | {row.created_by_id, row.confirmed_by_id}),
        "too_few_assessors": instrument.wants_assessors and instrument.assessors_fall_short(row.assessors or []),
        "warnings": warnings(instrument, case, previous, row.assessed_on),
    }


def explained(instrument: reference.Instrument, scored: reference.Result) -> str:
    """Why the level is what it is, in one sentence; nothing while an item is open."""
    level = instrument.level(scored.computed_level)
    if level is None:
        return ""
    if deciding := _reasons(instrument, scored):
        return _("Level %(level)s, because: %(why)s.", level=level.label(tag()), why=_("; ").join(deciding))
    if instrument.by_rules:
        return _("Level %(level)s: none of the signs of danger in the list was found.", level=level.label(tag()))
    if level.low == level.high:
        return _("%(points)s points: %(level)s.", points=scored.total, level=level.label(tag()))
    return _(
        "%(points)s points lie between %(low)s and %(high)s: %(level)s.",
        points=scored.total,
        low=level.low,
        high=level.high,
        level=level.label(tag()),
    )


def _reasons(instrument: reference.Instrument, scored: reference.Result) -> list[str]:
    """The rules that hold and lead to the level, in words."""
    raised = scored.computed_level != scored.base_level
    rules = [rule for code in scored.reasons if (rule := instrument.override(code)) is not None]
    return [rule.label(tag()) for rule in rules if rule.set_to == scored.computed_level or (rule.raise_by and raised)]


def _protocol(code: str, events: list[CaseEvent]) -> dict[str, Any]:
    """A protocol with the last note on each of its steps."""
    chosen = reference.protocols()[code]
    noted = {event.facts["step"]: event for event in events if event.facts["protocol"] == code}  # in time: the last stays
    return {"protocol": chosen, "steps": [(step, noted.get(step.code)) for step in chosen.steps]}
