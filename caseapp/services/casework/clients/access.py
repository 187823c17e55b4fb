"""Who may open a restricted or minor's file besides the head: assigned, named, or with a purpose for 30 days."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from caseapp.access import guard, policy
from caseapp.access.permissions import Permission
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, Invalid
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.models.organisation import User
from caseapp.models.trust import FileAccess
from caseapp.queries.organisation.workers import reads_files_at, works_at
from caseapp.schemas.casework.client.parts import NamePerson, OpenForPurpose
from caseapp.services.trust import audit

PURPOSE_DAYS = 30  # contract.md section 2


def assign(row: Client | Case, user_id: UUID | None, actor: Actor | None) -> None:
    """Keeps the one `assigned` entry of a file in which anything is shut in step with its responsible worker."""
    today = clock.today()
    live = select(FileAccess).where(FileAccess.file_id == row.file_id, FileAccess.kind == "assigned", FileAccess.to_on.is_(None))
    for entry in db.session.scalars(live):
        if entry.user_id == user_id:
            return
        entry.to_on = today - timedelta(days=1)
    if user_id is not None and is_guarded(row):
        db.session.add(_entry(row.file_id, row.station_path, user_id, "assigned", None, actor))
    db.session.flush()


def is_guarded(row: Client | Case) -> bool:
    """Whether the file, or something in it, is shut for whoever is not on it."""
    return row.klass in ("P3", "minor") or (isinstance(row, Case) and row.holds_restricted)


def hold_restricted(case: Case, actor: Actor) -> Actor:
    """Something of class P3 is going to lie in this file, whatever the file's own class: its worker goes on the open list.

    Returns the actor as bound from now on. Written past the version: an open form of the case must not become stale by it.
    """
    if case.klass == "P3" or case.holds_restricted:
        return actor
    statement = update(Case).where(Case.id == case.id).values(holds_restricted=True)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    set_committed_value(case, "holds_restricted", True)
    if case.klass != "minor":  # of a minor's file the worker is on the list already
        assign(case, case.worker_id, actor)
    return admit(actor, case)


def will_read(actor: Actor, case: Case, klass: str) -> bool:
    """Whether the actor reads a row of this class once it lies in this case; its responsible worker does."""
    return klass in ("P1", "P2") or case.worker_id == actor.user_id or policy.opens(actor, klass, case.file_id)


def open_for_purpose(command: OpenForPurpose, client: Client, actor: Actor) -> None:
    """Opens a minor's file and the cases about the minor to this actor for 30 days; the head sees the purpose.

    Needs file:purpose. Refuses files that need no purpose. P3 cases stay closed.
    """
    if not actor.may(Permission.FILE_PURPOSE):
        policy.require(actor, Permission.FILE_PURPOSE)
    if client.klass != "minor" or policy.is_open(actor, client):
        raise Conflict(_l("This file needs no purpose."), code="wrong_state")
    until = clock.today() + timedelta(days=PURPOSE_DAYS)
    for file_id in [client.id, *_minor_cases(client)]:
        entry = _entry(file_id, client.station_path, actor.user_id, "purpose", until, actor)
        entry.purpose, entry.note = command.purpose, command.note
        db.session.add(entry)
    audit.record(db.session, "file.purpose_given", client, reason=command.purpose)
    db.session.flush()


def name_on_file(command: NamePerson, row: Client | Case, actor: Actor) -> FileAccess:
    """Names a supervisor, township reviewer or worker on a restricted file. Needs case:assign (the head)."""
    policy.require(actor, Permission.CASE_ASSIGN, row)
    if not is_guarded(row):
        raise Conflict(_l("This file is open to the whole station; nobody needs to be named."), code="wrong_state")
    if not reads_files_at(command.user_id, row.station_path):
        raise Invalid(_l("This person has no role that reads files of this station."), "user_id")
    if command.to_on is not None and command.to_on < clock.today():
        raise Invalid(_l("This day is over."), "to_on")
    entry = _entry(row.file_id, row.station_path, command.user_id, "named", command.to_on, actor)
    db.session.add(entry)
    audit.record(db.session, "file.person_named", row)
    db.session.flush()
    return entry


def open_to(row: Client | Case) -> list[tuple[FileAccess, str]]:
    """Who may open a restricted file now, for its head: entries with the user's name."""
    today = clock.today()
    query = (
        select(FileAccess, User.name)
        .join(User, User.id == FileAccess.user_id)
        .where(FileAccess.file_id == row.file_id, or_(FileAccess.to_on.is_(None), FileAccess.to_on >= today))
        .order_by(FileAccess.made_at, FileAccess.id)
    )
    return [(entry, name) for entry, name in db.session.execute(query)]


def must_work_here(user_id: UUID, station_path: str) -> None:
    """Refuses a responsible worker who has no worker's or head's role at the station."""
    if not works_at(user_id, station_path):
        raise Invalid(_l("This person does not work at this station."), "worker_id")


def admit(actor: Actor, row: Client | Case) -> Actor:
    """The actor with a file it has just made, and is responsible for, on the open list; bound for the rest of the request."""
    if not is_guarded(row) or row.worker_id != actor.user_id:
        return actor
    wider = replace(actor, open_files=actor.open_files | {row.file_id}, lent_files=actor.lent_files - {row.file_id})
    guard.bind(db.session, wider)
    return wider


def _minor_cases(client: Client) -> list[UUID]:
    """Cases about the minor of class minor; asked outside the row rules, because they are closed until now."""
    with system_session("cases of a minor's file") as session:
        query = select(Case.id).where(Case.client_id == client.id, Case.klass == "minor")
        return list(session.scalars(query))


def _entry(file_id: UUID, path: str, user_id: UUID, kind: str, until: date | None, actor: Actor | None) -> FileAccess:
    return FileAccess(
        user_id=user_id,
        file_id=file_id,
        station_path=path,
        kind=kind,
        from_on=clock.today(),
        to_on=until,
        made_by_id=actor.user_id if actor else None,
        made_at=clock.now(),
    )
