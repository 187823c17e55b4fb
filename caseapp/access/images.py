"""Rows as they stand in their tables, for joining two records of a person and taking them apart again exactly.

Which columns say whose a row is is read from the mapped tables, so that a new table is joined without being named here;
what must stay behind is named in `STAYS` with the reason. Works past the row rules, in the session it is handed
(`access/system.py`, `joined`); whoever calls it has asked the verb for both records.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, and_, delete, false, insert, or_, select, update
from sqlalchemy.orm import Session

from caseapp.extensions import Base, db
from caseapp.models import casework as c

STAYS = {  # table.column that goes on naming the record it was written about
    "audit_seen.file_id": "who saw the old file stays said of the old file",
    "client.file_id": "the record itself",
    "client_apart.one_id": "pairs are said anew of the record that stays",
    "client_apart.other_id": "pairs are said anew of the record that stays",
    "client_apart.file_id": "pairs are said anew of the record that stays",
    "client_merge.kept_id": "an earlier joining is told as it was",
    "client_merge.gone_id": "an earlier joining is told as it was",
}
# reckoned or kept by the machine: put back where nobody touched it since, and nothing to tell of otherwise
QUIET = frozenset(
    [
        "version",
        "updated_at",
        "updated_by_id",
        "next_visit_on",
        "next_visit_rule",
        "next_visit_facts",
        "last_visit_on",
        "last_met_on",
        "last_outcome",
        "next_step",
        "next_step_on",
    ]
)
Image = dict[tuple[str, UUID], dict[str, Any]]


def tables() -> list[Table]:
    """Every table with a column that names a person's record or file."""
    found: set[Any] = {mapper.local_table for mapper in Base.registry.mappers if _naming(mapper.local_table)}
    return sorted(found, key=lambda table: str(table.name))


def _naming(table: Any) -> list[Column[Any]]:
    client = c.Client.__table__.c.id
    return [column for column in table.columns if column.name == "file_id" or column.references(client)]


def moving(table: Table) -> list[Column[Any]]:
    """The columns that from now on name the record that stays."""
    return [column for column in _naming(table) if f"{table.name}.{column.name}" not in STAYS]


@dataclass(frozen=True)
class Reach:
    """Whatever joining two records may touch: the people, their cases and households, and visits of several."""

    people: tuple[UUID, ...]
    cases: tuple[UUID, ...]
    homes: tuple[UUID, ...]
    visits: tuple[UUID, ...]


def reach(session: Session, kept_id: UUID, gone_id: UUID) -> Reach:
    """How far these two reach now."""
    people = (kept_id, gone_id)
    homes: set[Any] = set(session.scalars(select(c.Client.household_id).where(c.Client.id.in_(people))))
    homes |= set(session.scalars(select(c.HouseholdMember.household_id).where(c.HouseholdMember.client_id.in_(people))))
    homes.discard(None)
    cases = select(c.Case.id).where(or_(c.Case.client_id.in_(people), c.Case.household_id.in_(sorted(homes))))
    visits = select(c.VisitPerson.visit_id).where(c.VisitPerson.client_id.in_(people)).distinct()
    return Reach(people, tuple(session.scalars(cases)), tuple(sorted(homes)), tuple(session.scalars(visits)))


def take(session: Session, far: Reach) -> Image:
    """Every row within reach, as it stands."""
    session.flush()
    found: Image = {}
    for table in tables():
        if "id" not in table.columns:
            continue
        for row in session.execute(select(table).where(_within(table, far))).mappings():
            found[table.name, row["id"]] = dict(row)
    return found


def _within(table: Table, far: Reach) -> Any:
    own = {"client": far.people, "case": far.cases, "household": far.homes, "visit": far.visits}
    tests = [column.in_(far.people) for column in _naming(table) if column.name != "file_id"]
    tests.append(table.c.file_id.in_((*far.people, *far.cases)))
    if table.name in own:
        tests.append(table.c.id.in_(own[table.name]))
    if "household_id" in table.columns and table.name in ("household_member", "member_link"):
        tests.append(table.c.household_id.in_(far.homes))
    if table.name == "visit_person":
        tests.append(table.c.visit_id.in_(far.visits))
    return or_(false(), *tests)


