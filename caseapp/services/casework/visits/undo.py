"""Putting a visit right: void it, move it to its real day, amend its words; by its author for a week, then by the head."""

from datetime import timedelta

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import ServiceRecord, Visit
from caseapp.queries.casework import visits as q
from caseapp.schemas.casework.visit import (
    MET,
    AmendVisit,
    MoveVisit,
    RecordVisit,
    Seen,
    VoidVisit,
)
from caseapp.services.casework import due, services, tasks
from caseapp.services.casework.visits.parties import Party, check_day
from caseapp.services.casework.visits.record import write_visit
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

OWN_DAYS = 7  # contract.md section 5: the author within 7 days, then the head


def void_visit(command: VoidVisit, visit: Visit, actor: Actor) -> Visit:
    """The visit is out of every count and due dates are as if it had not been; it stays to be read.

    Its author within 7 days, then the head. Refuses a stale version and a visit already voided.
    """
    _may_undo(visit, actor)
    expect_version(visit, command.version)
    _void(visit, command.reason, actor)
    audit.record(db.session, "visit.voided", visit)
    people = q.clients(p.client_id for p in visit.persons)
    due.refresh_all(list(people.values()))
    for person in visit.persons:
        client = people.get(person.client_id)
        if person.outcome == "deceased" and client is not None and client.last_outcome != "deceased":
            tasks.cancel(client, actor, command.reason, ("end_enrolment",))
    db.session.flush()
    return visit


def move_visit(command: MoveVisit, visit: Visit, actor: Actor) -> Visit:
    """The visit stands on another day as a new row that points to the voided old one.

    Who may and what is refused: as voiding, and a day that is not possible for a person.
    """
    _may_undo(visit, actor)
    expect_version(visit, command.version)
    if command.happened_on == visit.happened_on:
        raise Invalid(_l("That is the day it stands on already."), "happened_on")
    people, cases = q.clients(p.client_id for p in visit.persons), q.cases(p.case_id for p in visit.persons if p.case_id)
    if len(people) != len(visit.persons):
        raise NotFound()
    parties = [
        Party(
            Seen(p.outcome, p.client_id, p.case_id, p.reason, p.neighbour_vouched, tuple(p.findings or ()), p.note),
            people[p.client_id],
            cases.get(p.case_id) if p.case_id else None,
        )
        for p in visit.persons
    ]
    check_day(command.happened_on, parties)
    records = list(db.session.scalars(select(ServiceRecord).where(ServiceRecord.visit_id == visit.id)))
    _void(visit, command.reason, actor)
    again = RecordVisit(
        outcome=parties[0].seen.outcome,
        happened_on=command.happened_on,
        kind=visit.kind,
        note=visit.note,
        began_at=visit.began_at,
        minutes=visit.minutes,
        companions=visit.companions,
    )
    moved = write_visit(again, parties, actor, worker_id=visit.worker_id, moved_from_id=visit.id, round_id=visit.round_id)
    db.session.flush()
    services.moved(records, moved)
    audit.record(db.session, "visit.moved", moved)
    db.session.flush()
    due.refresh_all(list(people.values()))
    return moved


def amend_visit(command: AmendVisit, visit: Visit, actor: Actor) -> Visit:
    """Note and findings of a young visit are as its author now says. Who may, when: as voiding, the author only."""
    policy.require(actor, P.VISIT_WRITE, visit)
    if visit.worker_id != actor.user_id or not is_young(visit):
        raise Forbidden(_l("Only the author may change the words of a visit, within 7 days."))
    expect_version(visit, command.version)
    if visit.voided_at is not None:
        raise Conflict(_l("This visit was voided."), code="voided")
    visit.note = command.note
    first = visit.persons[0]
    if command.findings and first.outcome not in MET:
        raise Invalid(_l("What was found can only be said when somebody was seen."), "findings")
    first.findings = list(command.findings) or None
    visit.updated_at = clock.now()
    audit.record(db.session, "visit.amended", visit)
    db.session.flush()
    return visit


def is_young(visit: Visit) -> bool:
    """Whether the author may still void, move or amend it alone."""
    return clock.now() - visit.created_at <= timedelta(days=OWN_DAYS)


def may_undo(visit: Visit, actor: Actor) -> bool:
    """Whether this actor may void or move the visit now."""
    if visit.voided_at is not None or not policy.may(actor, P.VISIT_VOID, visit):
        return False
    return actor.may(P.VISIT_VOID_ANY) or (visit.worker_id == actor.user_id and is_young(visit))


def _may_undo(visit: Visit, actor: Actor) -> None:
    policy.require(actor, P.VISIT_VOID, visit)
    if visit.voided_at is not None:
        raise Conflict(_l("This visit was voided already."), code="voided")
    if not may_undo(visit, actor):
        raise Forbidden(_l("A visit is voided or moved by its author within 7 days, then by the station head."))


def _void(visit: Visit, reason: str, actor: Actor) -> None:
    now = clock.now()
    visit.voided_at, visit.voided_by_id, visit.void_reason = now, actor.user_id, reason
    for person in visit.persons:
        person.voided = True
    for record in db.session.scalars(select(ServiceRecord).where(ServiceRecord.visit_id == visit.id)):
        if record.voided_at is None:
            record.voided_at, record.void_reason = now, reason
    db.session.flush()
