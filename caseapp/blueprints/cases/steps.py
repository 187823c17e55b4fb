"""Steps of the workflow, risk and team: one form each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.forms.casework.case import AssignForm, DeclineForm, RiskForm, StepForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.organisation import workers
from caseapp.services.casework import closing
from caseapp.services.casework.cases import gates, steps, team


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the forms under `/<domain>/cases/<case_id>/…`."""

    @bp.route("/cases/<uuid:case_id>/steps/<name>", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE, Permission.CASE_CLOSE, Permission.CASE_REOPEN)
    def step(case_id: UUID, name: str) -> Any:
        """One step: the day and why; what is missing is said before."""
        if name not in {s.name for s in domain.workflow.steps} - {"decline", "ask_closing"}:
            raise NotFound()
        case = cases.opened(case_id, the_actor(), Permission.CASE_READ, domain.code)
        chosen = domain.workflow.step(name, case.status)
        policy.require(the_actor(), chosen.permission, case)
        form = StepForm()
        if not form.is_submitted():
            form.version.data, form.happened_on.data = case.version, clock.today().isoformat()
        verb = closing.close if name == "close" else lambda command, row, actor: steps.take(name, command, row, actor)
        answer = done(form, verb, case)
        missing = [sentence for _gate, sentence in gates.missing(case, chosen.needs)] if answer is None else []
        return answer or page("cases/step.html", form=form, case=case, domain=domain, step=chosen, missing=missing)

    @bp.route("/cases/<uuid:case_id>/decline", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def decline(case_id: UUID) -> Any:
        """Why the case is not accepted."""
        case, form = _case(case_id), DeclineForm()
        form.offer()
        domain.workflow.step("decline", case.status)
        if not form.is_submitted():
            form.version.data = case.version
        return done(form, steps.decline, case) or page("cases/decline.html", form=form, case=case, domain=domain)

    @bp.route("/cases/<uuid:case_id>/risk", methods=["GET", "POST"])
    @requires(Permission.CASE_WRITE)
    def risk(case_id: UUID) -> Any:
        """Another level of risk with its reason."""
        case, form = _case(case_id), RiskForm()
        form.offer()
        if not form.is_submitted():
            form.version.data, form.risk.data, form.risk_reason.data = case.version, case.risk, case.risk_reason
        return done(form, steps.change_risk, case) or page("cases/risk.html", form=form, case=case, domain=domain)

    @bp.route("/cases/<uuid:case_id>/assign", methods=["GET", "POST"])
    @requires(Permission.CASE_ASSIGN)
    def assign(case_id: UUID) -> Any:
        """Who is responsible and who works along."""
        case, form = cases.opened(case_id, the_actor(), Permission.CASE_ASSIGN, domain.code), AssignForm()
        form.offer([(str(key), name) for key, name in workers.of(the_actor())])
        if not form.is_submitted():
            form.version.data, form.worker_id.data = case.version, str(case.worker_id)
            form.co_worker_ids.data = [str(m.user_id) for m in team.current(case.id) if m.part == "co_worker"]
        return done(form, team.assign, case) or page("cases/assign.html", form=form, case=case, domain=domain)

    def _case(case_id: UUID) -> Case:
        return cases.opened(case_id, the_actor(), Permission.CASE_WRITE, domain.code)


def done(form: Any, verb: Callable[..., Any], case: Case) -> Any:
    """Runs the verb of a sent form; back to the file when it went well."""
    if form.validate_on_submit() and attempt(form, verb, form.command, case, the_actor()):
        flash(_("Saved."), "ok")
        return redirect(url_for(".show", case_id=case.id))
    return None
