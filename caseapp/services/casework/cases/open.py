"""Opening a case: ordinary at intake, or urgent, which skips the early gates, pages the head and leaves promises."""

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp import domains
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.casework.case import LIVE
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.consents import has_consent
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.services.casework import consents, tasks
from caseapp.services.casework.cases import events, steps, subjects, team
from caseapp.services.casework.cases.subjects import Subject
from caseapp.services.casework.clients import access, tags
from caseapp.services.casework.numbers import next_number
from caseapp.services.trust import audit


def open_case(command: OpenCase, actor: Actor) -> Case:
    """A case about a person on file, a household or a community, responsible worker on its team.

    Needs case:open over the subject. Refuses a domain that takes no such subject, a person who is not on file, a second
    open case of the same domain for the same subject, a day before the birth, and an intake that the domain's schema
    does not take. A crisis starts at once: the head gets a task for today, and telling the person afterwards is promised.
    """
    domain = domains.get(command.domain)
    subject = subjects.of(command, actor)
    detail = _intake(domain, command.detail)
    if subject.client is not None and command.urgency != "crisis":
        consents.must_hold(subject.client.id)
    # after the number, at which whoever opens a case of the same domain here waits and then finds this one
    number = next_number(db.session.get_one(Organisation, subject.station_id), domain.number)
    _refuse_second(command, subject)
    worker_id = command.worker_id or subject.worker_id or actor.user_id
    access.must_work_here(worker_id, subject.station_path)
    key = uuid7()
    case = Case(
        id=key,
        file_id=key,
        station_id=subject.station_id,
        station_path=subject.station_path,
        klass="P3" if command.restricted or command.restricted_tag else subject.klass,
        case_no=number,
        domain=domain.code,
        status="intake",
        case_type="crisis" if command.urgency == "crisis" else command.case_type,
        urgency=command.urgency,
        client_id=subject.client.id if subject.client is not None else None,
        household_id=subject.household.id if subject.household is not None else None,
        community_code=subject.community_code,
        community_name=subject.community_name,
        worker_id=worker_id,
        risk="red" if command.urgency == "crisis" else command.risk,
        risk_reason=command.risk_reason,
        source=command.source,
        source_detail=command.source_detail,
        found_on=command.found_on,
        stage_since=command.found_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    case.request = command.request
    actor = access.admit(actor, case)
    db.session.add(case)
    db.session.flush()
    access.assign(case, [worker_id], actor)
    if case.klass == "P3":
        access.admit(actor, case)
    team.join(case, worker_id, "worker", actor)
    events.note(case, "opened", actor, on=command.found_on, facts={"source": command.source, "urgency": command.urgency})
    if command.restricted_tag and subject.client is not None:
        tags.attach(subject.client, AddTag(command.restricted_tag, case.found_on), actor, case)
    steps.write_detail(case, detail, actor)
    if command.urgency == "crisis":
        _at_once(case, actor)
    audit.record(db.session, "case.opened", case)
    db.session.flush()
    steps.tell(case)
    if hook := domain.hooks.get("opened"):
        hook(case, actor)
        db.session.flush()
    return case


def _refuse_second(command: OpenCase, subject: Subject) -> None:
    query = select(Case.id).where(subject.same(), Case.domain == command.domain, Case.status.in_(LIVE)).limit(1)
    if db.session.scalar(query) is not None:
        raise Conflict(_l("There is an open case of this domain already."), "client_id", code="already_open")


def _intake(domain: Domain, given: dict[str, Any]) -> dict[str, Any]:
    """The typed members asked at intake, judged by the domain's own schema."""
    try:
        return domain.detail_schema.intake(given, domain.intake) if given else {}
    except ValidationError as error:
        raise Invalid(fields={"detail": error.normalized_messages()}) from error


def _at_once(case: Case, actor: Actor) -> None:
    """A crisis: service starts today; consent, assessment and plan are made up for, and the head is told."""
    case.opened_on = case.found_on
    events.note(case, "accept", actor, to="serving", on=case.found_on, facts={"urgent": True})
    at, today = settings.At(case.station_path), clock.today()
    tasks.promise(case, "urgent_intake", today, actor, for_role="station_head")
    if case.household_id is not None or (case.client_id is not None and not has_consent(case.client_id)):
        until = today + timedelta(days=at["consent.notify_later_days"])
        tasks.promise(case, "notify_later", until, actor, user_id=case.worker_id)
    until = today + timedelta(days=at["case.assessment_days"])
    tasks.promise(case, "reassess", until, actor, user_id=case.worker_id)
