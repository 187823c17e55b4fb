"""Recording assessments by a versioned instrument, confirming the level, voiding. A score never reads as a decision."""

from contextlib import nullcontext
from typing import Any

from flask_babel import get_locale

from caseapp import domains, reference
from caseapp.access import policy
from caseapp.access.outside import lifted
from caseapp.access.permissions import Permission
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, Client
from caseapp.queries.casework import assessments, clients
from caseapp.schemas.casework.assessment import ConfirmLevel, RecordAssessment, VoidAssessment
from caseapp.services.casework import consents, due, protocols, tasks
from caseapp.services.casework.clients import access
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

ASSESSABLE = ("intake", "assessing", "planning", "serving", "evaluating", "follow_up")


def record(command: RecordAssessment, case: Case, actor: Actor) -> Assessment:
    """A case's person has been assessed, wholly or in part.

    Needs case:write over the case. Refuses a case without one person or already closed, an unknown instrument, item or
    score, an instrument of another version or age, a day in the future or before the person was known, and an unfinished
    form that asks for the result. A partial one goes on in the same row. Leaves scores and the computed level, which counts
    once somebody confirms it, and at once what the answers ask for: tasks, the head told. A result of class P3 lies so in
    any file; who is not on that file hands it on with the last answer and does not see it again.
    """
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.client_id is None or case.status not in ASSESSABLE:
        raise Conflict(_l("This file takes no assessment at its present stage."), code="wrong_stage")
    begun = assessments.begun(case.id, command.instrument)
    instrument = _instrument(command, case, begun)
    if not instrument.everywhere:  # in a crisis questions are asked whatever was signed
        consents.must_hold(case.client_id)
    _check(command, instrument, clients.one(case.client_id))
    result = _score(instrument, command)
    if command.finish and result.missing:
        raise Invalid(fields=_unanswered(instrument, result.missing))
    klass = _class(instrument, result, begun or case)
    if klass != case.klass:
        actor = access.hold_restricted(case, actor)
    reads = access.will_read(actor, case, klass)
    if not command.finish and not reads:  # before any row has that class: the page is shown once more
        words = _l("These answers may be read by who is on the file only: finish the form in one go.")
        raise Conflict(words, "answers", code="restricted")
    row = _row(command, case, actor, instrument, begun)
    row.klass = klass
    row.assessed_on, row.reason = command.assessed_on, command.reason
    row.answers, row.conditions = dict(command.answers) or None, dict(command.conditions) or None
    row.assessors = [{"name": a.name, "medical": a.medical, "trained": a.trained} for a in command.assessors]
    if command.finish:
        row.state, row.groups = "complete", dict(result.groups)
        row.total = None if instrument.by_rules else result.total
        row.computed_level = result.computed_level
    audit.record(db.session, "assessment.recorded" if command.finish else "assessment.begun", row)
    # PostgreSQL would not let anybody write a row so that it is out of the own sight, as what was begun openly then is
    with nullcontext() if reads else lifted("a restricted result leaves the sight of whoever hands it on"):
        db.session.flush()
    if command.finish:
        protocols.answered(row, actor)
    protocols.begin(result.alerts, row, case, actor)
    db.session.flush()
    return row


def confirm(command: ConfirmLevel, row: Assessment, actor: Actor) -> Assessment:
    """A person stands for the level; another than the computed one needs a reason. Sets the day of re-assessment.

    Needs case:write over the row. Refuses an unfinished, voided or already confirmed one and a stale version. Leaves what a
    worse level asks for, the level with the domain's detail (hook `assessed`), and reckons the next visit anew.
    """
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.state != "complete" or row.voided_at is not None or row.confirmed_at is not None:
        raise Conflict(_l("This assessment cannot be confirmed any more."), code="wrong_state")
    instrument = reference.instrument(row.instrument, row.instrument_version)
    if instrument.level(command.level) is None:
        raise Invalid(_l("Please choose one of the given answers."), "level")
    if command.level != row.computed_level and not command.reason:
        raise Invalid(_l("Say why the level differs from the computed one."), "reason")
    row.level, row.level_reason = command.level, command.reason
    row.confirmed_by_id, row.confirmed_at, row.updated_at = actor.user_id, clock.now(), clock.now()
    row.due_on = instrument.review_on(command.level, row.assessed_on)
    audit.record(db.session, "assessment.confirmed", row)
    db.session.flush()
    if (case := _case(row)) is not None:
        tasks.keep(case, ("reassess",), actor)
        scored = reference.score(instrument, row.answers or {}, row.conditions or {}, level=command.level)
        protocols.begin(scored.alerts, row, case, actor)
        _tell_file(row, case)
    return row


