"""What follows a mandatory report: safety, facts, evidence, who was told and what they answered, the outcome, its end."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.children import ChildrenReport, ChildrenTold
from caseapp.queries.details.children import reports as queries
from caseapp.schemas.details.children.report import Answer, CloseReport, Evidence, Facts, Outcome, SafetyNow, Tell, VoidReport
from caseapp.services.casework.cases import events
from caseapp.services.casework.cases.reclassify import reclassify
from caseapp.services.casework.clients import access
from caseapp.services.casework.tasks import promise
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

EARLIEST = timedelta(minutes=1)  # clocks of two people may differ by so much


def note_safety(command: SafetyNow, report: ChildrenReport, actor: Actor) -> ChildrenReport:
    """Where the child is now, who is with it, who was called."""
    _open(report, actor, command.version)
    report.place, report.beside, report.called = command.place, command.beside, list(command.called) or None
    report.safety_at = clock.now()
    return _saved(report, "report.safety")


def note_facts(command: Facts, report: ChildrenReport, actor: Actor) -> ChildrenReport:
    """Who, where, when, what was seen; the situation and the time of finding may be put right, which reckons the minutes anew."""
    _open(report, actor, command.version)
    for name in ("situation", "sentence", "found_at", "who", "where", "when", "seen"):
        setattr(report, name, getattr(command, name))
    rows = queries.told(report)
    if any(row.voided_at is None and row.told_at + EARLIEST < command.found_at for row in rows):
        raise Invalid(_l("Somebody was told before that time."), "found_time")
    _reckon(report, rows)
    return _saved(report, "report.facts")


def note_evidence(command: Evidence, report: ChildrenReport, actor: Actor) -> ChildrenReport:
    """What was kept and where it lies."""
    _open(report, actor, command.version)
    report.evidence, report.evidence_note = list(command.evidence), command.evidence_note
    return _saved(report, "report.evidence")


def tell(command: Tell, report: ChildrenReport, actor: Actor) -> ChildrenTold:
    """Somebody was told: the first authority makes the time of the report. Refuses a time before the child was found."""
    _open(report, actor)
    if command.told_at + EARLIEST < report.found_at:
        raise Invalid(_l("This lies before the child was found."), "told_time")
    row = ChildrenTold(
        report_id=report.id,
        author_id=report.author_id,
        whom=command.whom,
        told_at=max(command.told_at, report.found_at),
        how=command.how,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.name, row.receipt = command.name, command.receipt
    row.belongs_to(report)
    db.session.add(row)
    db.session.flush()
    _reckon(report, queries.told(report))
    _saved(report, "report.told")
    return row


def note_answer(command: Answer, row: ChildrenTold, report: ChildrenReport, actor: Actor) -> ChildrenTold:
    """A receipt number, and what came back when. Refuses a day before they were told."""
    _open(report, actor)
    expect_version(row, command.version)
    _counts(row)
    if command.answered_on is not None and command.answered_on < clock.local(row.told_at).date():
        raise Invalid(_l("This day lies before they were told."), "answered_on")
    for name in ("receipt", "answer", "answered_on", "answer_note"):
        setattr(row, name, getattr(command, name))
    row.updated_at = clock.now()
    db.session.flush()
    _reckon(report, queries.told(report))
    _saved(report, "report.answered")
    return row


def void_told(row: ChildrenTold, report: ChildrenReport, actor: Actor) -> None:
    """An entry that was wrong no longer counts; it stays readable."""
    _open(report, actor)
    _counts(row)
    row.voided_at, row.voided_by_id, row.updated_at = clock.now(), actor.user_id, clock.now()
    db.session.flush()
    _reckon(report, queries.told(report))
    _saved(report, "report.telling_voided")


def note_outcome(command: Outcome, report: ChildrenReport, actor: Actor) -> ChildrenReport:
    """What the authority decided, recorded as theirs. Refuses a day before anybody was told."""
    _open(report, actor, command.version)
    if report.reported_at is None:
        raise Conflict(_l("No authority has been told yet."), code="not_told")
    if command.outcome_on < clock.local(report.reported_at).date():
        raise Invalid(_l("This day lies before they were told."), "outcome_on")
    for name in ("outcome", "outcome_on", "outcome_by", "outcome_note"):
        setattr(report, name, getattr(command, name))
    return _saved(report, "report.outcome")


def close(command: CloseReport, report: ChildrenReport, case: Case, actor: Actor) -> ChildrenReport:
    """The report is closed by who may write in its case. Needs the outcome; a missing answer needs a sentence why."""
    policy.require(actor, Permission.CASE_WRITE, case)
    _open(report, actor, command.version)
    if report.outcome is None:
        raise Conflict(_l("Record first what the authority decided."), code="no_outcome")
    waits = report.police_answered_on is None or report.civil_answered_on is None
    if waits and not command.closing_note:
        raise Invalid(_l("Police or civil affairs have not answered: say why the report is closed all the same."), "closing_note")
    report.state, report.closed_at, report.closed_by_id = "closed", clock.now(), actor.user_id
    report.closing_note = command.closing_note
    events.note(case, "harm_report_closed", actor, facts={"report": report.report_no})
    return _saved(report, "report.closed")


def void(command: VoidReport, report: ChildrenReport, actor: Actor) -> ChildrenReport:
    """The report was made by mistake: it stays, and no longer counts. By its author or the head; the head always learns of it.

    The case stays restricted, unless the head takes that off, which goes only where no other report is in it.
    """
    policy.require(actor, Permission.HARM_REPORT, report)
    expect_version(report, command.version)
    if report.state == "void":
        raise Conflict(_l("This report is void already."), code="wrong_state")
    is_head = actor.may(Permission.CASE_ASSIGN)
    if actor.user_id != report.author_id and not is_head:
        raise Forbidden(_l("Only who made the report, or the head, can void it."))
    if command.lift and not is_head:
        raise Forbidden(_l("Only the head opens a restricted file up again."))
    report.state, report.void_reason = "void", command.void_reason
    report.voided_at, report.voided_by_id = clock.now(), actor.user_id
    with access.lent({report.case_id}) as inside:
        case = queries.case_of(report)
        if case is not None:
            _void_in(case, report, inside, lift=command.lift, is_head=is_head)
    return _saved(report, "report.voided")


def _void_in(case: Case, report: ChildrenReport, actor: Actor, *, lift: bool, is_head: bool) -> None:
    events.note(case, "harm_report_void", None, facts={"report": report.report_no})
    if not is_head:
        promise(case, "harm_void", clock.today(), actor, for_role="station_head")
    if lift:
        db.session.flush()
        if report.class_before == "P3" or queries.is_reported(case):
            raise Invalid(_l("The case is restricted for another reason too."), "lift")
        reclassify(case, report.class_before, actor)


def _open(report: ChildrenReport, actor: Actor, version: int | None = None) -> None:
    policy.require(actor, Permission.HARM_REPORT, report)
    if version is not None:
        expect_version(report, version)
    if report.state != "open":
        raise Conflict(_l("This report is closed."), code="wrong_state")


def _counts(row: ChildrenTold) -> None:
    if row.voided_at is not None:
        raise Conflict(_l("This entry no longer counts."), code="wrong_state")


def _saved(report: ChildrenReport, event: str) -> ChildrenReport:
    report.updated_at = clock.now()
    audit.record(db.session, event, report)
    db.session.flush()
    return report


def _reckon(report: ChildrenReport, rows: Iterable[ChildrenTold]) -> None:
    """When police and civil affairs were first told and first answered, and how long the first authority took to be told."""
    counting = [row for row in rows if row.voided_at is None]
    for side in queries.SIDES:
        theirs = [row for row in counting if queries.side_of(row.whom) == side]
        setattr(report, f"{side}_told_on", _first(clock.local(row.told_at).date() for row in theirs))
        setattr(report, f"{side}_answered_on", _first(row.answered_on for row in theirs if row.answered_on is not None))
    told: Any = min((row.told_at for row in counting if queries.is_authority(row.whom)), default=None)
    report.reported_at = told
    report.minutes = int((told - report.found_at).total_seconds() // 60) if told is not None else None


def _first(days: Iterable[date]) -> date | None:
    return min(days, default=None)
