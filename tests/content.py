"""What stands in the database, table by table, so that a test can say: this call wrote nothing; and a copy to go back to."""

import marshal
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from caseapp.extensions import db
from tests.engines import owned

# what a refused call may leave: its trace, counters of attempts, when a session was last seen, what was typed
BESIDE = frozenset({"audit_entry", "audit_seen", "audit_waiting", "draft", "rate_bucket", "sign_in_guard", "user_session"})


TABLES = tuple(table.name for table in db.metadata.sorted_tables if table.name not in BESIDE)


WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.IGNORECASE)
READS = re.compile(r"\s*(?:SELECT|PRAGMA|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|SET|SHOW)\b", re.IGNORECASE)


class Digests(dict[str, str]):
    """A digest of each table, and how many statements that may write to one had been sent when it was made."""

    sent = 0  # of all engines

    def stand_again(self) -> None:
        """What was digested has been put back."""
        self.sent = Digests.sent


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    written = WRITES.match(statement)
    if written[1] not in BESIDE if written else not READS.match(statement):
        Digests.sent += 1


def digests(engine: Any) -> Digests:
    """A digest of every table's rows, but for those that a refused call may leave something in; by the bare driver, for speed."""
    sent = Digests.sent
    with engine.app.app_context(), owned(write=False) as connection:
        if engine.name != "sqlite":
            found = Digests(tuple(row) for row in connection.exec_driver_sql(_ALL_ON_POSTGRESQL))
        else:
            cursor = connection.connection.cursor()
            rows = {name: cursor.execute(f'SELECT * FROM "{name}"').fetchall() for name in TABLES}
            found = Digests((name, str(hash(marshal.dumps(sorted(map(marshal.dumps, rows[name])))))) for name in TABLES)
    found.sent = sent
    return found


# one statement for all tables: their rows as text, in an order that does not depend on where they lie
_ALL_ON_POSTGRESQL = " UNION ALL ".join(
    f"SELECT '{name}', md5(coalesce(string_agg(line, '|' ORDER BY line), '')) FROM (SELECT t::text AS line FROM \"{name}\" t) x"
    for name in TABLES
)


def changed(engine: Any, before: Digests) -> list[str]:
    """The tables whose rows are other than before; they need no look where nothing was sent since that could write to them."""
    if before.sent == Digests.sent:
        return []
    now = digests(engine)
    found = [name for name, digest in before.items() if now[name] != digest]
    if not found:
        before.sent = now.sent
    return found


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
