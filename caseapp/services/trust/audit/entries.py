"""The rows of the trail made from a unit: one packed entry, and one index row per file for "who saw this file"."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.models.trust import AuditEntry, AuditSeen
from caseapp.services.trust.audit.unit import Unit

NO_PLACE = "/"


def entry_of(actor: Actor, kind: str, name: str, unit: Unit, *, people: list[UUID] | None = None, **more: Any) -> AuditEntry:
    """An entry with the packed list of persons, at the deepest place that holds them all, else at the actor's."""
    people = people or []
    places = unit.places | {path for file_id in people if (path := unit.seen.get(file_id) or unit.changed.get(file_id))}
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
        endpoint=unit.endpoint,
        reason=unit.reason or _purpose(actor, unit, people),
        sought=unit.sought,
        fields=sorted(set(unit.fields)) or None,
        in_place_of=_in_place_of(unit),
        people=b"".join(file_id.bytes for file_id in people) or None,
        count=len(people),
        **more,
    )


def _purpose(actor: Actor, unit: Unit, people: list[UUID]) -> str | None:
    """What the actor named in order to open these files, where naming it opened them."""
    named = {purpose for file_id, purpose in actor.purposes if file_id in unit.opened or (file_id in people and len(people) == 1)}
    return " ".join(sorted(named)) or None


def _in_place_of(unit: Unit) -> list[str] | None:
    """The absent colleagues in whose files something was done or which were opened; a line in a list is nobody's place."""
    found = {str(user) for file_id, user in unit.in_place_of.items() if file_id in unit.changed or file_id in unit.opened}
    return sorted(found) or None


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


def index_rows(actor: Actor, unit: Unit) -> list[dict[str, Any]]:
    """One row per file seen or changed, in the order of ids, so that two requests never wait for each other crosswise."""
    now = clock.now()
    return [
        {
            "file_id": file_id,
            "user_id": actor.user_id,
            "seen_on": clock.local(now).date(),
            "role": actor.role,
            "times": 1,
            "opened": int(file_id in unit.opened),
            "last_at": now,
            "station_path": unit.seen.get(file_id) or unit.changed.get(file_id),
        }
        for file_id in sorted({**unit.seen, **unit.changed})
    ]


def count_seen(session: Session, rows: list[dict[str, Any]]) -> None:
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
