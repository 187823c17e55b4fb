"""Services for the station or a case, and consultations: records without stages."""

from caseapp import reference
from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Forbidden, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, ServiceRecord
from caseapp.models.organisation import Organisation
from caseapp.schemas.casework.service import RecordService, VoidService
from caseapp.services.casework import consents
from caseapp.services.trust import audit

ENDED = ("closed", "archived", "declined", "referred_out")


def record_service(
    command: RecordService, station: Organisation, case: Case | None, actor: Actor, *, client: Client | None = None
) -> ServiceRecord:
    """There is a record of one catalogue item; without a case or a person on file it is the station's own, class P1.

    Whoever may write services at the station (and of the case or the person). Refuses a day still to come or outside the
    case's time.
    """
    policy.require_place(actor, P.SERVICE_WRITE, station.path)
    owner = case or client
    if owner is not None:
        policy.require(actor, P.SERVICE_WRITE, owner)
    if command.happened_on > clock.today():
        raise Invalid(_l("This day is still to come."), "happened_on")
    if case is not None:
        consents.must_hold(case.client_id)
        if command.happened_on < case.found_on:
            raise Invalid(_l("This day lies before the case was found."), "happened_on")
        if case.status in ENDED and (case.closed_on is None or command.happened_on > case.closed_on):
            raise Invalid(_l("The case was closed by that day."), "happened_on")
    record = ServiceRecord(
        station_id=station.id,
        kind=command.kind,
        item=command.item,
        catalogue_version=reference.catalogue(on=command.happened_on).version,
        happened_on=command.happened_on,
        minutes=command.minutes or 0,
        head_count=command.head_count,
        worker_id=actor.user_id,
        client_id=case.client_id if case else client.id if client else None,
        case_id=case.id if case else None,
        topic=command.topic,
        channel=command.channel,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    record.note = command.note
    if owner is not None:
        record.belongs_to(owner)
    else:
        record.station_path, record.klass, record.file_id = station.path, "P1", record.id
    db.session.add(record)
    audit.record(db.session, f"service.{command.kind}", record)
    db.session.flush()
    return record


def void_service(command: VoidService, record: ServiceRecord, actor: Actor) -> ServiceRecord:
    """The record is out of every count. Its author or the head; one of a visit goes with the visit."""
    policy.require(actor, P.SERVICE_WRITE, record)
    if record.visit_id is not None:
        raise Conflict(_l("This service belongs to a visit: void the visit."), code="of_visit")
    if record.voided_at is not None:
        raise Conflict(_l("This record was voided already."), code="voided")
    if record.worker_id != actor.user_id and not actor.may(P.VISIT_VOID_ANY):
        raise Forbidden()
    record.voided_at, record.void_reason = clock.now(), command.reason
    audit.record(db.session, "service.voided", record)
    db.session.flush()
    return record
