"""What passes between colleagues: a file offered by the worker to the head, and an absence that is still to come."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models import organisation as o
from tests.cast import Cast
from tests.laid.added import added

HEADS = {"Riverside": "ann", "Hillside": "hal", "Faraway": "fay"}


def passing(session: Session, cast: Cast, station: str, person: c.Client, absent: UUID) -> dict[str, UUID]:
    """A handover that waits for the head, and who will stand in for somebody next month."""
    now, place, head = clock.now(), cast.places[station], cast.users[HEADS[station]]
    frame = c.Handover(kind="offered", organisation_id=place, path=cast.paths[station], from_id=person.worker_id, to_id=head)
    frame.created_at, frame.created_by_id, frame.reason = now, person.worker_id, "Goes to the other village"
    added(session, frame)
    item = c.HandoverItem(handover_id=frame.id, client_id=person.id, from_id=person.worker_id, to_id=head, state="waiting")
    added(session, item, person)
    ordered = c.Handover(kind="ordered", organisation_id=place, path=cast.paths[station], from_id=person.worker_id, to_id=head)
    ordered.created_at, ordered.created_by_id, ordered.reason = now, head, "Nearer"
    added(session, ordered)
    done = c.HandoverItem(handover_id=ordered.id, client_id=person.id, from_id=person.worker_id, to_id=head, state="ordered")
    done.answered_at, done.answered_by_id = now, head
    added(session, done, person)
    cover = o.Cover(organisation_id=place, path=cast.paths[station], absent_id=absent, cover_id=head, reason="leave")
    cover.from_on, cover.to_on = clock.today() + timedelta(days=30), clock.today() + timedelta(days=40)
    cover.created_at = now
    return {"handover_id": frame.id, "ordered_id": ordered.id, "cover_id": added(session, cover)}
