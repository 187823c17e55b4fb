"""What happened with a person or a case, newest first, from every table that knows: a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, CaseEvent, Client, Consent, Enrolment, Plan, Review, Visit, VisitPerson
from caseapp.queries.organisation import workers


@dataclass(frozen=True)
class Moment:
    """One thing that happened: the day, when it was written, which kind, codes for its words, who, and its row."""

    on: date
    written_at: datetime
    kind: str  # visit assessment plan review step consent enrolment ended
    row: Any
    by_id: UUID | None = None
    text: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """Moments with the names of who acted and the domains of the cases they belong to."""

    moments: list[Moment]
    people: dict[UUID, str]
    domains: dict[UUID, str]


def for_client(client: Client, limit: int = 40) -> Story:
    """A person's story, the cases in scope included."""
    cases = {row.id: row for row in db.session.scalars(select(Case).where(Case.client_id == client.id))}
    found = [
        *_visits(VisitPerson.client_id == client.id, limit),
        *_assessments(Assessment.client_id == client.id, limit),
        *_of_cases(list(cases), limit),
        *_stays(client.id),
        *_consents(client.id),
    ]
    return _story(found, limit, cases.values())


def for_case(case: Case, limit: int = 40) -> Story:
    """A case's story, with the consents of its person."""
    found = [
        *_visits(VisitPerson.case_id == case.id, limit),
        *_assessments(Assessment.case_id == case.id, limit),
        *_of_cases([case.id], limit),
        *(_consents(case.client_id) if case.client_id else ()),
    ]
    return _story(found, limit, [case])


def _story(found: list[Moment], limit: int, cases: Iterable[Case]) -> Story:
    moments = sorted(found, key=lambda m: (m.on, m.written_at), reverse=True)[:limit]
    return Story(moments, workers.names({m.by_id for m in moments}), {case.id: case.domain for case in cases})


def _visits(which: Any, limit: int) -> list[Moment]:
    query = select(VisitPerson).where(which).options(selectinload(VisitPerson.visit))
    rows = db.session.scalars(query.order_by(VisitPerson.happened_on.desc(), VisitPerson.id.desc()).limit(limit))
    return [
        Moment(row.happened_on, row.visit.created_at, "visit", row, row.visit.worker_id, row.note or _note(row.visit))
        for row in rows
        if row.visit is not None
    ]


def _note(visit: Visit) -> str | None:
    """The words of a visit of several persons stand with the visit; they are everybody's."""
    note: str | None = visit.note
    return note


def _assessments(which: Any, limit: int) -> list[Moment]:
    query = select(Assessment).where(which, Assessment.state == "complete")
    rows = db.session.scalars(query.order_by(Assessment.assessed_on.desc(), Assessment.id.desc()).limit(limit))
    return [Moment(row.assessed_on, row.created_at, "assessment", row, row.confirmed_by_id or row.created_by_id) for row in rows]


def _of_cases(ids: list[UUID], limit: int) -> list[Moment]:
    """Steps, plans and reviews."""
    if not ids:
        return []
    steps = select(CaseEvent).where(CaseEvent.case_id.in_(ids)).order_by(CaseEvent.at.desc()).limit(limit)
    plans = select(Plan).where(Plan.case_id.in_(ids)).order_by(Plan.id.desc()).limit(limit)
    reviews = select(Review).where(Review.case_id.in_(ids)).order_by(Review.asked_at.desc()).limit(limit)
    found = [Moment(row.happened_on, row.at, "step", row, row.by_id, row.note) for row in db.session.scalars(steps)]
    for plan in db.session.scalars(plans):
        found.append(Moment(clock.local(plan.created_at).date(), plan.created_at, "plan", plan, plan.created_by_id, plan.aim))
    for review in db.session.scalars(reviews):
        found.append(
            Moment(clock.local(review.asked_at).date(), review.asked_at, "asked", review, review.asked_by_id, review.asked_note)
        )
        if review.decided_at is not None:
            day = clock.local(review.decided_at).date()
            found.append(Moment(day, review.decided_at, "decided", review, review.decided_by_id, review.decision))
    return found


def _stays(client_id: UUID) -> list[Moment]:
    query = select(Enrolment).where(Enrolment.client_id == client_id)
    found = []
    for row in db.session.scalars(query.order_by(Enrolment.from_on).limit(50)):
        found.append(Moment(row.from_on, row.created_at, "enrolment", row, row.created_by_id))
        if row.to_on is not None:
            found.append(Moment(row.to_on, row.updated_at or row.created_at, "ended", row, row.updated_by_id, row.end_note))
    return found


def _consents(client_id: UUID) -> list[Moment]:
    query = select(Consent).where(Consent.client_id == client_id).order_by(Consent.signed_on).limit(50)
    return [Moment(row.signed_on, row.created_at, "consent", row, row.created_by_id) for row in db.session.scalars(query)]
