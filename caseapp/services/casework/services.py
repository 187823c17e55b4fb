"""Service records: what was done by catalogue item, on a visit, a case or for the station alone."""

from collections.abc import Sequence
from typing import Any

from caseapp import reference
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import db
from caseapp.models.casework import ServiceRecord, Visit


def shared_out(minutes: int | None, parts: int) -> list[int]:
    """Whole minutes for each part that add up to the whole; the first ones take what is left over."""
    whole, rest = divmod(minutes or 0, parts) if parts else (0, 0)
    return [whole + (1 if place < rest else 0) for place in range(parts)]


def of_visit(visit: Visit, parties: Sequence[Any], items: Sequence[str], actor: Actor) -> list[ServiceRecord]:
    """One record for each item and person that was seen; the visit's minutes are shared out over them."""
    pairs = [(party, item) for party in parties for item in items]
    records = []
    for (party, item), minutes in zip(pairs, shared_out(visit.minutes, len(pairs)), strict=True):
        record = ServiceRecord(
            station_id=visit.station_id,
            kind="visit",
            item=item,
            catalogue_version=reference.catalogue(on=visit.happened_on).version,
            happened_on=visit.happened_on,
            minutes=minutes,
            worker_id=visit.worker_id,
            client_id=party.client.id,
            case_id=party.case.id if party.case else None,
            visit_id=visit.id,
            created_at=clock.now(),
            created_by_id=actor.user_id,
        )
        record.belongs_to(party.case or party.client)
        records.append(record)
    db.session.add_all(records)
    return records


def moved(records: Sequence[ServiceRecord], visit: Visit) -> None:
    """The same records for a visit that was moved to another day."""
    for old in records:
        record = ServiceRecord(
            station_id=old.station_id,
            kind=old.kind,
            item=old.item,
            catalogue_version=old.catalogue_version,
            happened_on=visit.happened_on,
            minutes=old.minutes,
            worker_id=old.worker_id,
            client_id=old.client_id,
            case_id=old.case_id,
            visit_id=visit.id,
            created_at=clock.now(),
            created_by_id=visit.created_by_id,
        )
        record.belongs_to(old)
        db.session.add(record)
