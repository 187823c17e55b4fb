"""What stands in the database, table by table, so that a test can say: this call wrote nothing; and a copy to go back to."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from caseapp.extensions import db

# what a refused call may leave: its trace, counters of attempts, when a session was last seen, what was typed
BESIDE = frozenset({"audit_entry", "audit_seen", "draft", "rate_bucket", "sign_in_guard", "user_session"})


def _query(table: Any) -> str:
    order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    return f'SELECT * FROM "{table.name}" ORDER BY {order}'


TABLES = {table.name: _query(table) for table in db.metadata.sorted_tables if table.name not in BESIDE}


def digests(engine: Any) -> dict[str, str]:
    """A digest of every table's rows, but for those that a refused call may leave something in."""
    found = {}
    with engine.app.app_context(), db.engine.connect().execution_options(intent="read") as connection:
        for table, query in TABLES.items():
            found[table] = hashlib.sha256(repr(connection.exec_driver_sql(query).all()).encode()).hexdigest()
    return found


def changed(engine: Any, before: dict[str, str]) -> list[str]:
    """The tables whose rows are other than before."""
    now = digests(engine)
    return [name for name, digest in before.items() if now[name] != digest]


class Copy:
    """A copy of a SQLite database as it stands now, to go back to."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        with engine.app.app_context():
            self.live = str(db.engine.url.database)
            db.engine.dispose()
        self.kept = f"{self.live}.{uuid4().hex}"
        with closing(sqlite3.connect(self.live)) as source, closing(sqlite3.connect(self.kept)) as copy:
            source.backup(copy)

    def restore(self) -> None:
        """Back to the copy."""
        with self.engine.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.live}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.live)
