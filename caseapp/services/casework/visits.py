"""Verbs on visits: record, amend, void, move; each leaves due dates and counts right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseEvent, Client, Enrolment, ServiceRecord, Task, Visit, VisitPerson
from caseapp.queries.casework import due as due_rules
from caseapp.queries.casework import due_facts
from caseapp.queries.casework import visits as q
from caseapp.schemas.casework.visit import (
    MET,
    AmendVisit,
    MoveVisit,
    RecordVisit,
    Seen,
    VoidVisit,
)
from caseapp.services.casework import due, services
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

OWN_DAYS = 7  # contract.md section 5: the author within 7 days, then the head
FARTHEST = 400
STRICT = ("P1", "P2", "minor", "P3")


@dataclass(frozen=True)
class Party:
    """One person of a visit with the rows that belong to it."""

    seen: Seen
    client: Client
    case: Case | None
    field: str | None = None  # where a message about this person goes, when not at the field itself


def record_visit(command: RecordVisit, client: Client, actor: Actor) -> Visit:
    """There is a visit of these persons, with services, and the next one has its date.

    Whoever may write visits of every person in it. Refuses a day in the future, before birth, or on which a person was
    not on file; somebody else's case; a later next date without a reason. Leaves service records, a task when the
    head was alerted or somebody died, and new due dates.
    """
    parties = parties_of([replace(command.first, client_id=client.id), *command.others], actor)
    check_day(command.happened_on, parties)
    _check_time(command)
    chosen = chosen_day(command, parties[0])
    visit = write_visit(command, parties, actor)
    db.session.flush()  # records of services point to it
    services.of_visit(visit, [p for p in parties if p.seen.outcome in MET], command.services, actor)
    _change_risk(command, parties[0], visit, actor)
    _tasks(command, parties, actor)
    _plan_next(chosen, parties)
    due.refresh_all([p.client for p in parties])
    audit.record(db.session, "visit.recorded", visit)
    db.session.flush()
    return visit


def void_visit(command: VoidVisit, visit: Visit, actor: Actor) -> Visit:
    """The visit is out of every count and due dates are as if it had not been; it stays to be read.

    Its author within 7 days, then the head. Refuses a stale version and a visit already voided.
    """
    _may_undo(visit, actor)
    expect_version(visit, command.version)
    _void(visit, command.reason, actor)
    audit.record(db.session, "visit.voided", visit)
    due.refresh_all(list(q.clients(p.client_id for p in visit.persons).values()))
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


def parties_of(seen: Sequence[Seen], actor: Actor) -> list[Party]:
    """The persons and cases of a visit, each in scope and open to the actor."""
    ids = [s.client_id for s in seen if s.client_id]
    if len(set(ids)) != len(ids):
        raise Invalid(_l("The same person stands here twice."), "others")
    people, cases = q.clients(ids), q.cases(s.case_id for s in seen if s.case_id)
    found = []
    for one in seen:
        client = people.get(one.client_id) if one.client_id else None
        if client is None:
            raise NotFound()
        policy.require(actor, P.VISIT_WRITE, client)
        found.append(Party(one, client, _case(one, client, cases, actor)))
    return found


def _case(seen: Seen, client: Client, cases: dict[UUID, Case], actor: Actor) -> Case | None:
    if seen.case_id is None:
        return None
    case = cases.get(seen.case_id)
    fits = case is not None and (
        case.client_id == client.id or (case.household_id is not None and case.household_id == client.household_id)
    )
    if case is None or not fits:
        raise Invalid(_l("This case is not about this person."), "case_id")
    policy.require(actor, P.VISIT_WRITE, case)
    return case


def check_day(day: date, parties: Sequence[Party]) -> None:
    """Refuses a day that cannot be: ahead, before birth, after death, not on file, case already closed."""
    if day > clock.today():
        raise Invalid(_l("This day is still to come. Record a visit after it took place."), "happened_on")
    stays = q.enrolments(p.client.id for p in parties)
    for party in parties:
        problem = day_problem(day, party, stays.get(party.client.id, []))
        if problem is not None:
            raise Invalid(problem, "happened_on")


def day_problem(day: date, party: Party, stays: Sequence[Enrolment]) -> Any:
    """Why a visit of this person cannot have been on that day, or None."""
    client, case = party.client, party.case
    if client.birth_on and client.birth_on > day:
        return _l("This day lies before the birth of the person.")
    if client.deceased_on and client.deceased_on < day and party.seen.outcome != "deceased":
        return _l("This day lies after the death of the person.")
    if not any(stay.from_on <= day and (stay.to_on is None or day <= stay.to_on) for stay in stays):
        return _l("The person was not on file here on that day.")
    if case is not None and case.status in ("closed", "archived", "declined", "referred_out"):
        ended = case.closed_on
        if ended is None or day > ended:
            return _l("The case was closed by that day. Record the visit without a case, or re-open it.")
    return None


def _check_time(command: RecordVisit) -> None:
    if command.began_at and command.happened_on == clock.today() and command.began_at > clock.local(clock.now()).time():
        raise Invalid(_l("This time is still to come."), "began_at")


def write_visit(command: RecordVisit, parties: Sequence[Party], actor: Actor, **more: Any) -> Visit:
    """The rows of a visit; class and file are those of its strictest person."""
    now = clock.now()
    strictest = max((p.case or p.client for p in parties), key=lambda row: STRICT.index(row.klass))
    visit = Visit(
        station_id=parties[0].client.station_id,
        worker_id=more.pop("worker_id", actor.user_id),
        happened_on=command.happened_on,
        began_at=command.began_at,
        minutes=command.minutes,
        kind=command.kind,
        late=(clock.today() - command.happened_on).days > due_rules.late_days(),
        division_code=parties[0].client.residence_code,
        companions=command.companions,
        created_at=now,
        created_by_id=actor.user_id,
        **more,
    )
    visit.note = command.note
    visit.belongs_to(strictest)
    visit.persons = [_person(party, visit) for party in parties]
    db.session.add(visit)
    return visit


def _person(party: Party, visit: Visit) -> VisitPerson:
    seen = party.seen
    person = VisitPerson(
        visit_id=visit.id,
        client_id=party.client.id,
        case_id=party.case.id if party.case else None,
        happened_on=visit.happened_on,
        outcome=seen.outcome,
        reason=seen.reason,
        neighbour_vouched=seen.neighbour_vouched,
        findings=list(seen.findings) or None,
    )
    person.note = seen.note
    person.belongs_to(party.case or party.client)
    return person


def _void(visit: Visit, reason: str, actor: Actor) -> None:
    now = clock.now()
    visit.voided_at, visit.voided_by_id, visit.void_reason = now, actor.user_id, reason
    for person in visit.persons:
        person.voided = True
    for record in db.session.scalars(select(ServiceRecord).where(ServiceRecord.visit_id == visit.id)):
        if record.voided_at is None:
            record.voided_at, record.void_reason = now, reason
    db.session.flush()


def _change_risk(command: RecordVisit, party: Party, visit: Visit, actor: Actor) -> None:
    """The person's (and case's) risk level, when the visit changed it."""
    if command.risk is None:
        return
    if party.case is None:
        if command.risk != party.client.risk:
            party.client.risk = command.risk
            party.client.updated_at = clock.now()
            audit.record(db.session, "client.risk_changed", party.client)
        return
    case = party.case
    if command.risk == case.risk:
        return
    before, case.risk, case.risk_reason = case.risk, command.risk, command.risk_reason
    case.updated_at = clock.now()
    if case.klass != "P3" and case.client_id == party.client.id:
        party.client.risk = command.risk
    event = CaseEvent(
        case_id=case.id,
        step="risk_changed",
        from_status=case.status,
        to_status=case.status,
        happened_on=visit.happened_on,
        at=clock.now(),
        by_id=actor.user_id,
        facts={"from": before, "to": command.risk},
    )
    event.note = command.risk_reason
    event.belongs_to(case)
    db.session.add(event)
    audit.record(db.session, "case.risk_changed", case)


def _tasks(command: RecordVisit, parties: Sequence[Party], actor: Actor) -> None:
    """A death or a worry is not left to memory."""
    for party in parties:
        death_task(party, actor)
    if command.alert_head:
        words = command.note or command.reason
        _task("worry", parties[0], clock.today(), actor, for_role="station_head", note=words)


def death_task(party: Party, actor: Actor) -> None:
    """Somebody said to have died: the stay on file is to be ended by a person, never by itself."""
    if party.seen.outcome == "deceased" and party.client.state == "on_file":
        whose = party.client.worker_id or actor.user_id
        _task("end_enrolment", party, clock.today() + timedelta(days=7), actor, user_id=whose)


def _task(kind: str, party: Party, on: date, actor: Actor, note: str | None = None, **more: Any) -> None:
    task = Task(
        kind=kind,
        client_id=party.client.id,
        case_id=party.case.id if party.case else None,
        due_on=on,
        state="open",
        created_at=clock.now(),
        created_by_id=actor.user_id,
        **more,
    )
    task.note = note
    task.belongs_to(party.case or party.client)
    db.session.add(task)


def chosen_day(command: RecordVisit, party: Party) -> tuple[date | None, str | None]:
    """The day of the next visit as the worker chose it, with the reason; None when the proposal is taken as it is."""
    proposed = due_rules.next_due(facts_after(command, party), due_rules.rules_in_force()).on
    if command.next_choice == "earlier" and proposed is not None:
        return max(proposed - timedelta(days=7), clock.today() + timedelta(days=1)), None
    on = command.next_visit_on
    if command.next_choice != "other" or on is None or on == proposed:
        return None, None
    if on <= command.happened_on or on < clock.today():
        raise Invalid(_l("Choose a day that is still to come."), "next_visit_on")
    if (on - clock.today()).days > FARTHEST:
        raise Invalid(_l("Choose a day within the next 13 months."), "next_visit_on")
    if proposed is not None and on > proposed and not command.next_visit_reason:
        raise Invalid(_l("Later than the rule allows: say why."), "next_visit_reason")
    return on, command.next_visit_reason


def facts_after(command: RecordVisit, party: Party) -> due_rules.Facts:
    """What will be known once the visit is written."""
    facts = due_facts.of_cases([party.case])[0] if party.case else due_facts.of_clients([party.client])[0]
    return due_facts.after_visit(facts, command.happened_on, party.seen.outcome, command.risk)


def _plan_next(chosen: tuple[date | None, str | None], parties: Sequence[Party]) -> None:
    """Old plans were kept or broken by this visit; the new one is the person's and the case's, a P3 case keeps its own."""
    due.plan_visit([row for p in parties for row in (p.client, p.case) if row is not None], None)
    on, reason = chosen
    if on is not None:
        client, case = parties[0].client, parties[0].case
        hidden = case is not None and case.klass == "P3" and client.klass != "P3"
        due.plan_visit([row for row in (None if hidden else client, case) if row is not None], on, reason)
    db.session.flush()
