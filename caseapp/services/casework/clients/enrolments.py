"""Stays on file: who is responsible, the end with its reason, on file again. Death ends everything that still runs."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Enrolment, HouseholdMember, Task
from caseapp.models.casework.case import LIVE
from caseapp.queries.casework.clients import enrolments
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.enrolment import AssignWorker, EndEnrolment, Enrol
from caseapp.services.casework import closing, consents, due, tasks
from caseapp.services.casework.cases.next_step import set_next_steps
from caseapp.services.casework.clients import access
from caseapp.services.casework.handovers import waiting
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def assign(command: AssignWorker, client: Client, actor: Actor) -> Client:
    """Another worker becomes responsible. Needs case:assign (the head); the worker must work at the station."""
    policy.require(actor, Permission.CASE_ASSIGN, client)
    expect_version(client, command.version)
    _must_be_on_file(client)
    access.must_work_here(command.worker_id, client.station_path)
    give(client, command.worker_id, actor)
    audit.record(db.session, "client.assigned", client)
    db.session.flush()
    return client


def give(client: Client, to: UUID, actor: Actor) -> list[Task]:
    """Another worker is responsible for a person on file; returns the promises that went along. Cases go each for itself.

    The one way in which a person passes on inside a station; whoever calls it has looked at the permission.
    """
    moved: list[Task] = []
    if client.worker_id != to:
        moved = tasks.pass_on(client, client.worker_id, to)
        client.worker_id, client.updated_at = to, clock.now()
        waiting.fall(client)
    stay = enrolments.current(client)
    if stay is not None and stay.worker_id != to:
        stay.worker_id, stay.updated_at = to, clock.now()
    access.assign(client, [to], actor)
    return moved


def end(command: EndEnrolment, client: Client, actor: Actor) -> Enrolment:
    """The stay ends: moved, institution, death, no longer wanted.

    Needs client:end. Refuses an end before the beginning and, except after a death, while a case is open. Cancels open
    tasks, plans and every date still to come; a death closes the person's cases without approval, restricted ones too. An
    open restricted case that the actor does not see says nothing: who is responsible for it is asked to close it. The
    record stays.
    """
    policy.require(actor, Permission.CLIENT_END, client)
    expect_version(client, command.version)
    _must_be_on_file(client)
    stay = enrolments.current(client)
    if stay is None:
        raise Conflict(_l("This person is not on file now."), code="not_on_file")
    if command.to_on < stay.from_on:
        raise Invalid(_l("This day lies before the person came on file."), "to_on")
    if command.reason == "deceased" and client.birth_on is not None and command.to_on < client.birth_on:
        raise Invalid(_l("This day lies before the birth."), "to_on")
    if command.reason != "deceased" and _open_cases(client):
        raise Conflict(_l("There is an open case. Close it first, then end the stay."), "reason", code="open_case")
    stay.to_on, stay.end_reason, stay.end_note, stay.updated_at = command.to_on, command.reason, command.note, clock.now()
    client.state, client.updated_at = "ended", clock.now()
    client.planned_visit_on, client.planned_reason = None, None
    db.session.flush()
    waiting.fall(client)
    with access.everything_of(client):
        tasks.cancel(client, actor, command.reason)
        if command.reason == "deceased":
            _died(client, command.to_on, actor)
        for case in _open_cases(client):  # only restricted ones can be left
            days = settings.At(client.station_path)["case.closing_working_days"]
            until = dates.add_working_days(clock.today(), days)
            tasks.promise(case, "stay_ended", until, actor, user_id=case.worker_id)
        db.session.flush()
        due.refresh_due(client)
        set_next_steps(list(db.session.scalars(select(Case).where(Case.client_id == client.id))))
    audit.record(db.session, "client.enrolment_ended", client, reason=command.reason)
    db.session.flush()
    return stay


def enrol(command: Enrol, client: Client, actor: Actor) -> Enrolment:
    """On file again. Needs client:write; refuses while a stay runs, after a death, and a day before the last stay ended."""
    policy.require(actor, Permission.CLIENT_WRITE, client)
    consents.must_hold(client.id)
    if client.deceased_on is not None:
        raise Conflict(_l("This person has died."), code="deceased")
    if client.state == "on_file":
        raise Conflict(_l("This person is on file already."), "from_on", code="on_file")
    last = enrolments.of_client(client.id)
    if last and last[0].to_on is not None and command.from_on < last[0].to_on:
        raise Invalid(_l("This day lies before the last stay ended."), "from_on")
    worker_id = command.worker_id or actor.user_id
    access.must_work_here(worker_id, client.station_path)
    stay = Enrolment(
        client_id=client.id,
        organisation_id=last[0].organisation_id if last else client.station_id,
        from_on=command.from_on,
        worker_id=worker_id,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    stay.belongs_to(client)
    db.session.add(stay)
    client.state, client.worker_id, client.updated_at = "on_file", worker_id, clock.now()
    access.assign(client, [worker_id], actor)
    audit.record(db.session, "client.enrolled", client)
    db.session.flush()
    due.refresh_due(client)
    return stay


def _died(client: Client, on: date, actor: Actor) -> None:
    client.deceased_on = on
    closing.close_by_death(client, on, actor)
    members = update(HouseholdMember).where(HouseholdMember.client_id == client.id).values(deceased=True)
    db.session.execute(members, execution_options={"synchronize_session": False})


def _open_cases(client: Client) -> list[Case]:
    return list(db.session.scalars(select(Case).where(Case.client_id == client.id, Case.status.in_(LIVE))))


def _must_be_on_file(client: Client) -> None:
    if client.state != "on_file":
        raise Conflict(_l("This person is not on file now."), code="not_on_file")