def move(session: Session, kept_id: UUID, gone_id: UUID) -> None:
    """Every row that names the one record names the other; what may be there once only has been seen to before."""
    session.flush()
    for table in tables():
        for column in moving(table):
            session.execute(update(table).where(column == gone_id).values({column: kept_id}))


def restrict(session: Session, file_ids: Iterable[UUID], klass: str, weaker: tuple[str, ...]) -> None:
    """Every row of these files that is of a weaker class gets the stricter one."""
    wanted = sorted(file_ids)
    for table in tables():
        if "class" in table.columns:
            rows = update(table).where(table.c.file_id.in_(wanted), table.c["class"].in_(weaker))
            session.execute(rows.values({table.c["class"]: klass}))


def set_row(session: Session, row_id: UUID, **values: Any) -> None:
    """Values of a person's record past the version check: the caller holds the row."""
    table: Any = c.Client.__table__
    session.execute(update(table).where(table.c.id == row_id).values(**values))


def difference(before: Image, after: Image) -> list[dict[str, Any]]:
    """What became of each row: op u (columns before and after), d (the whole row before), i (the whole row after)."""
    found = []
    for key in sorted({**before, **after}, key=lambda k: (k[0], k[1].bytes)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        entry: dict[str, Any] = {"table": key[0], "id": str(key[1])}
        if old is None or new is None:
            op, row = ("i", new) if old is None else ("d", old)
            entry |= {"op": op, "row": {name: _shut(value) for name, value in (row or {}).items()}}
        else:
            names = [name for name in old if old[name] != new[name]]
            entry |= {"op": "u", "row": {name: [_shut(old[name]), _shut(new[name])] for name in names}}
        found.append(entry)
    return found


def restore(session: Session, entries: list[dict[str, Any]], gone_id: UUID) -> list[dict[str, Any]]:
    """Puts each row back; a row or column that was changed since stays as it is now and is told: [{table, id}].

    First what was added goes, then what was taken away comes back (parents before children), then rows return to the
    record that was given up, then all others: what may be there once only is never there twice on the way.
    """
    session.flush()
    known, left = {table.name: table for table in tables()}, []
    place = {table.name: n for n, table in enumerate(db.metadata.sorted_tables)}
    turn = {"i": 0, "d": 1, "u": 2}
    for entry in sorted(entries, key=lambda e: (turn[e["op"]], e["op"] == "u" and not _returns(e, gone_id), place[e["table"]])):
        table, key = known[entry["table"]], UUID(entry["id"])
        now = session.execute(select(table).where(table.c.id == key)).mappings().one_or_none()
        whole = entry["row"]
        if entry["op"] == "u":
            fits = _back(session, table, key, whole, now)
        elif entry["op"] == "i":
            fits = now is not None and all(now[n] == _open(v) for n, v in whole.items() if n not in QUIET)
            if fits:
                session.execute(delete(table).where(table.c.id == key))
        else:
            fits = now is None
            if fits:
                session.execute(insert(table).values({table.c[n]: _open(v) for n, v in whole.items()}))
        if not fits:
            left.append({"table": entry["table"], "id": entry["id"]})
    return left


def _returns(entry: dict[str, Any], gone_id: UUID) -> bool:
    back = {"u": str(gone_id)}
    return entry["op"] == "u" and any(isinstance(v, list) and v[0] == back for v in entry["row"].values())


def _back(session: Session, table: Table, key: UUID, changed: dict[str, Any], now: Any) -> bool:
    """The columns that nobody touched since; False when one that counts was."""
    if now is None:
        return False
    same = {n: old for n, (old, new) in changed.items() if now[n] == _open(new)}
    if same:
        session.execute(update(table).where(and_(table.c.id == key)).values({table.c[n]: _open(v) for n, v in same.items()}))
    return not (changed.keys() - same.keys() - QUIET)


def _shut(value: Any) -> Any:
    """A value as JSON holds it, with its kind."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, UUID):
        return {"u": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, list | dict):
        return {"j": value}
    raise TypeError(f"no image of a {type(value).__name__}")


def _open(value: Any) -> Any:
    """The value again."""
    if not isinstance(value, dict):
        return value
    [(kind, held)] = value.items()
    readers: dict[str, Any] = {
        "u": UUID,
        "t": datetime.fromisoformat,
        "d": date.fromisoformat,
        "h": time.fromisoformat,
        "b": base64.b64decode,
        "j": lambda v: v,
    }
    return readers[kind](held)
