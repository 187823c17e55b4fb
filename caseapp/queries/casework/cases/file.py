"""What a case file shows: a constant number of statements, however long the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import (
    Assessment,
    Case,
    CaseEvent,
    CaseMember,
    Client,
    Consent,
    Contact,
    Goal,
    Household,
    HouseholdMember,
    MemberLink,
    Plan,
    Review,
    ReviewComment,
    ServiceRecord,
    TargetTag,
    Task,
    VisitPerson,
)
from caseapp.queries.casework import households, timeline
from caseapp.queries.casework import reviews as review_queries
from caseapp.queries.casework.timeline import Rows, Story
from caseapp.queries.organisation import names
from caseapp.queries.trust import trail

ORDER = ("intake", "assessing", "planning", "serving", "evaluating", "closing", "follow_up")
LONG = 40  # entries of the story on the file page
MOST = 500  # of steps: the stage bar reads them all


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
    plan: Plan | None
    goals: list[Goal]
    reviews: list[Review]
    comments: list[ReviewComment]
    consents: list[Consent]
    assessments: list[Assessment]  # of the person, the newest first, whatever case they belong to
    household: Household | None
    members: list[HouseholdMember]
    relatives: dict[UUID, Client]  # of the members those on file here
    links: list[MemberLink]  # who of them is what to whom
    visits: int
    services: int
    opened: int  # times in the last 30 days, as far as the reader may know
    story: Story
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

    @property
    def consent(self) -> Consent | None:
        """The ground that holds today."""
        return next((row for row in self.consents if row.withdrawn_on is None), None)

    def results(self, instrument: str) -> list[Assessment]:
        """Finished assessments by that instrument that count, the newest first."""
        return [a for a in self.assessments if a.instrument == instrument and a.state == "complete" and a.voided_at is None]

    def approved(self, kind: str) -> bool:
        """Whether the last review of that kind said yes; a content that changed afterwards has felled it."""
        last = next((row for row in self.reviews if row.kind == kind), None)
        return last is not None and last.state == "approved"


def read(case: Case, detail: Any, actor: Actor, long: int = LONG) -> CaseFile:
    """The parts around a case that was loaded with its subject; `detail` is the mapped class of its domain."""
    row, services, alone, opened = _detail(case, detail)
    held = timeline.of_cases([case.id], MOST, services=alone > 0)
    visits, count = timeline.visits(VisitPerson.case_id == case.id, long)
    person = case.client_id
    whose = Assessment.client_id == person if person else Assessment.case_id == case.id
    results = timeline.assessments(whose, MOST)
    rows = Rows(
        visits=visits,
        assessments=[result for result in results if result.case_id == case.id],
        consents=timeline.consents(person) if person else (),
        cases=[case],
        **held,
    )
    plan = max(rows.plans, key=lambda p: p.number, default=None)
    goals = select(Goal).where(Goal.plan_id == plan.id).order_by(Goal.position) if plan is not None else None
    team = list(db.session.scalars(select(CaseMember).where(CaseMember.case_id == case.id).order_by(CaseMember.from_on)))
    tasks = list(db.session.scalars(select(Task).where(Task.case_id == case.id, Task.state == "open").order_by(Task.due_on)))
    said = review_queries.comments(case.id, actor, case.worker_id)
    lives_in = case.client.household_id if case.client is not None else case.household_id
    household, members, relatives, links = households.around(lives_in)
    ids = {case.worker_id, *(m.user_id for m in team), *(t.user_id for t in tasks), *(c.by_id for c in said)}
    known = names.of(ids | timeline.actors(rows), [case.place_code])
    return CaseFile(
        case=case,
        detail=row,
        team=team,
        events=sorted(rows.steps, key=lambda event: (event.at, event.id)),
        tags=_tags(case),
        contacts=_contacts(case),
        tasks=tasks,
        plan=plan,
        goals=list(db.session.scalars(goals)) if goals is not None else [],
        reviews=list(rows.reviews),
        comments=said,
        consents=list(rows.consents),
        assessments=results,
        household=household or case.household,
        members=members,
        relatives=relatives,
        links=links,
        visits=count,
        services=services,
        opened=opened,
        story=timeline.story(rows, long, known.people),
        places=known.places,
        people=known.people,
    )


def _detail(case: Case, detail: Any) -> tuple[Any, int, int, int]:
    """The typed row of the domain, how many services count for the case, how many were recorded without a visit, how often it
    was opened: one statement."""
    count = select(func.count(ServiceRecord.id)).where(ServiceRecord.case_id == case.id, ServiceRecord.voided_at.is_(None))
    alone = select(func.count(ServiceRecord.id)).where(ServiceRecord.case_id == case.id, ServiceRecord.visit_id.is_(None))
    opened = trail.opened_lately(case.id)
    query = (
        select(detail, count.scalar_subquery(), alone.scalar_subquery(), opened.scalar_subquery())
        .select_from(Case)
        .outerjoin(detail, detail.case_id == Case.id)
    )
    row = db.session.execute(query.where(Case.id == case.id)).one()
    return row[0], row[1] or 0, row[2] or 0, int(row[3] or 0)


def _tags(case: Case) -> list[TargetTag]:
    """The person's target groups, and those that live with this very case."""
    mine = TargetTag.case_id == case.id
    if case.client_id is not None:
        mine = or_(mine, (TargetTag.client_id == case.client_id) & TargetTag.case_id.is_(None))
    return list(db.session.scalars(select(TargetTag).where(mine).order_by(TargetTag.code, TargetTag.from_on)))


def _contacts(case: Case) -> list[Contact]:
    if case.client_id is None:
        return []
    return list(db.session.scalars(select(Contact).where(Contact.client_id == case.client_id).order_by(Contact.position)))
