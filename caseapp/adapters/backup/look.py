"""What a database holds at one moment, to be held against a restored one: counts, head of the trail, rows picked by chance."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, func, literal, literal_column, select, union_all

from caseapp.extensions import db

PICKS = 2  # places by chance in each table
ROWS = 5  # rows read from each of them
SEAL, REVISION = "audit_seal", "alembic_version"


@dataclass(frozen=True)
class Look:
    """Rows by table, the newest seal of the trail (batch, last number, head), the migration, and digests of some rows by key."""

    tables: dict[str, int]
    revision: str
    seal: tuple[int, int, str] | None = None
    rows: list[tuple[str, list[Any], str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())

    def packed(self) -> bytes:
        """As bytes."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, text: bytes) -> "Look":
        """From these bytes."""
        read = json.loads(text)
        seal = tuple(read["seal"]) if read["seal"] else None
        return cls(read["tables"], read["revision"], seal, [tuple(row) for row in read["rows"]])


def take(connection: Connection) -> Look:
    """Looks at everything through one connection, whose transaction says which moment that is."""
    counts = _counts(connection)
    rows: list[tuple[str, list[Any], str]] = []
    for name, count in counts.items():
        table = db.metadata.tables.get(name)
        if table is None or not count or not table.primary_key.columns:
            continue
        key = list(table.primary_key.columns)
        for _pick in range(PICKS):
            query: Any = select(*key).order_by(*key).offset(secrets.randbelow(count)).limit(ROWS)
            for found in connection.execute(query).all():
                plain = [_plain(value) for value in found]
                rows.append((name, plain, _digest(connection, table, plain) or ""))
    return Look(counts, _revision(connection, counts), _seal(connection, counts), rows)


def differences(kept: Look, connection: Connection) -> list[str]:
    """What is not as it was: one line each, naming tables and never a value of a row."""
    counts = _counts(connection)
    found = [
        f"{name}: {counts.get(name, 0)} rows instead of {kept.tables.get(name, 0)}"
        for name in sorted(counts.keys() | kept.tables.keys())
        if counts.get(name) != kept.tables.get(name)
    ]
    if _revision(connection, counts) != kept.revision:
        found.append("the migration is another one")
    if _seal(connection, counts) != kept.seal:
        found.append("the head of the trail is another one")
    for name, plain, digest in kept.rows:
        if name in counts and _digest(connection, db.metadata.tables[name], plain) != digest:
            found.append(f"{name}: a row is not as it was")
    return found


def _counts(connection: Connection) -> dict[str, int]:
    names = sorted(sa.inspect(connection).get_table_names())
    if not names:
        return {}
    queries = [select(literal(name), func.count()).select_from(sa.table(name)) for name in names]
    found: dict[str, int] = {}
    for at in range(0, len(queries), 100):  # SQLite takes 500 parts at most
        found |= {str(name): int(count) for name, count in connection.execute(union_all(*queries[at : at + 100])).all()}
    return found


def _revision(connection: Connection, counts: dict[str, int]) -> str:
    if REVISION not in counts:
        return ""
    query: Any = select(sa.column("version_num")).select_from(sa.table(REVISION))
    return ",".join(sorted(str(value) for value in connection.execute(query).scalars()))


def _seal(connection: Connection, counts: dict[str, int]) -> tuple[int, int, str] | None:
    if not counts.get(SEAL):
        return None
    table = db.metadata.tables[SEAL]
    query: Any = select(table.c.batch, table.c.last, table.c.head).order_by(table.c.batch.desc()).limit(1)
    batch, last, head = connection.execute(query).one()
    return batch, last, bytes(head).hex()


def _digest(connection: Connection, table: sa.Table, key: list[Any]) -> str | None:
    """SHA-256 over a row as the driver gives it; None when it is gone."""
    where = [column == _read(value) for column, value in zip(table.primary_key.columns, key, strict=True)]
    row: Any = connection.execute(select(literal_column("*")).select_from(table).where(*where)).first()
    if row is None:
        return None
    values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value of a key as JSON holds it."""
    if isinstance(value, UUID):
        return {"uuid": value.hex}
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


READERS: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "bytes": bytes.fromhex,
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return READERS[kind](text)
