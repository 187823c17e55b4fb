"""Brings what is sealed under the newest data key, and blind indexes under the newest blind key, while everybody goes on working.

Table by table in the order of the primary key, a batch a transaction, with how far it got in the same transaction: killed at any
moment, it goes on there. A row that somebody writes meanwhile keeps what they wrote. Both keys must be on the ring until it is done.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.phones import BadPhone, parse
from caseapp.extensions import db
from caseapp.models.casework import Contact, IdentityDocument
from caseapp.models.trust import KeyRotation
from caseapp.queries.casework.clients import indexes

BATCH = 200  # rows a transaction; on SQLite everybody else who writes waits for one batch
OTHER_KEYS = {"stat_certificate": "release_id"}  # tables whose key is not called id
OTHER_COLUMNS = {"stat_certificate": ("content",)}  # sealed columns whose names do not say so

Change = Callable[[Any], dict[str, Any]]  # a row → the columns that must change
Say = Callable[[str], None]


@dataclass
class Outcome:
    """Rows written anew by table, and rows whose fields do not open: a key is missing, or they were altered."""

    written: dict[str, int] = field(default_factory=dict)
    shut: dict[str, int] = field(default_factory=dict)


def sealed() -> Iterator[tuple[sa.Table, sa.Column[Any], list[sa.Column[Any]]]]:
    """Every table with sealed columns: (table, its key, the columns)."""
    for table in db.metadata.sorted_tables:
        named = OTHER_COLUMNS.get(table.name, ())
        columns = [column for column in table.columns if column.name.endswith("_enc") or column.name in named]
        if columns:
            yield table, table.c[OTHER_KEYS.get(table.name, "id")], columns


def rotate(say: Say = lambda _words: None) -> Outcome:
    """Seals every field anew that lies under an older data key. Called again after its end it looks through everything once more."""
    outcome, ring = Outcome(), keys.ring()
    mark = str(ring.newest)
    _again("data", mark)
    for table, key, columns in sealed():

        def anew(row: Any, table: sa.Table = table, columns: list[sa.Column[Any]] = columns) -> dict[str, Any]:
            """The fields of one row that lie under another key."""
            found = {}
            for column, raw in zip(columns, row[1:], strict=True):
                if raw is not None and bytes(raw)[1] != ring.newest:
                    place = keys.bound(table.name, column.name, row[0])
                    found[column.name] = ring.seal(ring.open(bytes(raw), place), place)
            return found

        _table("data", mark, table, key, columns, anew, outcome)
        say(f"{table.name}: {outcome.written[table.name]} rows")
    return outcome


def rebuild(say: Say = lambda _words: None) -> Outcome:
    """Reckons every blind index anew under the newest blind key."""
    outcome = Outcome()
    mark = blind_mark()
    _again("blind", mark)
    document: Any = IdentityDocument.__table__
    contact: Any = Contact.__table__
    for table, columns, change in (
        (document, [document.c.kind, document.c.number_enc, document.c.number_index], _document),
        (contact, [contact.c.phone_enc, contact.c.phone_index, contact.c.last_four_index], _contact),
    ):
        _table("blind", mark, table, table.c.id, columns, change, outcome)
        say(f"{table.name}: {outcome.written[table.name]} rows")
    return outcome


def blind_mark() -> str:
    """A mark of the newest blind key that tells nothing of it."""
    return hashlib.sha256(keys.ring().blind("mark of the blind key", "")).hexdigest()[:16]


def _document(row: Any) -> dict[str, Any]:
    if row.number_enc is None:
        return {}
    number = keys.ring().open(bytes(row.number_enc), keys.bound("identity_document", "number_enc", row.id)).decode()
    now = indexes.document_index(row.kind, number)
    return {} if row.number_index is None or bytes(row.number_index) == now else {"number_index": now}


def _contact(row: Any) -> dict[str, Any]:
    if row.phone_enc is None:
        return {}
    text = keys.ring().open(bytes(row.phone_enc), keys.bound("contact", "phone_enc", row.id)).decode()
    try:
        phone = parse(text)
    except BadPhone:
        return {}
    now = {"phone_index": indexes.phone_index(phone), "last_four_index": indexes.last_four_index(phone.last_four)}
    return {name: value for name, value in now.items() if bytes(getattr(row, name) or b"") != value}


def _table(
    kind: str, mark: str, table: sa.Table, key: sa.Column[Any], columns: list[sa.Column[Any]], change: Change, outcome: Outcome
) -> None:
    outcome.written[table.name] = 0
    while True:
        with system_session(f"keys: {table.name}", write=True) as session:
            progress = _progress(session, kind, mark, table.name)
            if progress.ended_at is not None:
                return
            query = select(key, *columns).order_by(key).limit(BATCH)
            rows = session.execute(query.where(key > progress.last_id) if progress.last_id else query).all()
            for row in rows:
                try:
                    changed = change(row)
                except (InvalidTag, KeyError):
                    outcome.shut[table.name] = outcome.shut.get(table.name, 0) + 1
                    continue
                if changed:
                    outcome.written[table.name] += _write(session, table, key, row, changed)
            if rows:
                progress.last_id = rows[-1][0]
                progress.rows = outcome.written[table.name]
            if len(rows) < BATCH:
                progress.ended_at = clock.now()
                return


def _write(session: Session, table: sa.Table, key: sa.Column[Any], row: Any, changed: dict[str, Any]) -> int:
    """Only where every field is still what was read: what somebody saved meanwhile is already under the newest key."""
    same = [table.c[name] == getattr(row, name) for name in changed]
    done: Any = session.execute(table.update().where(key == row[0], *same).values(changed))
    return int(done.rowcount)


def _progress(session: Session, kind: str, mark: str, name: str) -> KeyRotation:
    found = session.scalar(
        select(KeyRotation).where(KeyRotation.kind == kind, KeyRotation.mark == mark, KeyRotation.of_table == name)
    )
    if found is None:
        found = KeyRotation(id=uuid7(), kind=kind, mark=mark, of_table=name, rows=0, begun_at=clock.now())
        session.add(found)
        session.flush()
    return found


def _again(kind: str, mark: str) -> None:
    """Where a whole pass has ended, the next one begins anew: a process that still had the old ring may have written since."""
    with system_session("keys: is a pass under way", write=True) as session:
        query = sa.delete(KeyRotation).where(KeyRotation.kind == kind, KeyRotation.mark == mark)
        waiting = select(func.count()).where(KeyRotation.kind == kind, KeyRotation.mark == mark, KeyRotation.ended_at.is_(None))
        known = session.scalar(select(func.count()).where(KeyRotation.kind == kind, KeyRotation.mark == mark)) or 0
        whole = len(list(sealed())) if kind == "data" else 2
        if known >= whole and not session.scalar(waiting):
            session.execute(query)


@dataclass(frozen=True)
class Status:
    """What stands in the tables now."""

    fields: dict[int, int]  # key id → sealed fields under it
    tables: dict[int, list[str]]  # key id → tables that hold some
    blind_done: bool  # whether every blind index was reckoned under the newest blind key


def status() -> Status:
    """Counts sealed fields by key id: reads every table that has any."""
    fields: dict[int, int] = {}
    tables: dict[int, list[str]] = {}
    with system_session("keys: how much under which") as session:
        for table, _key, columns in sealed():
            for column in columns:
                number = func.substr(column, 2, 1)
                query = select(number, func.count()).where(column.is_not(None)).group_by(number)
                for raw, count in session.execute(query):
                    found = bytes(raw)[0] if raw else 0
                    fields[found] = fields.get(found, 0) + count
                    if table.name not in tables.setdefault(found, []):
                        tables[found].append(table.name)
        done = select(func.count()).where(
            KeyRotation.kind == "blind", KeyRotation.mark == blind_mark(), KeyRotation.ended_at.is_not(None)
        )
        settled = session.scalar(done) == 2
    return Status(fields, tables, settled)
