"""Project sheets of community cases, their results, the station's partners, and services for a community with who took part."""

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, ServiceRecord
from caseapp.models.details.governance import GovernanceDelivery, GovernancePartner, GovernanceProject
from caseapp.queries.details.governance import partners, projects, surveys
from caseapp.schemas.casework.service import RecordService
from caseapp.schemas.details.governance.project import Deliver, WritePartner, WriteProject, WriteResult
from caseapp.services.casework import consultations
from caseapp.services.casework.cases import events
from caseapp.services.details.governance import station
from caseapp.services.trust import audit
from caseapp.services.versions import expect_version

ENDED = ("closed", "archived", "declined", "referred_out")
PLAIN = (
    "name",
    "for_whom",
    "starts_on",
    "ends_on",
    "target_times",
    "target_attendances",
    "target_persons",
    "budget",
    "budget_source",
    "budget_note",
    "survey_id",
)


def write(command: WriteProject, case: Case, actor: Actor) -> GovernanceProject:
    """The sheet of a community case as a whole: its first time it makes the case a project.

    Needs case:write while the case lives. Refuses a stale version, a case about a person, and a survey or partner of
    another station.
    """
    _at_work(case, actor)
    row = projects.of_case(case)
    is_new = row is None
    if row is None:
        row = GovernanceProject(case_id=case.id, created_at=clock.now(), created_by_id=actor.user_id)
        row.belongs_to(case)
    else:
        expect_version(row, command.version or 0)
    if command.survey_id not in (None, row.survey_id) and str(command.survey_id) not in dict(surveys.offered(case.station_id)):
        raise Invalid(_l("Choose one of the answers offered."), "survey_id")
    for name in PLAIN:
        setattr(row, name, getattr(command, name))
    known = {key for key, _name in partners.offered(case.station_id)} | set(row.partner_ids or [])
    row.partner_ids = station.partner_ids(command.partner_ids, known)
    row.steps = [
        {
            "text": step.text,
            "due_on": step.due_on.isoformat(),
            "who": step.who,
            "done_on": step.done_on.isoformat() if step.done_on else None,
        }
        for step in sorted(command.steps, key=lambda step: step.due_on)
    ] or None
    if is_new:
        db.session.add(row)
        events.note(case, "project_designed", actor)
    return _saved(row, "governance.project_written")


def conclude(command: WriteResult, case: Case, actor: Actor) -> GovernanceProject:
    """The result against the target; may be written again until the case is closed. Needs case:write."""
    _at_work(case, actor)
    row = projects.of_case(case)
    if row is None:
        raise Conflict(_l("There is no project sheet yet."), code="wrong_state")
    expect_version(row, command.version)
    if row.reached is None:
        events.note(case, "project_result", actor)
    row.reached, row.persons, row.result, row.lessons = command.reached, command.persons, command.result, command.lessons
    row.result_on = clock.today()
    return _saved(row, "governance.project_result")


def deliver(command: Deliver, case: Case | None, actor: Actor) -> ServiceRecord:
    """A service for a community case, or of the station alone: one record with its head count, and who took part in it.

    Needs service:write. The record is an ordinary one (`consultations`), voided and counted like every other.
    """
    place = station.station_of(actor, Permission.SERVICE_WRITE)
    known = {key for key, _name in partners.offered(place.id)}
    kept = station.partner_ids(command.partner_ids, known)
    if case is not None and case.subject_kind != "community":
        raise Invalid(_l("Choose one of the answers offered."), "case_id")
    record = consultations.record_service(
        RecordService(
            kind="case" if case is not None else "station",
            item=command.item,
            happened_on=command.happened_on,
            minutes=command.minutes,
            head_count=command.head_count,
            case_id=case.id if case is not None else None,
            note=command.note,
        ),
        place,
        case,
        actor,
    )
    row = GovernanceDelivery(
        record_id=record.id,
        place=command.place,
        persons=command.persons,
        parties=sorted(set(command.parties)),
        partner_ids=kept,
        volunteers=command.volunteers,
        volunteer_hours=command.volunteer_hours,
    )
    row.belongs_to(record)
    db.session.add(row)
    audit.record(db.session, "governance.delivered", row)
    db.session.flush()
    return record


def add_partner(command: WritePartner, actor: Actor) -> GovernancePartner:
    """An organisation in the station's register. Needs case:write at the station; refuses a name that is there already."""
    row: GovernancePartner = station.paper(GovernancePartner, actor)
    if command.name in {name for _key, name in partners.offered(row.station_id)}:
        raise Invalid(_l("This name is in the register already."), "name")
    return _fill(row, command, "governance.partner_added")


def edit_partner(command: WritePartner, row: GovernancePartner, actor: Actor) -> GovernancePartner:
    """Put right, or no longer worked with: papers keep the name. Needs case:write; refuses a stale version."""
    policy.require(actor, Permission.CASE_WRITE, row)
    expect_version(row, command.version or 0)
    row.updated_at = clock.now()
    return _fill(row, command, "governance.partner_edited")


def _fill(row: GovernancePartner, given: WritePartner, event: str) -> GovernancePartner:
    row.name, row.kind, row.offers, row.is_active = given.name, given.kind, given.offers, given.is_active
    db.session.add(row)
    audit.record(db.session, event, row)
    db.session.flush()
    return row


def _at_work(case: Case, actor: Actor) -> None:
    policy.require(actor, Permission.CASE_WRITE, case)
    if case.subject_kind != "community":
        raise Conflict(_l("A project is about a community."), code="wrong_subject")
    if case.status in ENDED:
        raise Conflict(_l("The file is at another stage now, so this step is not open."), code="wrong_stage")


def _saved(row: GovernanceProject, event: str) -> GovernanceProject:
    row.updated_at = clock.now()
    audit.record(db.session, event, row)
    db.session.flush()
    return row
