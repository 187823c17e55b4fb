"""The case file on one page, its history and its visits."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.blueprints.cases.gaps import way
from caseapp.blueprints.http import duties, genogram, story
from caseapp.blueprints.http.comments import field_label, threads
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.forms.details.base import DetailForm
from caseapp.models.casework import Case
from caseapp.queries.casework import cases
from caseapp.queries.casework import visits as visit_queries
from caseapp.queries.casework.cases import file as files
from caseapp.queries.casework.cases.file import CaseFile
from caseapp.queries.organisation import workers
from caseapp.reference import instrument
from caseapp.services.casework.cases import gates
from caseapp.services.casework.cases.steps import OWN_FORMS
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain, detail_form: type[DetailForm]) -> None:
    """Hangs the file under `/<domain>/cases/<case_id>`."""

    @bp.get("/cases/<uuid:case_id>")
    @requires(Permission.CASE_READ)
    def show(case_id: UUID) -> Any:
        """Who, next step, risk, goals, timeline, household: one page."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.opened")
        file = files.read(case, domain.detail, the_actor())
        return page(
            "cases/show.html",
            **whole(file, domain, detail_form),
            picture=genogram.draw(
                file.members, file.relatives, file.links, [case.client_id] if case.client_id else file.relatives
            ),
            relatives=file.relatives,
            **said(file),
            entries=story.entries(file.story),
            offered=offered(file, domain),
            acts=acts(case, domain, domain.acts),
            opened=file.opened if policy.may(the_actor(), Permission.FILE_TRAIL, case) else None,
            duties=duties.about(case),
        )

    @bp.get("/cases/<uuid:case_id>/history")
    @requires(Permission.CASE_READ)
    def history(case_id: UUID) -> Any:
        """Every step and everything that happened, newest first."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.history")
        return page("cases/history.html", case=case, domain=domain, entries=story.of_case(case, 500))

    @bp.get("/cases/<uuid:case_id>/visits")
    @requires(Permission.CASE_READ)
    def visits(case_id: UUID) -> Any:
        """The visits of the case, the latest first."""
        case = cases.opened(case_id, the_actor(), domain=domain.code)
        audit.opened(db.session, case, "case.visits")
        found = visit_queries.of_case(case, request.args.get("cursor"))
        people = workers.names({row.worker_id for row in found.items})
        next_url = url_for(".visits", case_id=case.id, cursor=found.next) if found.next else None
        return page("cases/visits.html", case=case, domain=domain, rows=found.items, people=people, next_url=next_url)


def whole(file: CaseFile, domain: Domain, detail_form: type[DetailForm]) -> dict[str, Any]:
    """What file page and print share."""
    case = file.case
    return {
        "case": case,
        "domain": domain,
        "file": file,
        "detail_template": f"{domain.code}/detail.html",
        "top_template": f"{domain.code}/top.html",
        "main_template": f"{domain.code}/main.html",
        "detail_form": detail_form,
        "plan": file.plan,
        "reviews": file.reviews,
        "household": file.household,
        "consent": file.consent,
        "results": results(file, domain),
        "named": access.open_to(case)
        if access.is_guarded(case) and policy.may(the_actor(), Permission.CASE_ASSIGN, case)
        else None,
        **(domain.facts(case) if domain.facts is not None else {}),
    }


def results(file: CaseFile, domain: Domain) -> list[dict[str, Any]]:
    """The last result of each instrument beside the one before; the domain's main one also without any, unless it is a crisis
    instrument, which nobody needs to be reminded of."""
    case = file.case
    if case.client_id is None:
        return []
    own, shown = domain.own_in(case)[:1], []
    for code in domain.offered_in(case):
        last, before = (*file.results(code), None, None)[:2]
        one = instrument(code, last.instrument_version if last else None)
        if last is not None or ((code,) == own and not one.everywhere):
            shown.append({"instrument": one, "last": last, "before": before})
    return shown


def acts(case: Case, domain: Domain, wanted: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The domain's own links that fit this file and this reader."""
    actor = the_actor()
    return [
        {
            "act": act,
            "url": url_for(f".{act.endpoint}", case_id=case.id),
            "here": request.endpoint == f"{domain.code}.{act.endpoint}",
        }
        for act in wanted
        if act.fits(case) and policy.may(actor, act.permission, case)
    ]


def said(file: CaseFile) -> dict[str, Any]:
    """Comments on the file, those inside a review too, and how one is written."""
    return {
        "threads": threads(file.comments, file.people, lambda c: url_for(".settle", case_id=file.case.id, comment_id=c.id)),
        "private_ok": the_actor().role == "supervisor",
        "field_label": field_label,
        "goal_numbers": {str(goal.id): goal.position for goal in file.goals},
    }


def offered(file: CaseFile, domain: Domain) -> list[dict[str, Any]]:
    """The steps this stage offers to this actor, each with what is still missing."""
    actor, case, papers = the_actor(), file.case, gates.Papers.of_file(file)
    found = []
    for step in domain.workflow.offered(case.status):
        if policy.may(actor, step.permission, case):
            lacking = gates.missing(case, step.needs, papers)
            missing = [{"words": words, "url": way(gate, case, domain)} for gate, words in lacking]
            found.append({"step": step, "missing": missing, "own": step.name in OWN_FORMS})
    return found
