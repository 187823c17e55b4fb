"""Needs surveys: begun, written on while they run, finished with findings; voided with a reason, never erased."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.details.governance import GovernanceFinding, GovernanceSurvey
from caseapp.schemas.details.governance.survey import VoidPaper, WriteSurvey
from caseapp.services.details.governance import station
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version


def begin(command: WriteSurvey, actor: Actor) -> GovernanceSurvey:
    """A survey of the actor's station. Needs case:write there; refuses a village the station does not serve."""
    row: GovernanceSurvey = station.paper(GovernanceSurvey, actor, worker_id=actor.user_id)
    station.must_serve(actor, command.division_code)
    row.findings = []
    _fill(row, command)
    db.session.add(row)
    audit.record(db.session, "governance.survey_begun", row)
    db.session.flush()
    return row


def change(command: WriteSurvey, row: GovernanceSurvey, actor: Actor) -> GovernanceSurvey:
    """The survey as a whole. Needs case:write; refuses a stale version and a voided one."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version or 0)
    station.must_stand(row)
    station.must_serve(actor, command.division_code, row.division_code)
    _fill(row, command)
    row.updated_at = clock.now()
    audit.record(db.session, "governance.survey_changed", row)
    db.session.flush()
    return row


def void(command: VoidPaper, row: GovernanceSurvey, actor: Actor) -> GovernanceSurvey:
    """The survey counts no more; a project that rested on it keeps the link and says so."""
    station.void(command, row, actor)
    audit.record(db.session, "governance.survey_voided", row)
    db.session.flush()
    return row


def _fill(row: GovernanceSurvey, given: WriteSurvey) -> None:
    for name in ("title", "division_code", "from_on", "to_on", "sample", "population"):
        setattr(row, name, getattr(given, name))
    row.methods, row.report = sorted(set(given.methods)), given.report
    said = [(found.need, found.item, found.said, found.urgency) for found in given.findings]
    if said == [(found.need, found.item, found.said, found.urgency) for found in row.findings]:
        return
    row.findings = [
        GovernanceFinding(
            position=place,
            need=found.need,
            item=found.item,
            said=found.said,
            urgency=found.urgency,
            station_path=row.station_path,
            klass=row.klass,
            file_id=row.file_id,
        )
        for place, found in enumerate(given.findings, 1)
    ]
