"""A person or a case behind a number, as a row of a list: who, whose, why."""

from datetime import date
from typing import Any

from flask import url_for

from caseapp.blueprints.http.filters import label, word
from caseapp.blueprints.http.people import age_of, case_title, day_with_year, late_by
from caseapp.core.text import _
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import due
from caseapp.queries.casework.oversight.points import Point


def row_of(row: Any, point: Point, places: dict[str, str], people: dict[Any, str]) -> dict[str, Any]:
    """The row as the list of work shows it; nobody who looks from outside is offered an act."""
    made: dict[str, Any] = _of_client(row, point) if isinstance(row, Client) else _of_case(row, point)
    client = row if isinstance(row, Client) else row.client
    who = [_about(client)] if client is not None else []
    if isinstance(row, Case) and client is None:
        who.append(_("household") if row.household_id else _("community"))
    place = row.residence_code if isinstance(row, Client) else row.place_code
    parts = [*who, places.get(place or "", ""), people.get(row.worker_id, "")]
    return {
        "client": client,
        "risk": row.risk if row.risk != "green" else None,
        "who": _(", ").join(part for part in parts if part),
        **made,
    }


def _about(client: Client) -> str:
    said = label("sex", client.sex)
    if age_of(client) is not None:
        said += " " + _("aged %(n)s", n=age_of(client))
    return said + _(", ") + _("under 18") if client.klass == "minor" else said


def _of_client(row: Client, point: Point) -> dict[str, Any]:
    late = late_by(row.next_visit_on)
    asks_for_visit = point.code in ("visits", "both", "unseen")
    return {
        "name": row.name,
        "url": url_for("clients.show", client_id=row.id),
        "late": late if asks_for_visit else None,
        "due": _("Visit by %(day)s", day=day_with_year(row.next_visit_on)) if asks_for_visit and not late else None,
        "why": due.sentence(row) if asks_for_visit else _met(row.last_met_on),
    }


def _met(day: date | None) -> str:
    return _("last met on %(day)s", day=day_with_year(day)) if day else _("not met yet")


def _of_case(row: Case, point: Point) -> dict[str, Any]:
    late = late_by(row.next_step_on)
    said = word("next_step", row.next_step) if row.next_step else ""
    since = _("%(stage)s since %(day)s", stage=label("case_status", row.status), day=day_with_year(row.stage_since))
    return {
        "name": case_title(row),
        "url": url_for(f"{row.domain}.show", case_id=row.id),
        "domain": row.domain,
        "late": late if point.code in ("steps", "cases") else None,
        "why": (row.risk_reason or said) if point.code == "cases" else said if point.code == "steps" else since,
    }
