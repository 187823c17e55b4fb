"""What Today shows whoever reads files: what is due, what waits, how the caseload stands; few statements, however many rows."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from caseapp.access.scope import under
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Review, Task, Visit, VisitPerson
from caseapp.models.casework.case import LIVE
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import cases as case_queries
from caseapp.queries.organisation import villages, workers

SOON = 7  # days ahead
MOST = 60
AHEAD = 30  # days: a promise of next year is no work of today
WAITING_STEPS = ("plan_review", "closing_review")  # somebody else acts
RISKS = ("red", "orange", "blue", "green")


@dataclass(frozen=True)
class Desk:
    """A worker's or head's day."""

    clients: list[Client]
    cases: list[Case]
    waiting: list[Case]
    tasks: list[Task]
    named: dict[UUID, Client]
    week: dict[date, int]
    cases_by: dict[UUID | None, dict[str, int]]  # open cases by worker and risk
    on_file: int
    met: int
    attendances: int
    places: dict[str, str] = field(default_factory=dict)
    files: dict[UUID, Case] = field(default_factory=dict)  # of promises that are about no person on file

    @property
    def risks(self) -> dict[str, int]:
        """Open cases by risk."""
        return dict(sum((Counter(found) for found in self.cases_by.values()), Counter()))


@dataclass(frozen=True)
class WorkerLine:
    """One worker of a station this month: persons on file, overdue, attendances (人次), distinct persons (人数), open cases."""

    name: str
    on_file: int = 0
    overdue: int = 0
    attendances: int = 0
    persons: int = 0
    cases: int = 0


def desk(actor: Actor, whom: tuple[UUID, ...] | None) -> Desk:
    """What is due for a worker and those whose work the worker does, or for the whole scope when none is named (a head's station)."""
    today = clock.today()
    until = today + timedelta(days=SOON)
    mine = [Client.state == "on_file"] + ([Client.worker_id.in_(whom)] if whom else [])
    due = select(Client).where(*mine, Client.next_visit_on <= until).order_by(Client.next_visit_on, Client.id).limit(MOST)
    clients = list(db.session.scalars(due))
    steps = select(Case).where(Case.status.in_(LIVE), Case.next_step_on <= until, Case.next_step != "visit")
    if whom:
        steps = steps.where(Case.worker_id.in_(whom))
    steps = steps.options(selectinload(Case.client), selectinload(Case.household))
    found = list(db.session.scalars(steps.order_by(Case.next_step_on, Case.id).limit(MOST)))
    tasks = _tasks(actor)
    named = {row.id: row for row in clients} | {c.client.id: c.client for c in found if c.client is not None}
    named |= _others({t.client_id for t in tasks if t.client_id} - set(named))
    on_file, met = _met(mine, today)
    return Desk(
        clients,
        [row for row in found if row.next_step not in WAITING_STEPS],
        [row for row in found if row.next_step in WAITING_STEPS],
        tasks,
        named,
        _week(mine, today),
        _cases_by(whom),
        on_file,
        met,
        _attendances(actor, whom, today),
        villages.names(row.residence_code for row in named.values()),
        case_queries.many(row.case_id for row in tasks if row.client_id is None and row.case_id is not None),
    )


def per_worker(actor: Actor, desk: Desk) -> list[WorkerLine]:
    """Counts of each worker of the station this month, for the head, beside the desk of all of them: three statements."""
    today = clock.today()
    start = dates.month_start(today)
    people = dict(workers.of(actor))
    on_file = select(Client.worker_id, func.count(Client.id), func.sum(when((Client.next_visit_on < today, 1), else_=0))).where(
        Client.state == "on_file"
    )
    visits = (
        select(Visit.worker_id, func.count(VisitPerson.id), func.count(VisitPerson.client_id.distinct()))
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .where(VisitPerson.voided.is_(False), Visit.happened_on >= start, Visit.happened_on <= today)
    )
    files = {row[0]: (row[1], row[2] or 0) for row in db.session.execute(on_file.group_by(Client.worker_id))}
    made = {row[0]: (row[1], row[2]) for row in db.session.execute(visits.group_by(Visit.worker_id))}
    cases = {key: sum(by_risk.values()) for key, by_risk in desk.cases_by.items()}
    return [WorkerLine(name, *files.get(key, (0, 0)), *made.get(key, (0, 0)), cases.get(key, 0)) for key, name in people.items()]


def attention(limit: int = 12) -> list[Case]:
    """Open cases that are late or risky, the most pressing first."""
    rank = when((Case.risk == "red", 0), (Case.risk == "orange", 1), (Case.risk == "blue", 2), else_=3)
    query = select(Case).where(Case.status.in_(LIVE), or_(Case.next_step_on < clock.today(), Case.risk.in_(("red", "orange"))))
    query = query.options(selectinload(Case.client), selectinload(Case.household))
    return list(db.session.scalars(query.order_by(rank, Case.next_step_on, Case.id).limit(limit)))


def queue(kinds: tuple[str, ...], limit: int = 12) -> list[tuple[Review, Case]]:
    """Reviews that wait for a decision, the longest first, with their cases."""
    query = select(Review).where(Review.kind.in_(kinds), Review.state == "open")
    rows = list(db.session.scalars(query.order_by(Review.asked_at, Review.id).limit(limit)))
    files = case_queries.many([row.case_id for row in rows])
    return [(row, files[row.case_id]) for row in rows if row.case_id in files]


def _tasks(actor: Actor) -> list[Task]:
    mine = or_(Task.user_id.in_(actor.users), Task.for_role == actor.role)
    near = clock.today() + timedelta(days=AHEAD)
    query = select(Task).where(Task.state == "open", Task.due_on <= near, mine).order_by(Task.due_on, Task.id)
    return list(db.session.scalars(query.limit(MOST)))


def _others(ids: set[UUID]) -> dict[UUID, Client]:
    if not ids:
        return {}
    return {row.id: row for row in db.session.scalars(select(Client).where(Client.id.in_(sorted(ids))))}


def _week(mine: list[Any], today: date) -> dict[date, int]:
    """How many visits are due on each of the next days; what is late counts for today."""
    query = select(Client.next_visit_on, func.count(Client.id)).where(*mine, Client.next_visit_on < today + timedelta(days=SOON))
    found: dict[date, int] = {}
    for day, count in db.session.execute(query.group_by(Client.next_visit_on)):
        if day is not None:
            found[max(day, today)] = found.get(max(day, today), 0) + count
    return found


def _cases_by(whom: tuple[UUID, ...] | None) -> dict[UUID | None, dict[str, int]]:
    query = select(Case.worker_id, Case.risk, func.count(Case.id)).where(Case.status.in_(LIVE))
    if whom:
        query = query.where(Case.worker_id.in_(whom))
    found: dict[UUID | None, dict[str, int]] = {}
    for key, risk, count in db.session.execute(query.group_by(Case.worker_id, Case.risk)):
        found.setdefault(key, {})[risk] = count
    return found


def _met(mine: list[Any], today: date) -> tuple[int, int]:
    """Persons on file, and those of them met this month."""
    met = func.sum(when((Client.last_met_on >= dates.month_start(today), 1), else_=0))
    row = db.session.execute(select(func.count(Client.id), met).where(*mine)).one()
    return row[0], row[1] or 0


def _attendances(actor: Actor, whom: tuple[UUID, ...] | None, today: date) -> int:
    """Attendances (人次) of this month: every person of every visit that was not voided.

    By the visit's own day and its worker or station: an index leads to this month of theirs, and years of visits, or the month
    of a whole province, stay unread.
    """
    places = select(Organisation.path).where(under(actor, Organisation.path))
    whose = Visit.station_path.in_(places) if whom is None else Visit.worker_id == whom[0]
    query = select(func.count(VisitPerson.id)).join(Visit, Visit.id == VisitPerson.visit_id)
    days = (Visit.happened_on >= dates.month_start(today), Visit.happened_on <= today)
    return db.session.scalar(query.where(VisitPerson.voided.is_(False), whose, *days)) or 0
