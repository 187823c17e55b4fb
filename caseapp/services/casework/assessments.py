"""Recording assessments by a versioned instrument, confirming the level, voiding. A score never reads as a decision."""

from datetime import date
from typing import Any

from caseapp import domains, reference
from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case
from caseapp.queries.casework import assessments, clients
from caseapp.schemas.casework.assessment import ConfirmLevel, RecordAssessment, VoidAssessment
from caseapp.services.casework import consents, due, tasks
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

ASSESSABLE = ("intake", "assessing", "planning", "serving", "evaluating", "follow_up")


def record(command: RecordAssessment, case: Case, actor: Actor) -> Assessment:
    """A case's person has been assessed, wholly or in part.

    Needs case:write over the case. Refuses a case without one person or already closed, an unknown instrument, item or
    score, a day in the future or before the person was known, and an unfinished form that asks for the result. A partial
    one goes on in the same row. Leaves scores and the computed level; the level counts once somebody confirms it.
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.client_id is None or case.status not in ASSESSABLE:
        raise Conflict(_l("This file takes no assessment at its present stage."), code="wrong_stage")
    consents.must_hold(case.client_id)
    begun = assessments.begun(case.id, command.instrument)
    instrument = _instrument(command.instrument, case, begun)
    if command.assessed_on > clock.today():
        raise Invalid(_l("This day has not come yet."), "assessed_on")
    if not reference.codes("assessment_reason").valid(command.reason):
        raise Invalid(_l("Please choose one of the given answers."), "reason")
    client = clients.one(case.client_id)
    if client.birth_on and command.assessed_on < client.birth_on:
        raise Invalid(_l("This day lies before the birth."), "assessed_on")
    result = _score(instrument, command)
    if command.finish and result.missing:
        raise Invalid(fields={f"answers.{item}": [_l("Please choose an answer.")] for item in result.missing})
    row = _row(command, case, actor, instrument, begun)
    row.assessed_on, row.reason = command.assessed_on, command.reason
    row.answers, row.conditions = dict(command.answers) or None, dict(command.conditions) or None
    row.assessors = [{"name": a.name, "medical": a.medical} for a in command.assessors]
    if command.finish:
        row.state, row.total, row.groups = "complete", result.total, dict(result.groups)
        row.computed_level = result.computed_level
    audit.record(db.session, "assessment.recorded" if command.finish else "assessment.begun", row)
    db.session.flush()
    return row


def confirm(command: ConfirmLevel, row: Assessment, actor: Actor) -> Assessment:
    """A person stands for the level; another than the computed one needs a reason. Sets the day of re-assessment.

    Needs case:write over the row. Refuses an unfinished, voided or already confirmed one and a stale version.
    Leaves the level with the domain's detail (hook `assessed`) and reckons the next visit anew.
    """
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.state != "complete" or row.voided_at is not None or row.confirmed_at is not None:
        raise Conflict(_l("This assessment cannot be confirmed any more."), code="wrong_state")
    instrument = reference.instrument(row.instrument, row.instrument_version)
    if command.level not in {level.code for level in instrument.levels}:
        raise Invalid(_l("Please choose one of the given answers."), "level")
    if command.level != row.computed_level and not command.reason:
        raise Invalid(_l("Say why the level differs from the computed one."), "reason")
    row.level, row.level_reason = command.level, command.reason
    row.confirmed_by_id, row.confirmed_at, row.updated_at = actor.user_id, clock.now(), clock.now()
    row.due_on = _due(instrument, command.level, row.assessed_on)
    audit.record(db.session, "assessment.confirmed", row)
    db.session.flush()
    if row.case_id is not None:
        tasks.keep(db.session.get_one(Case, row.case_id), ("reassess",), actor)
    _tell_file(row)
    return row


def void(command: VoidAssessment, row: Assessment, actor: Actor) -> Assessment:
    """The assessment no longer counts, with a reason; it stays readable. The one before counts again."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.voided_at is not None:
        raise Conflict(_l("This assessment is void already."), code="wrong_state")
    row.voided_at, row.void_reason, row.updated_at = clock.now(), command.reason, clock.now()
    audit.record(db.session, "assessment.voided", row)
    db.session.flush()
    _tell_file(row)
    return row


def _instrument(code: str, case: Case, begun: Assessment | None) -> Any:
    """The definition in force; one that was begun goes on under the version it began with."""
    if code not in domains.get(case.domain).instruments:
        raise Invalid(_l("This instrument does not belong to this service domain."), "instrument")
    return reference.instrument(code, begun.instrument_version if begun is not None else None)


def _score(instrument: Any, command: RecordAssessment) -> Any:
    try:
        return reference.score(instrument, command.answers, command.conditions)
    except reference.BadAnswers as error:
        raise Invalid(_l("Please choose one of the given answers."), f"answers.{error.item}") from error


def _row(command: RecordAssessment, case: Case, actor: Actor, instrument: Any, begun: Assessment | None) -> Assessment:
    """The begun one goes on, else a new one."""
    if begun is not None:
        if command.version is not None:
            expect_version(begun, command.version)
        begun.updated_at = clock.now()
        return begun
    row = Assessment(
        client_id=case.client_id,
        case_id=case.id,
        instrument=instrument.code,
        instrument_version=instrument.version,
        state="partial",
        reason=command.reason,
        assessed_on=command.assessed_on,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.belongs_to(case)
    db.session.add(row)
    return row


def _due(instrument: Any, level: str, assessed_on: date) -> date | None:
    months = instrument.review_months(level)
    return dates.add_months(assessed_on, months) if months else None


def _tell_file(row: Assessment) -> None:
    """The domain's detail learns the level that counts now, and the next visit is reckoned anew."""
    if row.case_id is None:
        return
    case = db.session.get(Case, row.case_id)
    if case is None:
        return
    counting = assessments.latest(row.client_id, row.instrument)
    if hook := domains.get(case.domain).hooks.get("assessed"):
        hook(case, counting if counting is not None and counting.level is not None else None)
    due.refresh_due(clients.one(row.client_id))
