"""One visit, those of a person, a case and a round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from caseapp import reference
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.models.casework import (
    Case,
    Client,
    Enrolment,
    ServiceRecord,
    Visit,
    VisitPerson,
)
from caseapp.queries.organisation.workers import names
from caseapp.queries.paging import LIMIT, page


@dataclass(frozen=True)
class VisitPage:
    """A visit with everything its page shows."""

    visit: Visit
    persons: list[VisitPerson]
    clients: dict[UUID, Client]
    services: list[ServiceRecord]
    names: dict[UUID, str]
    moved_to: Visit | None = None


def one(visit_id: UUID) -> Visit:
    """A visit with its persons; NotFound when there is none in scope."""
    query = select(Visit).where(Visit.id == visit_id).options(selectinload(Visit.persons))
    found: Visit | None = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def client(client_id: UUID) -> Client:
    """The person on file; NotFound outside the scope."""
    found: Client | None = db.session.scalar(select(Client).where(Client.id == client_id))
    if found is None:
        raise NotFound()
    return found


def clients(ids: Iterable[UUID]) -> dict[UUID, Client]:
    """Those of the persons that are in scope."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(wanted)))}


def cases(ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Those of the cases that are in scope."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(Case).where(Case.id.in_(wanted)))}


def enrolments(ids: Iterable[UUID]) -> dict[UUID, list[Enrolment]]:
    """The stays on file of each person."""
    query = select(Enrolment).where(Enrolment.client_id.in_(sorted(set(ids)))).order_by(Enrolment.from_on)
    found: dict[UUID, list[Enrolment]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.client_id, []).append(row)
    return found


def visit_page(visit_id: UUID) -> VisitPage:
    """A visit with persons, services and names."""
    visit = one(visit_id)
    people = clients(p.client_id for p in visit.persons)
    query = select(ServiceRecord).where(ServiceRecord.visit_id == visit.id).order_by(ServiceRecord.id)
    services = list(db.session.scalars(query))
    moved_to = db.session.scalar(select(Visit).where(Visit.moved_from_id == visit.id)) if visit.voided_at else None
    who = names([visit.worker_id, visit.voided_by_id, visit.created_by_id])
    return VisitPage(visit, visit.persons, people, services, who, moved_to)


def services_of(visits: Sequence[Visit]) -> dict[UUID, list[str]]:
    """Catalogue items of each visit, each once, in one statement."""
    if not visits:
        return {}
    query = select(ServiceRecord).where(ServiceRecord.visit_id.in_([v.id for v in visits])).order_by(ServiceRecord.id)
    found: dict[UUID, list[str]] = {}
    for row in db.session.scalars(query):
        items = found.setdefault(row.visit_id, []) if row.visit_id else []
        if row.item not in items:
            items.append(row.item)
    return found


def of_client(client: Client, cursor: str | None = None, limit: int = LIMIT) -> Page[Visit]:
    """A person's visits, newest first, voided ones included."""
    return _visits(VisitPerson.client_id == client.id, cursor, limit)


def of_case(case: Case, cursor: str | None = None, limit: int = LIMIT) -> Page[Visit]:
    """A case's visits, newest first, voided ones included."""
    return _visits(VisitPerson.case_id == case.id, cursor, limit)


def of_round(round_id: UUID) -> list[Visit]:
    """The visits that one round wrote."""
    query = select(Visit).where(Visit.round_id == round_id).options(selectinload(Visit.persons)).order_by(Visit.id)
    return list(db.session.scalars(query))


def _visits(which: Any, cursor: str | None, limit: int) -> Page[Visit]:
    """By the attendance's own day and visit, which an index by person or case serves; the visit's are the same."""
    query = select(Visit).join(VisitPerson, VisitPerson.visit_id == Visit.id).where(which).options(selectinload(Visit.persons))
    order = [VisitPerson.happened_on, VisitPerson.visit_id]
    return page(db.session, query, order, cursor, limit, descending=True, key=lambda visit: (visit.happened_on, visit.id))


def last_persons(client_ids: Iterable[UUID]) -> dict[UUID, VisitPerson]:
    """The newest attendance of each person that counts, with its visit; one statement."""
    wanted = sorted(set(client_ids))
    if not wanted:
        return {}
    newest = (
        select(VisitPerson.client_id, func.max(VisitPerson.happened_on).label("day"))
        .where(VisitPerson.client_id.in_(wanted), VisitPerson.voided.is_(False))
        .group_by(VisitPerson.client_id)
        .subquery()
    )
    query = (
        select(VisitPerson)
        .join(newest, (newest.c.client_id == VisitPerson.client_id) & (newest.c.day == VisitPerson.happened_on))
        .outerjoin(VisitPerson.visit)
        .where(VisitPerson.voided.is_(False))
        .options(contains_eager(VisitPerson.visit))
        .order_by(VisitPerson.id)
    )
    return {row.client_id: row for row in db.session.scalars(query)}


def reason_words(reason: str | None, language: str) -> str:
    """A kept reason ("code", "code: words", or words) in words."""
    if not reason:
        return ""
    known = reference.codes("not_met_reason")
    code, _colon, more = reason.partition(": ")
    if not known.valid(code):
        return reason
    label = str(known.label(code, language))
    return _("%(reason)s (%(more)s)", reason=label, more=more) if more else label
