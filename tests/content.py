"""What stands in the database, table by table, so that a test can say: this call wrote nothing; and a copy to go back to."""

import marshal
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from caseapp.extensions import db

# what a refused call may leave: its trace, counters of attempts, when a session was last seen, what was typed
BESIDE = frozenset({"audit_entry", "audit_seen", "draft", "rate_bucket", "sign_in_guard", "user_session"})


TABLES = tuple(table.name for table in db.metadata.sorted_tables if table.name not in BESIDE)


def digests(engine: Any) -> dict[str, str]:
    """A digest of every table's rows, but for those that a refused call may leave something in; by the bare driver, for speed."""
    with engine.app.app_context(), db.engine.connect().execution_options(intent="read") as connection:
        if engine.name != "sqlite":
            return {row[0]: row[1] for row in connection.exec_driver_sql(_ALL_ON_POSTGRESQL)}
        cursor = connection.connection.cursor()
        rows = {name: cursor.execute(f'SELECT * FROM "{name}"').fetchall() for name in TABLES}
        return {name: str(hash(marshal.dumps(sorted(map(marshal.dumps, found))))) for name, found in rows.items()}


# one statement for all tables: their rows as text, in an order that does not depend on where they lie
_ALL_ON_POSTGRESQL = " UNION ALL ".join(
    f"SELECT '{name}', md5(coalesce(string_agg(line, '|' ORDER BY line), '')) FROM (SELECT t::text AS line FROM \"{name}\" t) x"
    for name in TABLES
)


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
