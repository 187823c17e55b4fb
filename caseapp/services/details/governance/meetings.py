"""Meetings of residents: recorded, followed up, voided with a reason."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case
from caseapp.models.details.governance import GovernanceMeeting
from caseapp.schemas.details.governance.meeting import FollowUp, RecordMeeting
from caseapp.schemas.details.governance.survey import VoidPaper
from caseapp.services.details.governance import station
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def record(command: RecordMeeting, case: Case | None, actor: Actor) -> GovernanceMeeting:
    """A meeting in a village of the station. Needs case:write; a case it belongs to is one about a community."""
    row: GovernanceMeeting = station.paper(GovernanceMeeting, actor, worker_id=actor.user_id)
    station.must_serve(actor, command.division_code)
    if case is not None:
        policy.require(actor, Permission.CASE_WRITE, case)
        if case.subject_kind != "community":
            raise Invalid(_l("Choose one of the answers offered."), "case_id")
    for name in ("happened_on", "division_code", "place", "called_by", "present", "subject", "decided", "follow_up_on"):
        setattr(row, name, getattr(command, name))
    row.matters, row.case_id = sorted(set(command.matters)), case.id if case is not None else None
    db.session.add(row)
    audit.record(db.session, "governance.meeting_recorded", row)
    db.session.flush()
    return row


def follow(command: FollowUp, row: GovernanceMeeting, actor: Actor) -> GovernanceMeeting:
    """What became of the decisions. Needs case:write; may be written again."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version)
    station.must_stand(row)
    if command.followed_on < row.happened_on:
        raise Invalid(_l("This day lies before the meeting."), "followed_on")
    row.followed_on, row.followed, row.updated_at = command.followed_on, command.followed, clock.now()
    audit.record(db.session, "governance.meeting_followed", row)
    db.session.flush()
    return row


def void(command: VoidPaper, row: GovernanceMeeting, actor: Actor) -> GovernanceMeeting:
    """The record was wrong; it stays readable and counts no more."""
    station.void(command, row, actor)
    audit.record(db.session, "governance.meeting_voided", row)
    db.session.flush()
    return row
