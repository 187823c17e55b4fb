"""Due and overdue visits, the month, and a person's visits."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.blueprints.http import saved
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import page
from caseapp.blueprints.http.visitor import the_actor
from caseapp.blueprints.visits.blueprint import bp
from caseapp.blueprints.visits.shared import Shown, words
from caseapp.core import clock, dates
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.visit import DueFilterForm
from caseapp.queries.casework import due
from caseapp.queries.casework import visits as q
from caseapp.queries.organisation import villages, workers
from caseapp.services.trust import audit


@dataclass(frozen=True)
class Day:
    """One square of the month."""

    day: date
    inside: bool
    due: int
    made: int
    url: str


@bp.get("/visits")
@requires(P.VISIT_READ)
def index() -> Any:
    """Who is due: overdue, soon, or by day; by worker and village."""
    form, wanted = DueFilterForm.read(request.args)
    actor, today = the_actor(), clock.today()
    people, known = workers.of(actor), q.villages_of_clients()
    form.offer(people, known)
    before, since = q.span(wanted.show, wanted.day)
    chosen = q.DueFilter(before, since, wanted.worker, wanted.village, wanted.risk)
    found, count = q.due(chosen, wanted.cursor), q.count_due(chosen)
    return page(
        "visits/index.html",
        form=form,
        wanted=wanted,
        found=found,
        count=count,
        places=villages.names(c.residence_code for c in found.items),
        names=dict(people),
        today=today,
        sentence=due.sentence,
        chosen=_chosen(wanted, dict(people), dict(known)),
        saved=saved.offered("visits"),
        shown=Shown(
            found.items,
            url_for(".index", **_query(wanted, cursor=found.next)) if found.next else None,
            url_for(".index", **_query(wanted)) if wanted.cursor else None,
            count,
        ),
        **words(),
    )


@bp.get("/visits/calendar")
@requires(P.VISIT_READ)
def calendar() -> Any:
    """A month with what is due and what was done on each day."""
    form, wanted = DueFilterForm.read(request.args)
    actor, today = the_actor(), clock.today()
    people = workers.of(actor)
    form.offer(people, [])
    first = dates.month_start(wanted.month or today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1]
    due_on = q.due_by_day(q.DueFilter(end, start, wanted.worker))
    made_on = q.made_by_day(start, end, wanted.worker)
    squares = [
        [
            Day(
                day,
                day.month == first.month,
                due_on.get(day, 0),
                made_on.get(day, 0),
                url_for(".index", show="day", day=day.isoformat(), worker=wanted.worker),
            )
            for day in week
        ]
        for week in weeks
    ]
    return page(
        "visits/calendar.html",
        form=form,
        wanted=wanted,
        weeks=squares,
        first=first,
        before=dates.add_months(first, -1),
        after=dates.add_months(first, 1),
        today=today,
        **words(),
    )


@bp.get("/clients/<uuid:client_id>/visits")
@requires(P.VISIT_READ)
def of_client(client_id: UUID) -> Any:
    """Every visit of a person, newest first."""
    client = q.client(client_id)
    policy.require(the_actor(), P.VISIT_READ, client)
    audit.opened(db.session, client, "client.visits")
    found = q.of_client(client, request.args.get("cursor"))
    return page(
        "visits/of_client.html",
        client=client,
        found=found,
        services=q.services_of(found.items),
        names=workers.names(v.worker_id for v in found.items),
        sentence=due.sentence,
        reason_words=q.reason_words,
        shown=Shown(found.items, url_for(".of_client", client_id=client_id, cursor=found.next) if found.next else None),
        **words(),
    )


def _query(wanted: Any, **more: Any) -> dict[str, Any]:
    kept = {"show": wanted.show, "day": wanted.day, "worker": wanted.worker, "village": wanted.village, "risk": wanted.risk}
    return {name: value for name, value in {**kept, **more}.items() if value is not None}


def _chosen(wanted: Any, people: dict[Any, str], villages: dict[str, str]) -> list[tuple[str, str]]:
    """Active filters with the address without them."""
    found = []
    if wanted.worker:
        found.append((people.get(wanted.worker, _("Worker")), url_for(".index", **_query(wanted, worker=None))))
    if wanted.village:
        found.append((villages.get(wanted.village, wanted.village), url_for(".index", **_query(wanted, village=None))))
    if wanted.risk:
        found.append((_("Risk"), url_for(".index", **_query(wanted, risk=None))))
    return found
