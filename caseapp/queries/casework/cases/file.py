"""What a case file shows: a constant number of statements, however long the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent, CaseMember, Contact, TargetTag, Task, VisitPerson
from caseapp.queries.casework.cases.one import detail_of
from caseapp.queries.organisation import villages, workers

ORDER = ("intake", "assessing", "planning", "serving", "evaluating", "closing", "follow_up")


@dataclass(frozen=True)
class Stage:
    """One stage of the bar: done, current or future, and the day it was reached."""

    code: str
    state: str
    on: date | None


@dataclass(frozen=True)
class CaseFile:
    """A case, ready for a page."""

    case: Case
    detail: Any
    team: list[CaseMember]
    events: list[CaseEvent]
    tags: list[TargetTag]
    contacts: list[Contact]
    tasks: list[Task]
    visits: int
    places: dict[str, str]
    people: dict[UUID, str]

    @property
    def stages(self) -> list[Stage]:
        """The stage bar: days from the last time each stage was entered."""
        reached: dict[str, date | None] = {event.to_status: event.happened_on for event in self.events if event.to_status}
        reached.setdefault("intake", self.case.found_on)
        status = {"closed": "follow_up", "archived": "follow_up", "declined": "intake"}.get(self.case.status, self.case.status)
        at = ORDER.index(status) if status in ORDER else 0
        found = []
        for place, code in enumerate(ORDER):
            ended = place == at and self.case.status in ("archived", "declined")
            state = "done" if place < at or ended else "current" if place == at else "future"
            found.append(Stage(code, state, reached.get(code) if place <= at else None))
        return found

    @property
    def risk_since(self) -> CaseEvent | None:
        """The last change of the risk."""
        return next((event for event in reversed(self.events) if event.step == "risk_changed"), None)


def read(case: Case, detail: Any) -> CaseFile:
    """The parts around a case that was loaded with its subject; `detail` is the mapped class of its domain."""
    events = list(
        db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.at, CaseEvent.id).limit(500))
    )
    team = list(db.session.scalars(select(CaseMember).where(CaseMember.case_id == case.id).order_by(CaseMember.from_on)))
    tasks = list(db.session.scalars(select(Task).where(Task.case_id == case.id, Task.state == "open").order_by(Task.due_on)))
    visits = select(func.count(VisitPerson.id)).where(VisitPerson.case_id == case.id, VisitPerson.voided.is_(False))
    tags: list[TargetTag] = []
    contacts: list[Contact] = []
    if case.client_id is not None:
        tags = list(db.session.scalars(select(TargetTag).where(TargetTag.client_id == case.client_id).order_by(TargetTag.code)))
        query = select(Contact).where(Contact.client_id == case.client_id).order_by(Contact.position)
        contacts = list(db.session.scalars(query))
    ids = {case.worker_id, *(m.user_id for m in team), *(e.by_id for e in events), *(t.user_id for t in tasks)}
    return CaseFile(
        case,
        detail_of(case, detail),
        team,
        events,
        tags,
        contacts,
        tasks,
        db.session.scalar(visits) or 0,
        villages.names([case.place_code]),
        workers.names(ids),
    )
