"""The trail: what a transaction changed and which persons an answer showed, gathered from the session itself.

Changes cannot be forgotten, because they are read from the flush; reads cannot, because every load of a person's row
is noted. Queries that select columns instead of entities must call `saw`. Values: P1 before and after, everything else
as a field name with a keyed digest, free text as a name only. Of a P3 row nothing shows its value.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from caseapp.access.guard import actor_of
from caseapp.access.system import side_write
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.extensions import CaseSession
from caseapp.models import organisation as o
from caseapp.models.base import OfPerson
from caseapp.models.trust import AuditEntry, AuditSeen

WATCHED = (o.Organisation, o.User, o.Grant, o.GrantPlace, o.GrantConfirmation, o.Setting, o.Purchase, o.Division)
SKIPPED = frozenset({"id", "version", "updated_at", "updated_by_id", "created_at", "created_by_id"})
NO_PLACE = "/"
ALWAYS_SHOWN = frozenset({"klass", "station_path"})  # of restricted rows too: which file it is, and that it is one


def begin(session: Any, endpoint: str | None = None) -> None:
    """Starts a new unit: nothing seen, nothing changed."""
    session.info["audit"] = {
        "endpoint": endpoint,
        "seen": {},
        "opened": set(),
        "events": [],
        "changes": [],
        "fields": [],
        "changed": {},
        "places": set(),
    }


def record(session: Any, name: str, row: Any = None, *, reason: str | None = None, fields: Iterable[str] = ()) -> None:
    """A named event of a service ("case.closed"): says what the row changes meant. `reason` must hold no free text about a person."""
    unit = _unit(session)
    unit["events"].append(name)
    unit["fields"].extend(fields)
    if reason:
        unit["reason"] = reason[:300]
    if row is not None and hasattr(row, "file_id"):
        unit["changed"][row.file_id] = row.station_path
    path = getattr(row, "station_path", None) or getattr(row, "path", None)
    if path:
        unit["places"].add(path)


def saw(session: Any, rows: Iterable[tuple[UUID, str]]) -> None:
    """Notes (file id, station path) of persons shown by a query that loaded no entities."""
    _unit(session)["seen"].update(rows)


def opened(session: Any, row: Any, name: str = "file.opened", fields: Iterable[str] = ()) -> None:
    """Notes that a file itself was opened (or fields of it shown in clear), not only listed."""
    unit = _unit(session)
    unit["opened"].add(row.file_id)
    unit["seen"][row.file_id] = row.station_path
    unit["read_event"] = name
    unit["fields"].extend(fields)


def refused(session: Any, status: int, code: str, ref: str) -> None:
    """A refusal to a signed-in user: written beside the rolled-back request."""
    actor = actor_of(session)
    unit = _unit(session)
    if actor is None:
        return
    entry = _entry(actor, "refusal", code, unit, status=status, ref=ref)
    begin(session)
    side_write(lambda s: s.add(entry))


def signed(session: Any, name: str, user_id: UUID | None, path: str, *, reason: str | None = None) -> None:
    """A sign-in event ("sign_in.ok", "sign_in.failed"); the name that was typed is never kept in clear."""
    entry = AuditEntry(
        at=clock.now(),
        kind="sign_in",
        event=name,
        user_id=user_id,
        channel="page",
        station_path=path,
        reason=reason,
    )
    side_write(lambda s: s.add(entry))


def note_reads(session: Any, status: int) -> None:
    """After a request that only read: one entry with all persons that were in the answer, and their index rows."""
    actor, unit = actor_of(session), _unit(session)
    if actor is None or not (unit["seen"] or unit["events"]):
        return
    name = unit.get("read_event") or (unit["events"][-1] if unit["events"] else f"{unit['endpoint']}")
    people = sorted(unit["seen"])
    entry = _entry(actor, "read", name, unit, status=status, people=people)
    index = _index_rows(actor, unit)
    side_write(lambda s: s.add(entry))
    side_write(lambda s: _count_seen(s, index))
    begin(session)


def _unit(session: Any) -> dict[str, Any]:
    if "audit" not in session.info:
        begin(session)
    unit: dict[str, Any] = session.info["audit"]
    return unit


def _entry(actor: Actor, kind: str, name: str, unit: dict[str, Any], **more: Any) -> AuditEntry:
    people: list[UUID] = more.pop("people", [])
    places = unit["places"] | {unit["seen"].get(p) or unit["changed"].get(p) for p in people}
    places.discard(None)
    return AuditEntry(
        at=clock.now(),
        kind=kind,
        event=name[:60],
        user_id=actor.user_id,
        grant_id=actor.grant_id,
        role=actor.role or None,
        session_id=actor.session_id,
        channel=actor.channel,
        station_path=_common(places) or (actor.paths[0] if actor.paths else NO_PLACE),
        endpoint=unit["endpoint"],
        reason=unit.get("reason"),
        fields=sorted(set(unit["fields"])) or None,
        people=b"".join(p.bytes for p in people) or None,
        count=len(people),
        **more,
    )


def _common(places: set[str]) -> str | None:
    """The deepest path that holds all places."""
    if not places:
        return None
    parts = [place.strip("/").split("/") for place in places]
    shared = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return "/" + "/".join(shared) + "/" if shared else NO_PLACE


def _index_rows(actor: Actor, unit: dict[str, Any]) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "file_id": file_id,
            "user_id": actor.user_id,
            "seen_on": clock.local(now).date(),
            "role": actor.role,
            "times": 1,
            "opened": int(file_id in unit["opened"]),
            "last_at": now,
            "station_path": unit["seen"].get(file_id) or unit["changed"].get(file_id),
        }
        for file_id in sorted({**unit["seen"], **unit["changed"]})
    ]


def _count_seen(session: Session, rows: list[dict[str, Any]]) -> None:
    """One statement with a list of values: with the values in it, it would be compiled anew for every length of a list."""
    if not rows:
        return
    insert: Any = pg_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    query = insert(AuditSeen)
    query = query.on_conflict_do_update(
        index_elements=["file_id", "user_id", "seen_on"],
        set_={
            "times": AuditSeen.times + 1,
            "opened": AuditSeen.opened + query.excluded.opened,
            "last_at": query.excluded.last_at,
            "role": query.excluded.role,
        },
    )
    session.execute(query, rows, execution_options={"dml_strategy": "raw"})


@event.listens_for(OfPerson, "load", propagate=True)
def _noted(row: Any, context: Any) -> None:
    info = context.session.info
    if "actor" in info and "audit" in info:
        info["audit"]["seen"][row.file_id] = row.station_path


@event.listens_for(CaseSession, "after_flush")
def _gather_changes(session: Any, _context: Any) -> None:
    unit = _unit(session)
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, (OfPerson, *WATCHED)):
            continue
        what = "insert" if row in session.new else "delete" if row in session.deleted else "update"
        fields = _changed_fields(row)
        if what == "update" and not fields:
            continue
        state: Any = inspect(row)
        key = "/".join(str(part) for part in state.mapper.primary_key_from_instance(row))
        unit["changes"].append({"table": state.mapper.local_table.name, "row": key, "op": what, "fields": fields})
        if isinstance(row, OfPerson):
            unit["changed"][row.file_id] = row.station_path
        elif path := getattr(row, "path", None):
            unit["places"].add(path)


def _changed_fields(row: Any) -> dict[str, Any]:
    """Field → [before, after] for P1, a keyed digest for other values, None for text that must not even be digested."""
    found: dict[str, Any] = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        if attribute.key in SKIPPED:
            continue
        history = state.attrs[attribute.key].history
        if not history.has_changes():
            continue
        new = history.added[0] if history.added else None
        old = history.deleted[0] if history.deleted else None
        if new is None and old is None:
            continue
        show = attribute.columns[0].info.get("trail", "digest")
        if show == "value" and getattr(row, "klass", None) == "P3" and attribute.key not in ALWAYS_SHOWN:
            show = "digest"  # whatever the column, in a restricted row it tells of violence, suicide or illness
        if show == "value":
            found[attribute.key] = [_plain(old), _plain(new)]
        elif show == "name":
            found[attribute.key] = None
        else:
            found[attribute.key] = keys.ring().index(f"trail:{attribute.key}", str(new)).hex()[:12]
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)


@event.listens_for(CaseSession, "before_commit")
def _write_changes(session: Any) -> None:
    """The trail goes into the same transaction as what it tells."""
    session.flush()
    unit, actor = _unit(session), actor_of(session)
    if actor is None or not (unit["changes"] or unit["events"]):
        return
    people = sorted({**unit["seen"], **unit["changed"]})
    name = unit["events"][-1] if unit["events"] else "changed"
    entry = _entry(actor, "change", name, unit, people=people, status=None)
    entry.changes = {"events": unit["events"], "rows": unit["changes"]}
    index = _index_rows(actor, unit)
    begin(session, unit["endpoint"])
    session.add(entry)
    session.flush()
    session.info["audit"]["changes"].clear()
    _count_seen(session, index)


@event.listens_for(CaseSession, "after_rollback")
def _forget_changes(session: Any) -> None:
    if "audit" in session.info:
        session.info["audit"]["changes"].clear()
