"""Opening a case: ordinary at intake, or urgent, which skips the early gates, pages the head and leaves promises."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp import domains, reference
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.domains.base import Domain
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.casework.case import LIVE
from caseapp.models.organisation import Organisation
from caseapp.queries.casework.clients import tags as held_tags
from caseapp.queries.casework.consents import has_consent
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.case import OpenCase
from caseapp.schemas.casework.client.parts import AddTag
from caseapp.services.casework import consents
from caseapp.services.casework.cases import events, steps, subjects, team
from caseapp.services.casework.cases.subjects import Subject
from caseapp.services.casework.clients import access, tags
from caseapp.services.casework.numbers import next_number
from caseapp.services.casework.tasks import promise
from caseapp.services.trust import audit


def open_case(command: OpenCase, actor: Actor, *, by_duty: bool = False) -> Case:
    """A case about a person on file, a household or a community, responsible worker on its team.

    Needs case:open over the subject. Refuses a domain that takes no such subject, a person who is not on file, a second
    open case of the same domain for the same subject, a day before the birth, and an intake that the domain's schema
    does not take. Target groups that follow from the intake are the person's from then on; a P3 one restricts the case.
    A crisis starts at once: the head gets a task for today, and telling the person afterwards is promised. `by_duty`: the
    law demands the case, so neither an ended stay nor a death stands in the way, and whoever demands it says what is promised.
    """
    domain = domains.get(command.domain)
    subject = subjects.of(command, actor, by_duty=by_duty)
    detail = _intake(domain, command.detail)
    groups = domain.joins(detail) if domain.joins is not None else ()
    command = _restricted_by(groups, command)
    if subject.client is not None and command.urgency != "crisis" and not by_duty:
        consents.must_hold(subject.client.id)
    # after the number, at which whoever opens a case of the same domain here waits and then finds this one
    number = next_number(db.session.get_one(Organisation, subject.station_id), domain.number)
    _refuse_second(domain, detail, subject)
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
    actor = access.admit(actor, case, is_maker=True)
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
        if not by_duty:
            _promise(case, actor)
    if subject.client is not None and case.klass != "P3":
        _join_groups(groups, case, subject.client, actor)
    audit.record(db.session, "case.opened", case)
    db.session.flush()
    steps.tell(case)
    if hook := domain.hooks.get("opened"):
        hook(case, lambda kind, due_on, **whose: promise(case, kind, due_on, actor, **whose))
        db.session.flush()
    return case


def _refuse_second(domain: Domain, detail: dict[str, Any], subject: Subject) -> None:
    """One open case of a domain for a subject; of a domain whose cases stand side by side, one for each value that tells them apart."""
    query = select(Case.id).where(subject.same(), Case.domain == domain.code, Case.status.in_(LIVE))
    if domain.side_by_side is not None:
        kept: Any = domain.detail
        same = getattr(kept, domain.side_by_side) == detail.get(domain.side_by_side)
        query = query.join(kept, kept.case_id == Case.id).where(same)
    if db.session.scalar(query.limit(1)) is not None:
        raise Conflict(_l("There is an open case of this domain already."), "client_id", code="already_open")


def _restricted_by(groups: tuple[str, ...], command: OpenCase) -> OpenCase:
    """A group of class P3 lives with a restricted case, whatever was ticked (contract.md section 5)."""
    known = reference.target_groups()
    closed = next((code for code in groups if known[code].klass == "P3"), None)
    return replace(command, restricted_tag=closed) if closed is not None else command


def _join_groups(groups: tuple[str, ...], case: Case, client: Client, actor: Actor) -> None:
    """Groups that follow from the intake, unless the person is in them already. They do not name the case: it may be restricted later."""
    held = {row.code for row in held_tags.of_client(client.id) if row.to_on is None and row.status != "cancelled"}
    for code in groups:
        if code not in held:
            tags.attach(client, AddTag(code, case.found_on), actor)


def _intake(domain: Domain, given: dict[str, Any]) -> dict[str, Any]:
    """The typed members asked at intake, judged by the domain's own schema."""
    try:
        return domain.detail_schema.intake(given, domain.intake) if given or domain.detail_schema.asked else {}
    except ValidationError as error:
        raise Invalid(fields={"detail": error.normalized_messages()}) from error


def _at_once(case: Case, actor: Actor) -> None:
    """A crisis: service starts today."""
    case.opened_on = case.found_on
    events.note(case, "accept", actor, to="serving", on=case.found_on, facts={"urgent": True})


def _promise(case: Case, actor: Actor) -> None:
    """Consent, assessment and plan are made up for, and the head is told."""
    at, today = settings.At(case.station_path), clock.today()
    promise(case, "urgent_intake", today, actor, for_role="station_head")
    if case.household_id is not None or (case.client_id is not None and not has_consent(case.client_id)):
        until = today + timedelta(days=at["consent.notify_later_days"])
        promise(case, "notify_later", until, actor, user_id=case.worker_id)
    promise(case, "reassess", today + timedelta(days=at["case.assessment_days"]), actor, user_id=case.worker_id)
