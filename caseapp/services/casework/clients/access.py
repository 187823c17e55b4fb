"""Who may open a restricted or minor's file besides the head: assigned, named, or with a purpose for 30 days."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
from caseapp.core.errors import Conflict, Invalid, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, CaseMember, Client
from caseapp.models.organisation import User
from caseapp.models.trust import FileAccess
from caseapp.queries.organisation.workers import reads_files_at, works_at
from caseapp.schemas.casework.client.parts import NamePerson, OpenForPurpose
from caseapp.services.trust import audit

PURPOSE_DAYS = 30  # contract.md section 2


def assign(row: Client | Case, users: Iterable[UUID | None], actor: Actor | None) -> None:
    """Keeps the `assigned` entries of a file in which anything is shut in step with who works on it: the responsible worker,
    co-workers."""
    wanted = {user for user in users if user is not None} if is_guarded(row) else set()
    live = select(FileAccess).where(FileAccess.file_id == row.file_id, FileAccess.kind == "assigned", FileAccess.to_on.is_(None))
    for entry in db.session.scalars(live):
        if entry.user_id in wanted:
            wanted.discard(entry.user_id)
        else:
            entry.to_on = clock.today() - timedelta(days=1)
    for user in sorted(wanted):
        db.session.add(_entry(row.file_id, row.station_path, user, "assigned", None, actor))
    db.session.flush()


@contextmanager
def everything_of(client: Client) -> Iterator[Actor]:
    """For what must reach every file of a person whoever causes it, such as a report of harm: for so long the session (and
    the actor handed over) sees the person's restricted and minors' cases too. The answer must show nothing of them."""
    with system_session("every file of a person") as session:
        ids = set(session.scalars(select(Case.id).where(Case.client_id == client.id)))
    with lent(ids | {client.id}) as wider:
        yield wider


@contextmanager
def lent(files: set[UUID]) -> Iterator[Actor]:
    """The session, and the actor handed over, with these files open for the length of one verb."""
    before = guard.actor_of(db.session)
    if before is None:
        raise NotFound()
    wider = replace(before, open_files=before.open_files | files, lent_files=before.lent_files - files)
    guard.bind(db.session, wider)
    try:
        yield wider
        db.session.flush()
    finally:
        guard.bind(db.session, before)


def end_purposes(row: Client | Case) -> None:
    """A file became restricted: what was opened for a purpose is closed again at once; who was named by the head stays."""
    live = select(FileAccess).where(FileAccess.file_id == row.file_id, FileAccess.kind == "purpose")
    for entry in db.session.scalars(live.where(or_(FileAccess.to_on.is_(None), FileAccess.to_on >= clock.today()))):
        entry.to_on = clock.today() - timedelta(days=1)


def team_of(case: Case) -> list[UUID]:
    """Who works on a case now: the responsible worker, those on its team who work along."""
    query = select(CaseMember.user_id).where(
        CaseMember.case_id == case.id, CaseMember.to_on.is_(None), CaseMember.part.in_(("worker", "co_worker"))
    )
    return [user for user in (case.worker_id, *db.session.scalars(query)) if user is not None]


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
        assign(case, team_of(case), actor)
    return admit(actor, case)


def will_read(actor: Actor, case: Case, klass: str) -> bool:
    """Whether the actor reads a row of this class once it lies in this case; its responsible worker does."""
    return klass in ("P1", "P2") or actor.is_in_charge(case.worker_id, klass) or policy.opens(actor, klass, case.file_id)


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
    """Names a supervisor, township reviewer or worker on a restricted file. Needs case:assign (the head).

    Somebody named already gets the new last day.
    """
    policy.require(actor, Permission.CASE_ASSIGN, row)
    if not is_guarded(row):
        raise Conflict(_l("This file is open to the whole station; nobody needs to be named."), code="wrong_state")
    if not reads_files_at(command.user_id, row.station_path):
        raise Invalid(_l("This person has no role that reads files of this station."), "user_id")
    if command.to_on is not None and command.to_on < clock.today():
        raise Invalid(_l("This day is over."), "to_on")
    live = [entry for entry, _name in open_to(row) if entry.kind == "named" and entry.user_id == command.user_id]
    entry = live[0] if live else _entry(row.file_id, row.station_path, command.user_id, "named", None, actor)
    entry.to_on = command.to_on
    db.session.add(entry)
    audit.record(db.session, "file.person_named", row)
    db.session.flush()
    return entry


def close_to(entry_id: UUID, row: Client | Case, actor: Actor) -> None:
    """Somebody named, or with a purpose, no longer opens the file. Needs case:assign; who works on it goes with the team."""
    policy.require(actor, Permission.CASE_ASSIGN, row)
    entry = next((entry for entry, _name in open_to(row) if entry.id == entry_id), None)
    if entry is None:
        raise NotFound()
    if entry.kind == "assigned":
        raise Conflict(_l("Who works on the file opens it. Assign somebody else instead."), code="wrong_state")
    entry.to_on = clock.today() - timedelta(days=1)
    audit.record(db.session, "file.person_unnamed", row)
    db.session.flush()


def open_to(row: Client | Case) -> list[tuple[FileAccess, str]]:
    """Who may open a restricted file now, for its head: entries with the user's name."""
    today = clock.today()
    query = (
        select(FileAccess, User.name)
        .join(User, User.id == FileAccess.user_id)
        .where(
            FileAccess.file_id == row.file_id,
            or_(FileAccess.to_on.is_(None), FileAccess.to_on >= today),
            or_(FileAccess.until.is_(None), FileAccess.until > clock.now()),
        )
        .order_by(FileAccess.made_at, FileAccess.id)
    )
    return [(entry, name) for entry, name in db.session.execute(query)]


def must_work_here(user_id: UUID, station_path: str) -> None:
    """Refuses a responsible worker who has no worker's or head's role at the station."""
    if not works_at(user_id, station_path):
        raise Invalid(_l("This person does not work at this station."), "worker_id")


def admit(actor: Actor, row: Client | Case, *, is_maker: bool = False) -> Actor:
    """The actor with a file it has just made, and is responsible for, on the open list; bound for the rest of the request.

    `is_maker`: somebody else is responsible; who makes the file still sees it while it is being written.
    """
    if not is_guarded(row) or not (is_maker or actor.is_in_charge(row.worker_id, "P3")):
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