def void(command: VoidAssessment, row: Assessment, actor: Actor) -> Assessment:
    """The assessment no longer counts, with a reason; it stays readable. The one before counts again, and what this one asked
    of the worker falls away; the head who was told stays told."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    if row.voided_at is not None:
        raise Conflict(_l("This assessment is void already."), code="wrong_state")
    row.voided_at, row.void_reason, row.updated_at = clock.now(), command.reason, clock.now()
    audit.record(db.session, "assessment.voided", row)
    db.session.flush()
    protocols.over(row, actor)
    if (case := _case(row)) is not None:
        _tell_file(row, case)
    return row


def _unanswered(instrument: reference.Instrument, missing: tuple[str, ...]) -> dict[str, list[Any]]:
    numbers = {item.code: number for number, item in enumerate(instrument.items, start=1)}
    return {f"answers.{code}": [_l("Item %(number)s has no answer yet.", number=numbers[code])] for code in missing}


def _instrument(command: RecordAssessment, case: Case, begun: Assessment | None) -> reference.Instrument:
    """The definition in force; one that was begun goes on under the version it began with."""
    older = reference.superseded(command.instrument, command.instrument_version)
    if older is not None:
        raise Invalid(older.label(str(get_locale() or "zh")), "instrument", code="superseded")
    if command.instrument not in domains.get(case.domain).offered_in(case):
        raise Invalid(_l("This instrument does not belong to this service domain."), "instrument")
    chosen = reference.instrument(command.instrument, begun.instrument_version if begun is not None else None)
    if command.instrument_version not in (None, chosen.version):
        raise Invalid(_l("This version of the instrument is not in force."), "instrument_version")
    return chosen


def _check(command: RecordAssessment, instrument: reference.Instrument, client: Client) -> None:
    if command.assessed_on > clock.today():
        raise Invalid(_l("This day has not come yet."), "assessed_on")
    if not reference.codes("assessment_reason").valid(command.reason):
        raise Invalid(_l("Please choose one of the given answers."), "reason")
    if client.birth_on is None:
        return
    if command.assessed_on < client.birth_on:
        raise Invalid(_l("This day lies before the birth."), "assessed_on")
    if instrument.refuses_age(dates.age_on(client.birth_on, command.assessed_on)):
        raise Invalid(_l("This instrument is not made for this age."), "instrument")


def _score(instrument: reference.Instrument, command: RecordAssessment) -> reference.Result:
    try:
        return reference.score(instrument, command.answers, command.conditions)
    except reference.BadAnswers as error:
        part = "conditions" if error.reason == "unknown_condition" else "answers"
        raise Invalid(_l("Please choose one of the given answers."), f"{part}.{error.item}") from error


def own_class(row: Assessment) -> str | None:
    """The class that a result has by itself, whatever file it lies in; None where its file decides."""
    instrument = reference.instrument(row.instrument, row.instrument_version)
    return _own(instrument, reference.score(instrument, row.answers or {}, row.conditions or {}))


def _own(instrument: reference.Instrument, result: reference.Result) -> str | None:
    """That of the instrument, or of an alert."""
    return next(filter(None, [instrument.klass, *(alert.klass for alert in result.alerts)]), None)


def _class(instrument: reference.Instrument, result: reference.Result, row: Assessment | Case) -> str:
    """The class of the result: its own, else what it had, or its case."""
    return _own(instrument, result) or row.klass


def _row(
    command: RecordAssessment, case: Case, actor: Actor, instrument: reference.Instrument, begun: Assessment | None
) -> Assessment:
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


def _case(row: Assessment) -> Case | None:
    return db.session.get(Case, row.case_id) if row.case_id is not None else None


def _tell_file(row: Assessment, case: Case) -> None:
    """The domain's detail learns the level of its main instrument that counts now; the next visit is reckoned anew."""
    domain = domains.get(case.domain)
    if (hook := domain.hooks.get("assessed")) and row.instrument == domain.instruments[0]:
        counting = assessments.latest(row.client_id, row.instrument)
        hook(case, counting if counting is not None and counting.level is not None else None)
    due.refresh_due(clients.one(row.client_id))
