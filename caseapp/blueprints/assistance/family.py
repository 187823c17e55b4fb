"""Across cases: what a family receives at a glance, and whose re-check is due in a month."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import format_date

from caseapp.access.permissions import Permission
from caseapp.blueprints.assistance.aid import glance
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock, dates
from caseapp.core.errors import NotFound
from caseapp.core.text import _
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.queries.casework import cases, clients
from caseapp.queries.details.assistance import aid as queries
from caseapp.queries.details.assistance import sheets
from caseapp.queries.details.assistance.family import of_client
from caseapp.queries.organisation import villages, workers
from caseapp.services.trust import audit


def register(bp: Blueprint, domain: Domain) -> None:
    """Hangs the pages under `/assistance`."""

    @bp.get("/family")
    @requires(Permission.CASE_READ)
    def family() -> Any:
        """What the family of a person on file (`?client=`) receives and asks for, and its means sheets."""
        client = clients.opened(_uuid(request.args.get("client")), the_actor())
        audit.opened(db.session, client, "aid.family")
        whose = of_client(client)
        facts, rows = glance(whose), sheets.of_family(whose)
        ids = {row.case_id for row in [*facts["benefits"], *facts["aid_requests"], *rows]}
        return page("assistance/family.html", client=client, domain=domain, rows=rows, files=cases.many(ids), **facts)

    @bp.get("/rechecks")
    @requires(Permission.CASE_READ)
    def rechecks() -> Any:
        """Whose re-check is due: this month with everything late, or another month."""
        actor, today = the_actor(), clock.today()
        month = _month(request.args.get("month")) or dates.month_start(today)
        is_now = month == dates.month_start(today)
        mine = request.args.get("whose") == "me"
        worker = actor.user_id if mine else None
        found = queries.rechecks(dates.month_end(month), None if is_now else month, worker, request.args.get("cursor"))
        files = cases.many({row.case_id for row in found.items})
        given: dict[str, Any] = {"month": None if is_now else f"{month:%Y-%m}", "whose": "me" if mine else None}
        return page(
            "assistance/rechecks.html",
            domain=domain,
            rows=[(row, files[row.case_id]) for row in found.items if row.case_id in files],
            people=workers.names({case.worker_id for case in files.values()}),
            places=villages.names(case.place_code for case in files.values()),
            title=format_date(month, _("MMMM y")),
            is_now=is_now,
            mine=mine,
            whose_url=url_for(".rechecks", month=given["month"], whose=None if mine else "me"),
            before_url=url_for(".rechecks", month=f"{month - timedelta(days=1):%Y-%m}", whose=given["whose"]),
            after_url=url_for(".rechecks", month=f"{dates.month_end(month) + timedelta(days=1):%Y-%m}", whose=given["whose"]),
            next_url=url_for(".rechecks", **given, cursor=found.next) if found.next else None,
            first_url=url_for(".rechecks", **given) if request.args.get("cursor") else None,
        )


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise NotFound() from error


def _month(text: str | None) -> date | None:
    """The first of a month written as 2026-11; None for anything else, and for years nobody means."""
    if text is None or not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return None
    return date(int(text[:4]), int(text[5:]), 1)
