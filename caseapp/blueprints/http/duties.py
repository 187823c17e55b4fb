"""Duties in words and links, for Today and for the page of a person or a case."""

from datetime import date, timedelta
from typing import Any

from flask import url_for

from caseapp import domains, reference
from caseapp.blueprints.http.filters import label
from caseapp.blueprints.http.people import late_by
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.text import _
from caseapp.models.casework import Case, Client
from caseapp.queries.casework.duties import Duty, Whose

AHEAD = 30  # days, on a file; Today looks less far


def of_desk(actor: Actor, until: date, *, everybody: bool, is_head: bool) -> list[dict[str, Any]]:
    """What is due at a desk as rows of work: one's own, or the station's; what others have let become late reaches the head."""
    whose = Whose(until, None if everybody else actor.user_id, late_of_all=is_head, also=tuple(actor.stands_in))
    return [_job(duty) for duty in gathered(whose)]


def about(row: Client | Case) -> list[dict[str, Any]]:
    """What is due about a person or in a case, soonest first."""
    until = clock.today() + timedelta(days=AHEAD)
    whose = Whose(until, case=row) if isinstance(row, Case) else Whose(until, client=row)
    return [_job(duty) for duty in gathered(whose)]


def gathered(whose: Whose) -> list[Duty]:
    """The duties that the domains know, in a case its own one, soonest first."""
    asked = domains.all() if whose.case is None else (domains.get(whose.case.domain),)
    found = [duty for domain in asked if domain.duties is not None for duty in domain.duties(whose)]
    return sorted(found, key=lambda duty: duty.on)  # those of one day in the order of their domain


def _job(duty: Duty) -> dict[str, Any]:
    what = label("task_kind", duty.kind)
    entry = reference.codes("task_kind").get(duty.kind)
    ending = duty.ending and duty.client_id is not None
    url = url_for(duty.endpoint, **duty.values)
    return {
        "on": duty.on,
        "name": duty.title,
        "url": url,
        "domain": duty.domain,
        "late": late_by(duty.on),
        "due": what,
        "why": what if duty.on < clock.today() else "",
        "act": _("Do it"),
        "act_url": url,
        "urgent": entry is not None and bool(entry.facts.get("urgent")),
        "end_url": url_for("today.end_duty", kind=duty.kind, client_id=duty.client_id) if ending else None,
    }
