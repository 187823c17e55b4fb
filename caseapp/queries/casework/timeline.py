"""What happened with a person or a case, newest first, from every table that knows: a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import (
    Assessment,
    Case,
    CaseEvent,
    Client,
    Consent,
    Enrolment,
    Plan,
    Review,
    ServiceRecord,
    Visit,
    VisitPerson,
)
from caseapp.queries.organisation import workers


@dataclass(frozen=True)
class Moment:
    """One thing that happened: the day, when it was written, which kind, codes for its words, who, and its row."""

    on: date
    written_at: datetime
    kind: str  # visit service assessment plan asked decided step consent enrolment ended
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


@dataclass(frozen=True)
class Rows:
    """What a story is told from; a file page has most of it already."""

    visits: Sequence[VisitPerson] = ()  # each with its visit
    assessments: Sequence[Assessment] = ()
    steps: Sequence[CaseEvent] = ()
    plans: Sequence[Plan] = ()
    reviews: Sequence[Review] = ()
    services: Sequence[ServiceRecord] = ()  # without a visit
    stays: Sequence[Enrolment] = ()
    consents: Sequence[Consent] = ()
    cases: Sequence[Case] = ()


def for_client(client: Client, limit: int = 40) -> Story:
    """A person's story, the cases in scope included."""
    cases = list(db.session.scalars(select(Case).where(Case.client_id == client.id)))
    ids = [case.id for case in cases]
    stays = select(Enrolment).where(Enrolment.client_id == client.id).order_by(Enrolment.from_on).limit(50)
    rows = Rows(
        visits=visits(VisitPerson.client_id == client.id, limit)[0],
        assessments=assessments(Assessment.client_id == client.id, limit),
        stays=list(db.session.scalars(stays)),
        consents=consents(client.id),
        cases=cases,
        **of_cases(ids, limit),
    )
    return story(rows, limit)


def for_case(case: Case, limit: int = 40) -> Story:
    """A case's story, with the consents of its person."""
    rows = Rows(
        visits=visits(VisitPerson.case_id == case.id, limit)[0],
        assessments=assessments(Assessment.case_id == case.id, limit),
        consents=consents(case.client_id) if case.client_id else (),
        cases=[case],
        **of_cases([case.id], limit),
    )
    return story(rows, limit)


def story(rows: Rows, limit: int, people: dict[UUID, str] | None = None) -> Story:
    """The newest moments; names are read unless they are known already."""
    found = sorted(moments(rows), key=lambda m: (m.on, m.written_at), reverse=True)[:limit]
    known = people if people is not None else workers.names({m.by_id for m in found})
    return Story(found, known, {case.id: case.domain for case in rows.cases})


def visits(which: Any, limit: int) -> tuple[list[VisitPerson], int]:
    """The newest attendances, each with its visit, and how many there are in all that count: one statement."""
    count = func.count().filter(VisitPerson.voided.is_(False)).over()
    query = select(VisitPerson, Visit, count).join(Visit, Visit.id == VisitPerson.visit_id).where(which)
    rows = db.session.execute(query.order_by(VisitPerson.happened_on.desc(), VisitPerson.visit_id.desc()).limit(limit)).all()
    for person, visit, _count in rows:
        set_committed_value(person, "visit", visit)
    return [row[0] for row in rows], rows[0][2] if rows else 0


def assessments(which: Any, limit: int) -> list[Assessment]:
    """Assessments, the newest first, those not finished included."""
    query = select(Assessment).where(which).order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def of_cases(ids: list[UUID], limit: int, *, services: bool = True) -> dict[str, Any]:
    """Steps, plans, reviews and services without a visit of cases (unless it is known that there are none); nothing without a case."""
    if not ids:
        return {}
    steps = select(CaseEvent).where(CaseEvent.case_id.in_(ids)).order_by(CaseEvent.at.desc(), CaseEvent.id.desc()).limit(limit)
    plans = select(Plan).where(Plan.case_id.in_(ids)).order_by(Plan.id.desc()).limit(limit)
    reviews = select(Review).where(Review.case_id.in_(ids)).order_by(Review.asked_at.desc(), Review.id.desc()).limit(limit)
    alone = select(ServiceRecord).where(ServiceRecord.case_id.in_(ids), ServiceRecord.visit_id.is_(None))
    alone = alone.order_by(ServiceRecord.happened_on.desc(), ServiceRecord.id.desc()).limit(limit)
    return {
        "steps": list(db.session.scalars(steps)),
        "plans": list(db.session.scalars(plans)),
        "reviews": list(db.session.scalars(reviews)),
        "services": list(db.session.scalars(alone)) if services else [],
    }


def consents(client_id: UUID) -> list[Consent]:
    """Grounds recorded for a person, the newest first."""
    query = select(Consent).where(Consent.client_id == client_id)
    return list(db.session.scalars(query.order_by(Consent.signed_on.desc(), Consent.id.desc()).limit(50)))


def moments(rows: Rows) -> Iterable[Moment]:
    """One moment for each thing that happened, in no order."""
    for person in rows.visits:
        if person.visit is not None:  # the words of a visit of several persons stand with the visit; they are everybody's
            text = person.note or person.visit.note
            yield Moment(person.happened_on, person.visit.created_at, "visit", person, person.visit.worker_id, text)
    for record in rows.services:
        yield Moment(record.happened_on, record.created_at, "service", record, record.worker_id, record.note)
    for result in rows.assessments:
        if result.state == "complete":
            by = result.confirmed_by_id or result.created_by_id
            yield Moment(result.assessed_on, result.created_at, "assessment", result, by)
    for step in rows.steps:
        yield Moment(step.happened_on, step.at, "step", step, step.by_id, step.note)
    for plan in rows.plans:
        yield Moment(clock.local(plan.created_at).date(), plan.created_at, "plan", plan, plan.created_by_id, plan.aim)
    for review in rows.reviews:
        asked = clock.local(review.asked_at).date()
        yield Moment(asked, review.asked_at, "asked", review, review.asked_by_id, review.asked_note)
        if review.decided_at is not None:
            day = clock.local(review.decided_at).date()
            yield Moment(day, review.decided_at, "decided", review, review.decided_by_id, review.decision)
    for stay in rows.stays:
        yield Moment(stay.from_on, stay.created_at, "enrolment", stay, stay.created_by_id)
        if stay.to_on is not None:
            yield Moment(stay.to_on, stay.updated_at or stay.created_at, "ended", stay, stay.updated_by_id, stay.end_note)
    for consent in rows.consents:
        yield Moment(consent.signed_on, consent.created_at, "consent", consent, consent.created_by_id)


def actors(rows: Rows) -> set[UUID | None]:
    """Ids of everybody who acted in these rows: for reading their names with others'."""
    return {moment.by_id for moment in moments(rows)}
