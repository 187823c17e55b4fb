"""The ledger of mandatory reports: all of the station for its head, one's own and those one is named on for others."""

from typing import Any

from flask import Blueprint, request, url_for

from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.forms.details.children.report import LedgerForm
from caseapp.queries.details.children import counts
from caseapp.queries.details.children import reports as queries
from caseapp.queries.organisation import workers


def register(bp: Blueprint) -> None:
    """Hangs the list under `/children/reports`."""

    @bp.get("/reports")
    @requires(Permission.CASE_READ)
    def ledger() -> Any:
        """Reports, the latest found first; the head sees how many and how fast beside them."""
        filters, wanted = LedgerForm.read(request.args)
        state = wanted.get("state")
        found = queries.listed(state, request.args.get("cursor"))
        people, cases = queries.people(found.items)
        given = {"state": state} if state else {}
        actor, today = the_actor(), clock.today()
        return page(
            "children/ledger.html",
            filters=filters,
            rows=found.items,
            people=people,
            cases=cases,
            workers=workers.names({row.worker_id for row in cases.values()}),
            next_step=queries.next_step,
            chosen=[(label("children_report_state", state), url_for(".ledger"))] if state else [],
            next_url=url_for(".ledger", **given, cursor=found.next) if found.next else None,
            first_url=url_for(".ledger", **given) if request.args.get("cursor") else None,
            counts=counts.reports(actor, today.replace(month=1, day=1), today),
        )
