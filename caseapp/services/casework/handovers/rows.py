"""The rows of a handover: made, and carried out. The only place that passes a file on for a handover."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Handover, HandoverItem, Task
from caseapp.models.casework.case import LIVE
from caseapp.models.organisation import Organisation
from caseapp.queries.organisation import settings
from caseapp.services.casework import tasks
from caseapp.services.casework.cases import team
from caseapp.services.casework.clients import access, enrolments

OPEN = (*LIVE, "follow_up")
CHANGED = _l("Somebody else is responsible by now, or the file has ended. Look at the list again.")


def frame(kind: str, station: Organisation, from_id: UUID | None, to_id: UUID | None, reason: str, actor: Actor) -> Handover:
    """The frame of a handover at a station."""
    row = Handover(
        kind=kind,
        organisation_id=station.id,
        path=station.path,
        from_id=from_id,
        to_id=to_id,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    row.reason = reason
    db.session.add(row)
    db.session.flush()
    return row


def line(handover: Handover, row: Client | Case, to_id: UUID, told_on: date | None = None) -> HandoverItem:
    """One file of it, waiting."""
    item = HandoverItem(
        handover_id=handover.id,
        client_id=row.id if isinstance(row, Client) else None,
        case_id=row.id if isinstance(row, Case) else None,
        from_id=row.worker_id,
        to_id=to_id,
        state="waiting",
        told_on=told_on,
    )
    item.belongs_to(row)
    db.session.add(item)
    return item


def pass_on(item: HandoverItem, row: Client | Case, actor: Actor, state: str, *, tell: bool = True) -> None:
    """Carries a line out: the file, and what was promised about it, is the receiver's from now on.

    Refuses a file that has ended or is somebody else's than when it was offered, and a receiver who works here no more. Where
    nobody was told yet, the receiver promises to tell.
    """
    if row.worker_id != item.from_id or not is_open(row):
        raise Conflict(CHANGED, code="wrong_state")
    receiver_must_work_here(item.to_id, row.station_path)
    item.state, item.answered_at, item.answered_by_id = state, clock.now(), actor.user_id
    db.session.flush()  # before the file passes on: what waits for it falls
    moved = give(row, item.to_id, actor)
    item.tasks = [str(task.id) for task in moved]
    if tell and item.told_on is None:
        days = settings.At(row.station_path)["handover.tell_working_days"]
        until = dates.add_working_days(clock.today(), days)
        tasks.promise_once(row, "tell_worker", until, actor, user_id=item.to_id)
    db.session.flush()


def give(row: Client | Case, to_id: UUID, actor: Actor) -> list[Task]:
    """The file is somebody else's; returns the promises that went along."""
    return team.give(row, to_id, actor) if isinstance(row, Case) else enrolments.give(row, to_id, actor)


def is_open(row: Client | Case) -> bool:
    """Whether a file is worked on."""
    return row.status in OPEN if isinstance(row, Case) else row.state == "on_file"


def receiver_must_work_here(user_id: UUID, path: str) -> None:
    """Refuses a receiver without a worker's or head's role at the place of the file today."""
    try:
        access.must_work_here(user_id, path)
    except Invalid as error:
        raise Invalid(error.message, "to_id") from error


def to_be_told(rows: Iterable[Client | Case]) -> set[UUID]:
    """The files whose person is to be told: each person once, nobody of a community."""
    held = list(rows)
    people = {row.id for row in held if isinstance(row, Client)}
    found = set(people)
    for row in held:
        if isinstance(row, Case) and row.subject_kind != "community" and row.client_id not in people:
            found.add(row.id)
            people |= {row.client_id} if row.client_id is not None else set()
    return found
