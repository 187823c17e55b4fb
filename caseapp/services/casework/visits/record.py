"""Recording a visit: the rows, services, a changed risk, tasks, and the next date."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Client, Visit, VisitPerson
from caseapp.queries.casework import due as due_rules
from caseapp.queries.casework import due_facts
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.visit import (
    MET,
    RecordVisit,
)
from caseapp.services.casework import consents, due, protocols, services, tasks
from caseapp.services.casework.cases import events
from caseapp.services.casework.visits.parties import STRICT, Party, _check_time, check_day, parties_of
from caseapp.services.trust import audit

FARTHEST = 400


def record_visit(command: RecordVisit, client: Client, actor: Actor) -> Visit:
    """There is a visit of these persons, with services, and the next one has its date.

    Whoever may write visits of every person in it. Refuses a day in the future, before birth, or on which a person was
    not on file; somebody else's case; a later next date without a reason. Leaves service records, a task when the
    head was alerted or somebody died, and new due dates.
    """
    parties = parties_of([replace(command.first, client_id=client.id), *command.others], actor)
    consents.must_hold(*(party.client.id for party in parties))
    check_day(command.happened_on, parties)
    _check_time(command)
    chosen = chosen_day(command, parties[0])
    visit = write_visit(command, parties, actor)
    db.session.flush()  # records of services point to it
    services.of_visit(visit, [p for p in parties if p.seen.outcome in MET], command.services, actor)
    _change_risk(command, parties[0], visit, actor)
    _tasks(command, parties, actor)
    _plan_next(chosen, parties)
    protocols.met([p.client.id for p in parties if p.seen.outcome == due_rules.MET], command.happened_on, actor)
    due.refresh_all([p.client for p in parties])
    audit.record(db.session, "visit.recorded", visit)
    db.session.flush()
    return visit


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
        late=(clock.today() - command.happened_on).days > settings.At(strictest.station_path)["visit.late_entry_days"],
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
    if not command.risk_reason:
        raise Invalid(_l("Say why the risk changed."), "risk_reason")
    before, case.risk, case.risk_reason = case.risk, command.risk, command.risk_reason
    if case.klass != "P3" and case.client_id == party.client.id:
        party.client.risk = command.risk
    facts = {"from": before, "to": command.risk}
    events.note(case, "risk_changed", actor, on=visit.happened_on, text=command.risk_reason, facts=facts)
    audit.record(db.session, "case.risk_changed", case)


def _tasks(command: RecordVisit, parties: Sequence[Party], actor: Actor) -> None:
    """A death or a worry is not left to memory."""
    for party in parties:
        death_task(party, actor)
    if command.alert_head:
        first, words = parties[0], command.note or command.reason
        tasks.promise(first.case or first.client, "worry", clock.today(), actor, for_role="station_head", note=words)


def death_task(party: Party, actor: Actor) -> None:
    """Somebody said to have died: the stay on file is to be ended by a person, never by itself."""
    if party.seen.outcome == "deceased" and party.client.state == "on_file":
        whose = party.client.worker_id or actor.user_id
        tasks.promise_once(party.client, "end_enrolment", clock.today() + timedelta(days=7), actor, user_id=whose)


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
