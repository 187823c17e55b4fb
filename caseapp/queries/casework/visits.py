"""Reading visits: one visit, a person's and a case's, what is due, the month, the round of a village."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp import reference
from caseapp.access.scope import under
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.models.casework import (
    Case,
    Client,
    Enrolment,
    HouseholdMember,
    Plan,
    PlanItem,
    ServiceRecord,
    Visit,
    VisitPerson,
)
from caseapp.models.organisation import Division, Grant, GrantPlace, User
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


@dataclass(frozen=True)
class VisitPage:
    """A visit with everything its page shows."""

    visit: Visit
    persons: list[VisitPerson]
    clients: dict[UUID, Client]
    services: list[ServiceRecord]
    names: dict[UUID, str]
    moved_to: Visit | None = None


@dataclass(frozen=True)
class Preparation:
    """What the visit form shows before anything is typed."""

    client: Client
    last: VisitPerson | None
    last_visit: Visit | None
    number: int
    cases: list[Case]
    goals: list[Any]
    presets: list[str]
    company: list[Client] = field(default_factory=list)


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


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of users."""
    wanted = sorted({i for i in ids if i is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


def places(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of divisions."""
    wanted = sorted({c for c in codes if c})
    if not wanted:
        return {}
    query = select(Division.code, Division.name).where(Division.code.in_(wanted))
    return {row.code: row.name for row in db.session.execute(query)}


def workers_of(actor: Actor) -> list[tuple[UUID, str]]:
    """Who works with files under the actor's places now: (id, name), for filters."""
    today = clock.today()
    query = (
        select(User.id, User.name)
        .join(Grant, Grant.user_id == User.id)
        .join(GrantPlace, GrantPlace.grant_id == Grant.id)
        .where(
            Grant.state == "active",
            Grant.role.in_(("worker", "station_head")),
            Grant.from_on <= today,
            (Grant.to_on.is_(None)) | (Grant.to_on >= today),
            under(actor, GrantPlace.path),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


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
    query = select(Visit).join(VisitPerson, VisitPerson.visit_id == Visit.id).where(which).options(selectinload(Visit.persons))
    return page(db.session, query, [Visit.happened_on, Visit.id], cursor, limit, descending=True)


def due(wanted: DueFilter, cursor: str | None = None, limit: int = LIMIT) -> Page[Client]:
    """Persons with a next visit, soonest first."""
    return page(db.session, _due(select(Client), wanted), [Client.next_visit_on, Client.id], cursor, limit)


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
    """The open case of each person who has exactly one."""
    query = select(Case.client_id, Case.id).where(Case.client_id.in_(client_ids), Case.status.in_(LIVE_STATUSES))
    found: dict[UUID, list[UUID]] = {}
    for client_id, case_id in db.session.execute(query):
        if client_id is not None:
            found.setdefault(client_id, []).append(case_id)
    return {client_id: ids[0] for client_id, ids in found.items() if len(ids) == 1}


def last_persons(client_ids: Iterable[UUID]) -> dict[UUID, VisitPerson]:
    """The newest attendance of each person that counts, with its visit; one statement and one more."""
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
        .where(VisitPerson.voided.is_(False))
        .options(selectinload(VisitPerson.visit))
        .order_by(VisitPerson.id)
    )
    return {row.client_id: row for row in db.session.scalars(query)}


def prepare(client: Client) -> Preparation:
    """Last time, goals still open, cases, usual services and the household, for the visit form."""
    last = last_persons([client.id]).get(client.id)
    number = db.session.scalar(
        select(func.count(VisitPerson.id)).where(VisitPerson.client_id == client.id, VisitPerson.voided.is_(False))
    )
    open_cases = _open_cases(client)
    goals, promised = _plan(open_cases)
    presets = promised or _usual(client)
    return Preparation(
        client, last, last.visit if last else None, (number or 0) + 1, open_cases, goals, presets, _company(client)
    )


def _open_cases(client: Client) -> list[Case]:
    mine = Case.client_id == client.id
    if client.household_id:
        mine = mine | (Case.household_id == client.household_id)
    query = select(Case).where(mine, Case.status.in_(LIVE_STATUSES)).order_by(Case.id)
    return list(db.session.scalars(query))


def _plan(open_cases: Sequence[Case]) -> tuple[list[Any], list[str]]:
    """Goals not yet reached and catalogue items promised by the plans in force."""
    if not open_cases:
        return [], []
    query = (
        select(Plan)
        .where(Plan.case_id.in_([c.id for c in open_cases]), Plan.state.in_(("approved", "in_review", "draft")))
        .options(selectinload(Plan.goals), selectinload(Plan.items))
        .order_by(Plan.number.desc())
    )
    plans = list(db.session.scalars(query))
    goals = [g for plan in plans[:2] for g in plan.goals if not g.dropped and g.progress < 4 and g.outcome is None]
    items: list[PlanItem] = [item for plan in plans if plan.state == "approved" for item in plan.items]
    return goals[:4], list(dict.fromkeys(item.item for item in items))[:6]


def _usual(client: Client) -> list[str]:
    """What was done on the last three days with a service."""
    query = (
        select(ServiceRecord)
        .where(ServiceRecord.client_id == client.id, ServiceRecord.voided_at.is_(None), ServiceRecord.kind == "visit")
        .order_by(ServiceRecord.happened_on.desc(), ServiceRecord.id)
        .limit(9)
    )
    rows = list(db.session.scalars(query))
    days = sorted({row.happened_on for row in rows}, reverse=True)[:1]
    return list(dict.fromkeys(row.item for row in rows if row.happened_on in days))


def usual_items(station_path: str, most: int = 200) -> Counter[str]:
    """How often each catalogue item was used of late at a place, so that the usual ones come first."""
    latest = (
        select(ServiceRecord.item)
        .where(ServiceRecord.station_path == station_path)
        .order_by(ServiceRecord.happened_on.desc())
        .limit(most)
        .subquery()
    )
    query = select(latest.c.item, func.count()).select_from(latest).group_by(latest.c.item)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def _company(client: Client) -> list[Client]:
    """Others on file of the same household, who may have been there too."""
    if not client.household_id:
        return []
    query = (
        select(Client)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(
            HouseholdMember.household_id == client.household_id,
            HouseholdMember.left_on.is_(None),
            HouseholdMember.lives_here.is_(True),
            Client.id != client.id,
            Client.state == "on_file",
        )
        .order_by(HouseholdMember.position, Client.id)
        .limit(8)
    )
    return list(db.session.scalars(query))


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
