"""What is due: by day, village and worker, and what was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp.core import clock
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import (
    Case,
    Client,
    Visit,
    VisitPerson,
)
from caseapp.queries.organisation.villages import names as places
from caseapp.queries.paging import LIMIT, page

LIVE_STATUSES = ("intake", "assessing", "planning", "serving", "evaluating", "closing", "follow_up")


@dataclass(frozen=True)
class DueFilter:
    """Which due visits: until when, from when, whose, where."""

    before: date | None = None
    since: date | None = None
    worker_id: UUID | None = None
    village: str | None = None
    risk: str | None = None


def due(wanted: DueFilter, cursor: str | None = None, limit: int = LIMIT) -> Page[Client]:
    """Persons with a next visit, soonest first."""
    return page(db.session, _due(select(Client), wanted), [Client.next_visit_on, Client.id], cursor, limit)


def span(show: str, day: date | None) -> tuple[date | None, date | None]:
    """Until and from which day a view of the list shows."""
    today = clock.today()
    if show == "overdue":
        return today - timedelta(days=1), None
    if show == "day":
        return day or today, day or today
    if show == "month":
        return today + timedelta(days=31), None
    if show == "all":
        return None, None
    return today + timedelta(days=7), None


def whole(wanted: DueFilter, most: int, *, restricted: bool) -> list[Client]:
    """The list at once, for a file: at most so many, restricted files on request."""
    query = _due(select(Client), wanted).order_by(Client.next_visit_on, Client.id).limit(most)
    return list(db.session.scalars(query if restricted else query.where(Client.klass != "P3")))


def count_due(wanted: DueFilter) -> int:
    """How many persons `due` would list in all."""
    return db.session.scalar(_due(select(func.count(Client.id)).select_from(Client), wanted)) or 0


def due_by_day(wanted: DueFilter) -> dict[date, int]:
    """How many visits are due on each day of a span."""
    query = _due(select(Client.next_visit_on, func.count(Client.id)).select_from(Client), wanted)
    rows = db.session.execute(query.group_by(Client.next_visit_on))
    return {row[0]: row[1] for row in rows}


def made_by_day(since: date, before: date, worker_id: UUID | None = None) -> dict[date, int]:
    """How many attendances (人次) there were on each day of a span, voided ones left out."""
    query = (
        select(VisitPerson.happened_on, func.count(VisitPerson.id))
        .select_from(VisitPerson)
        .where(VisitPerson.happened_on >= since, VisitPerson.happened_on <= before, VisitPerson.voided.is_(False))
    )
    if worker_id:
        query = query.join(Visit, Visit.id == VisitPerson.visit_id).where(Visit.worker_id == worker_id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(VisitPerson.happened_on))}


def _due(query: Any, wanted: DueFilter) -> Any:
    query = query.where(Client.state == "on_file", Client.next_visit_on.is_not(None))
    if wanted.before:
        query = query.where(Client.next_visit_on <= wanted.before)
    if wanted.since:
        query = query.where(Client.next_visit_on >= wanted.since)
    if wanted.worker_id:
        query = query.where(Client.worker_id == wanted.worker_id)
    if wanted.village:
        query = query.where(Client.residence_code == wanted.village)
    if wanted.risk:
        query = query.where(Client.risk == wanted.risk)
    return query


def villages_due(before: date, worker_id: UUID | None = None) -> list[tuple[str, str, int]]:
    """Villages of the persons due until a day: (code, name, how many), most first."""
    query = _due(select(Client.residence_code, func.count(Client.id)).select_from(Client), DueFilter(before, worker_id=worker_id))
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(Client.residence_code)) if row[0]}
    known = places(counts)
    return sorted(((code, known.get(code, code), n) for code, n in counts.items()), key=lambda v: (-v[2], v[0]))


def villages_of_clients() -> list[tuple[str, str]]:
    """Every village somebody on file lives in: (code, name)."""
    query = select(Client.residence_code).where(Client.state == "on_file", Client.residence_code.is_not(None)).distinct()
    codes = [code for code in db.session.scalars(query) if code]
    known = places(codes)
    return sorted((code, known.get(code, code)) for code in codes)


def round_of(village: str, before: date, most: int) -> list[Client]:
    """The persons of a village who are due until a day, soonest first, with what a paper list needs."""
    query = _due(select(Client), DueFilter(before, village=village)).options(selectinload(Client.contacts))
    return list(db.session.scalars(query.order_by(Client.next_visit_on, Client.id).limit(most)))


def only_open_case(client_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The open case of each person who has exactly one; restricted ones aside, whose visits do not count for the person."""
    query = select(Case.client_id, Case.id).where(
        Case.client_id.in_(client_ids), Case.status.in_(LIVE_STATUSES), Case.klass != "P3"
    )
    found: dict[UUID, list[UUID]] = {}
    for client_id, case_id in db.session.execute(query):
        if client_id is not None:
            found.setdefault(client_id, []).append(case_id)
    return {client_id: ids[0] for client_id, ids in found.items() if len(ids) == 1}
