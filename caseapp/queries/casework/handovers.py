"""Handovers: one with its lines, what waits on a desk, what was handed over lately. Rows outside the rules are absent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import NotFound
from caseapp.core.paging import Page
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Handover, HandoverItem, Task
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework import cases
from caseapp.queries.casework.clients.one import OPEN_TAGS
from caseapp.queries.paging import LIMIT, page

NEWS = timedelta(days=3)  # so long does a desk say what the head has given


@dataclass(frozen=True)
class Line:
    """A file that goes or may go: a person or a case, the person of it where the line is in sight, and its open promises."""

    client: Client | None
    case: Case | None
    item: HandoverItem | None = None
    tasks: list[Task] = field(default_factory=list)

    @property
    def row(self) -> Any:
        """The case, else the person."""
        return self.case or self.client


@dataclass(frozen=True)
class Waiting:
    """One handover on a desk: how many files wait, or were given by the head lately."""

    row: Handover
    count: int
    ordered: bool


def one(handover_id: UUID) -> tuple[Handover, list[HandoverItem]]:
    """A handover with the lines in sight; NotFound where there are none."""
    row = db.session.scalar(select(Handover).where(Handover.id == handover_id))
    query = select(HandoverItem).where(HandoverItem.handover_id == handover_id).order_by(HandoverItem.id)
    items = list(db.session.scalars(query)) if row is not None else []
    if row is None or not items:
        raise NotFound()
    return row, items


def desk(actor: Actor) -> list[Waiting]:
    """What waits for the actor or for others by the actor, and what the head gave lately; for a head all that waits."""
    now = clock.now()
    item = HandoverItem
    lately = and_(item.state == "ordered", item.to_id == actor.user_id, item.answered_at > now - NEWS)
    waits = item.state == "waiting"
    if actor.role != "station_head":
        waits = and_(waits, or_(item.to_id.in_(actor.users), item.from_id.in_(actor.users)))
    query = (
        select(Handover, item.state, func.count(item.id))
        .join(item, item.handover_id == Handover.id)
        .where(or_(waits, and_(lately, Handover.created_by_id != actor.user_id)))
        .group_by(Handover.id, item.state)
        .order_by(Handover.created_at.desc(), Handover.id.desc())
        .limit(20)
    )
    return [Waiting(row, count, state == "ordered") for row, state, count in db.session.execute(query)]


def listed(cursor: str | None = None, limit: int = LIMIT) -> Page[Handover]:
    """The handovers in scope, the newest first."""
    return page(db.session, select(Handover), [Handover.created_at, Handover.id], cursor, limit, descending=True)


def counts(rows: Iterable[Handover]) -> dict[UUID, dict[str, int]]:
    """How many lines of each handover stand how."""
    ids = [row.id for row in rows]
    found: dict[UUID, dict[str, int]] = {}
    if ids:
        query = select(HandoverItem.handover_id, HandoverItem.state, func.count()).where(HandoverItem.handover_id.in_(ids))
        for key, state, count in db.session.execute(query.group_by(HandoverItem.handover_id, HandoverItem.state)):
            found.setdefault(key, {})[state] = count
    return found


def lines_of(items: Iterable[HandoverItem]) -> list[Line]:
    """The files behind lines, as far as they are in sight, with the promises that go along; four statements."""
    held = list(items)
    files = cases.many(item.case_id for item in held if item.case_id is not None)
    people = _people([item.client_id for item in held])
    promised = _promised(list(people), list(files), {item.from_id for item in held} - {None})
    found = []
    for item in held:
        case = files.get(item.case_id) if item.case_id is not None else None
        person = people.get(item.client_id) if item.client_id is not None else None
        found.append(Line(case.client if case is not None else person, case, item, promised.get(item.file_id, [])))
    return found


def of_persons(ids: Iterable[UUID], users: Iterable[UUID] | None) -> list[Line]:
    """Persons and, after each, their open cases, of these workers only (None: whoever is responsible), to be handed over."""
    workers = None if users is None else set(users)
    people = _people(ids)
    query = select(Case).where(Case.client_id.in_(sorted(people)), Case.status.in_((*LIVE, "follow_up"))).order_by(Case.id)
    query = query.options(selectinload(Case.client), selectinload(Case.household))
    files: dict[UUID, list[Case]] = {}
    for case in db.session.scalars(query) if people else ():
        if case.client_id is not None and (workers is None or case.worker_id in workers):
            files.setdefault(case.client_id, []).append(case)
    mine = {key: row for key, row in people.items() if workers is None or row.worker_id in workers}
    every = [case.id for found in files.values() for case in found]
    promised = _promised(list(mine), every, workers)
    found = []
    for key, person in people.items():
        if key in mine:
            found.append(Line(person, None, tasks=promised.get(key, [])))
        found += [Line(person, case, tasks=promised.get(case.id, [])) for case in files.get(key, [])]
    return found


def of_cases(ids: Iterable[UUID], users: Iterable[UUID] | None) -> list[Line]:
    """Cases of these workers, to be handed over."""
    workers = None if users is None else set(users)
    files = {key: row for key, row in cases.many(ids).items() if workers is None or row.worker_id in workers}
    promised = _promised([], list(files), workers)
    return [Line(row.client, row, tasks=promised.get(key, [])) for key, row in files.items()]


def mine(actor: Actor, most: int = 200) -> list[Line]:
    """What is the actor's to hand over, or an absent colleague's: persons, then open cases; three statements."""
    query = select(Client).where(Client.worker_id.in_(actor.users), Client.state == "on_file").options(OPEN_TAGS)
    people = list(db.session.scalars(query.order_by(Client.name_key, Client.id).limit(most)))
    files = select(Case.id).where(Case.worker_id.in_(actor.users), Case.status.in_((*LIVE, "follow_up")))
    found = cases.many(db.session.scalars(files.order_by(Case.next_step_on, Case.id).limit(most)))
    promised = _promised([row.id for row in people], list(found), actor.users)
    return [
        *(Line(row, None, tasks=promised.get(row.id, [])) for row in people),
        *(Line(row.client, row, tasks=promised.get(key, [])) for key, row in found.items()),
    ]


def _people(ids: Iterable[UUID | None]) -> dict[UUID, Client]:
    wanted = sorted({key for key in ids if key is not None})
    if not wanted:
        return {}
    query = select(Client).where(Client.id.in_(wanted)).order_by(Client.name_key, Client.id).options(OPEN_TAGS)
    return {row.id: row for row in db.session.scalars(query)}


def _promised(people: list[UUID], files: list[UUID], users: Iterable[UUID | None] | None) -> dict[UUID, list[Task]]:
    """Open promises of these users by case, else by person."""
    if not people and not files:
        return {}
    about = or_(Task.case_id.in_(sorted(files)), and_(Task.case_id.is_(None), Task.client_id.in_(sorted(people))))
    query = select(Task).where(Task.state == "open", about)
    query = query.where(
        Task.user_id.in_(sorted(u for u in users if u is not None)) if users is not None else Task.user_id.is_not(None)
    )
    found: dict[UUID, list[Task]] = {}
    for task in db.session.scalars(query.order_by(Task.due_on, Task.id)):
        key = task.case_id or task.client_id
        if key is not None:
            found.setdefault(key, []).append(task)
    return found
