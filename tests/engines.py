"""Real engines for tests: a SQLite file and a PostgreSQL server of our own, each with a template that tests copy.

Each test worker has a PostgreSQL server of its own, without fsync, stopped when the worker ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from caseapp.access.system import system_session
from caseapp.cli.drill import postgres
from caseapp.extensions import db

MISSING: dict[str, str] = {}  # part → why it could not be had; reported by name at the end of the run

# no synchronous_commit=off: some tests kill the server, and what was committed must then be there; it saves nothing without fsync
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "120"}


@contextmanager
def postgres_server(folder: Path) -> Iterator[postgres.Server | None]:
    """Starts a server in `folder` that waits for no disk; None where this machine has none."""
    programs = postgres.binaries()
    if programs is None:
        MISSING["PostgreSQL"] = "no server binaries on this machine"
        yield None
        return
    server = postgres.Server(folder, programs, FAST)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def owned(*, write: bool = True) -> Iterator[sa.Connection]:
    """A transaction of whoever owns the database, for what the program itself may not do; committed at the end when `write`."""
    with system_session("a test as the owner", write=write, owner=True) as session:
        yield session.connection()


class Restored:
    """A PostgreSQL database that goes back to how it stood when this was made: to make it anew takes ten times as long.

    A table was written when its number of rows or its youngest row (`xmin`) is another one than before. Where a test changed
    the tables themselves, the database is made anew from a copy. Connections that hold no transaction stay open: a new one
    has to learn every table anew, which takes longer than most tests.
    """

    SHAPE = sa.text(
        "SELECT md5(string_agg(oid || relname || relnatts || relrowsecurity, ' ' ORDER BY oid)) FROM pg_class "
        "WHERE relnamespace IN (2200, to_regnamespace('wall'))"
    )

    BUSY = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = 'live' AND state <> 'idle' AND pid <> pg_backend_pid()")
    END = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'live' AND pid <> pg_backend_pid()")

    def __init__(self, app: Any, admin: sa.Engine) -> None:
        self.app, self.admin = app, admin
        self.live = sa.create_engine(admin.url.set(database="live"), pool_size=1, pool_pre_ping=True)
        self.kept: dict[str, list[str]] = {}  # a world by name → the tables that it has filled
        self.tables = [table.name for table in db.metadata.sorted_tables]
        counts = " UNION ALL ".join(f"SELECT '{n}', count(*), max(xmin::text::bigint) FROM \"{n}\"" for n in self.tables)
        self.counts = sa.text(counts)
        with self._connected() as connection:
            connection.execute(sa.text("CREATE SCHEMA kept"))
            self.known = self._stand(connection)
            self.filled = [name for name, (count, _youngest) in self.known.items() if count]
            for name in self.filled:
                connection.execute(sa.text(f'CREATE TABLE kept."{name}" AS TABLE "{name}"'))
            self.shape = connection.execute(self.SHAPE).scalar()
        self._make_anew("kept", "live")

    def fresh(self) -> None:
        """Ends whoever still holds a transaction and puts back what was written."""
        with self._connected() as connection:
            is_whole = connection.execute(self.SHAPE).scalar() == self.shape
        if not is_whole:
            self._make_anew("live", "kept")
            self.kept.clear()
        with self._connected() as connection:
            if not is_whole:
                self.known = self._stand(connection)
            written = [name for name, stand in self._stand(connection).items() if stand != self.known[name]]
            if not written:
                return
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no foreign key is looked at
            for name in written:
                connection.execute(sa.text(f'DELETE FROM "{name}"'))
                if name in self.filled:
                    connection.execute(sa.text(f'INSERT INTO "{name}" SELECT * FROM kept."{name}"'))
            self.known = self._stand(connection)

    def keep(self, name: str) -> None:
        """Keeps what was written since `fresh` under a name, for `put`."""
        with self._connected() as connection:
            connection.execute(sa.text(f'CREATE SCHEMA "{name}"'))
            stand = self._stand(connection)
            self.kept[name] = [table for table in self.tables if stand[table] != self.known[table]]
            for table in self.kept[name]:
                connection.execute(sa.text(f'CREATE TABLE "{name}"."{table}" AS TABLE "{table}"'))

    def put(self, name: str) -> bool:
        """Puts into a fresh database what was kept under a name; False where nothing is."""
        if name not in self.kept:
            return False
        with self._connected() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for table in self.kept[name]:
                connection.execute(sa.text(f'DELETE FROM "{table}"'))
                connection.execute(sa.text(f'INSERT INTO "{table}" SELECT * FROM "{name}"."{table}"'))
        return True

    def _make_anew(self, name: str, template: str) -> None:
        """A database is copied only while nobody is connected to either."""
        self._close()
        with self.admin.connect() as connection:
            for statement in (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}"):
                connection.execute(sa.text(statement))

    def _close(self) -> None:
        self.live.dispose()
        with self.app.app_context():
            db.engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with self.live.begin() as connection:
            if connection.execute(self.BUSY).first():  # an earlier test left a transaction open
                connection.execute(self.END)
                with self.app.app_context():
                    db.engine.dispose()
            yield connection

    def _stand(self, connection: sa.Connection) -> dict[str, tuple[int, int | None]]:
        return {name: (count, youngest) for name, count, youngest in connection.execute(self.counts)}
