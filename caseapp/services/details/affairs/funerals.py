"""Talks about funerals: a service record that counts, and beside it what was asked."""

from datetime import timedelta

from caseapp.access import policy
from caseapp.access.permissions import Permission as P
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, ServiceRecord
from caseapp.models.details.affairs import FuneralAdvice
from caseapp.models.organisation import Organisation
from caseapp.queries.details.affairs import rows as queries
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.service import RecordService, VoidService
from caseapp.schemas.details.affairs.base import Void
from caseapp.schemas.details.affairs.funerals import AdviseFuneral
from caseapp.services.casework import consultations, tasks
from caseapp.services.trust import audit


def advise(
    command: AdviseFuneral, station: Organisation, client: Client | None, case: Case | None, actor: Actor
) -> FuneralAdvice:
    """There was a talk about a funeral: with a case, a person on file, or somebody who is neither.

    Needs service:write at the station (and over case or person). Leaves a consultation that counts, and a promise to
    follow up the grief where the person wants that.
    """
    if case is not None:
        queries.of_matter(case, matter="funeral")
    said = RecordService(
        kind="consultation",
        item=command.item,
        happened_on=command.happened_on,
        minutes=command.minutes,
        topic="funeral",
        channel=command.channel,
    )
    record = consultations.record_service(said, station, case, actor, client=client)
    row = FuneralAdvice(
        station_id=station.id,
        client_id=record.client_id,
        case_id=record.case_id,
        record_id=record.id,
        kind=command.kind,
        happened_on=command.happened_on,
        worker_id=actor.user_id,
        relation=command.relation,
        subsidies=list(command.subsidies) or None,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.note = command.note
    owner = case or client
    if owner is not None:
        row.belongs_to(owner)
    else:
        row.station_path, row.klass, row.file_id = station.path, "P1", row.id
    if command.grief and owner is not None:
        row.grief_on = command.happened_on + timedelta(days=settings.At(owner.station_path)["affairs.grief_days"])
        tasks.promise_once(owner, "grief", row.grief_on, actor, user_id=actor.user_id)
    db.session.add(row)
    audit.record(db.session, "affairs.funeral_advised", row)
    db.session.flush()
    return row


def void(command: Void, row: FuneralAdvice, actor: Actor) -> None:
    """The talk and its record count nowhere. Its author or the head, as for any record; refuses a voided one."""
    policy.require(actor, P.SERVICE_WRITE, row)
    if row.voided_at is not None:
        raise Conflict(_l("This entry does not count already."), code="wrong_state")
    consultations.void_service(VoidService(command.reason), db.session.get_one(ServiceRecord, row.record_id), actor)
    row.voided_at, row.void_reason, row.updated_at = clock.now(), command.reason, clock.now()
    db.session.flush()
