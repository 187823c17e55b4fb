"""Breaking the glass: a restricted file of the own station, opened in an emergency by its exact number, for some hours."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client, Task
from caseapp.models.trust import FileAccess
from caseapp.queries.organisation import settings
from caseapp.schemas.casework.client.parts import BreakGlass
from caseapp.services.trust import audit, buckets

TRIES, WINDOW = 6, 3600  # numbers that somebody may try in an hour
TASK = "glass_broken"


def break_glass(command: BreakGlass, actor: Actor) -> Client | Case:
    """Opens a restricted file to the actor until some hours from now (`glass.hours`); returns its row.

    Needs glass:break, at a place of the grant. The head finds a task about it on Today at once, the auditor the day among those
    that stand out, and what is read meanwhile carries the reason in the trail. Whatever does not lead to a restricted file is
    refused alike at `number`: nothing that is hidden is listed or confirmed but by opening it. TooMany after some numbers in an
    hour. Its view is stamped `reading`: what is written goes into a transaction of its own.
    """
    policy.require(actor, Permission.GLASS_BREAK)
    buckets.take("glass", actor.user_id.hex, most=TRIES, seconds=WINDOW)
    hours = int(settings.At(actor.paths[0])["glass.hours"])
    with system_session("a restricted file by its number", write=True) as session:
        row = _found(session, command.number.strip(), actor)
        if row is None or row.klass != "P3" or policy.is_open(actor, row):
            audit.signed(db.session, "glass.missed", actor.user_id, actor.paths[0], reason=command.reason)
            raise Invalid(
                _l(
                    "No restricted file of your station that is shut to you has this number. Whatever is open to you is found as usual."
                ),
                "number",
                code="glass_missed",
            )
        session.add_all(_entry(one.file_id, one.station_path, command, hours, actor) for one in _with_person(session, row))
        session.add(_task(row, actor))
        session.expunge(row)
    audit.saw(db.session, [(row.file_id, row.station_path)])
    audit.opened(db.session, row, "glass.broken")
    audit.record(db.session, "glass.broken", reason=command.reason)
    return row


def _found(session: Session, number: str, actor: Actor) -> Client | Case | None:
    """The person's or the case's row with exactly this number at a place of the actor, in a system session."""
    model: Any
    for model, column in ((Case, Case.case_no), (Client, Client.file_no)):
        place = or_(*((model.station_path >= path) & (model.station_path < path[:-1] + "0") for path in actor.paths))
        query = select(model).where(column == number, place)
        row: Client | Case | None = session.scalar(query if model is Case else query.where(Client.merged_into_id.is_(None)))
        if row is not None:
            return row
    return None


def _with_person(session: Session, row: Client | Case) -> list[Client | Case]:
    """A case with the person it is about, where their own row is shut too."""
    client = session.get(Client, row.client_id) if isinstance(row, Case) and row.client_id else None
    return [row, client] if client is not None and client.klass == "P3" else [row]


def _entry(file_id: UUID, path: str, command: BreakGlass, hours: int, actor: Actor) -> FileAccess:
    now = clock.now()
    until = now + timedelta(hours=hours)
    return FileAccess(
        user_id=actor.user_id,
        file_id=file_id,
        station_path=path,
        kind="glass",
        purpose=command.reason,
        note=command.note,
        from_on=clock.today(),
        to_on=clock.local(until).date(),
        until=until,
        made_by_id=actor.user_id,
        made_at=now,
    )


def _task(row: Client | Case, actor: Actor) -> Task:
    task = Task(
        kind=TASK,
        client_id=row.id if isinstance(row, Client) else row.client_id,
        case_id=row.id if isinstance(row, Case) else None,
        for_role="station_head",
        due_on=clock.today(),
        state="open",
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    task.belongs_to(row)
    return task
