"""Where a database lies: how its snapshot is read, and how one is put into another place. One class for each engine."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine

from caseapp.adapters.backup.errors import BackupError
from caseapp.adapters.backup.look import Look, take

PART = 1024 * 1024
LIBPQ = {  # what an address may carry, as the programs of PostgreSQL read it from their environment; never on a command line
    "host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "connect_timeout": "PGCONNECT_TIMEOUT", "passfile": "PGPASSFILE", "service": "PGSERVICE",
}  # fmt: skip
MARK = "scratch"  # in the name of whatever is made for a trial and removed after it


class Place(Protocol):
    """A database as backups see it."""

    engine: str

    def snapshot(self) -> Any:
        """A context that gives (what it holds, its bytes), both of one moment; nobody who writes waits."""

    def is_empty(self) -> bool:
        """Whether there is no table in it."""

    def fill(self, parts: Iterable[bytes]) -> None:
        """Puts a snapshot into it; it must be empty."""

    def connected(self) -> Any:
        """A context that gives a connection to it which only reads."""

    def scratch(self) -> Any:
        """A context that gives an empty place beside this one, removed at the end."""

    def faults(self) -> list[str]:
        """What the engine itself finds broken in it."""

    def empty(self) -> None:
        """Removes everything."""

    def url(self) -> URL:
        """Its address."""


class SqlitePlace:
    """A file. Trials lie beside it, under the same protection of the disk, readable by the owner only."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def url(self) -> URL:
        """Its address."""
        return URL.create("sqlite", database=str(self.path))

    @contextmanager
    def snapshot(self) -> Iterator[tuple[Look, Iterable[bytes]]]:
        """SQLite's backup within one reading transaction, in which the look is taken too."""
        with self._private() as copy, self.connected() as connection:
            look = take(connection)
            source: Any = connection.connection.driver_connection
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            connection.rollback()
            yield look, _parts(copy)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """One transaction that reads."""
        engine = sa.create_engine(self.url(), poolclass=sa.NullPool).execution_options(intent="read")
        with engine.connect() as connection, connection.begin():
            yield connection

    def is_empty(self) -> bool:
        """Whether the file is not there, or holds no table."""
        if not self.path.exists() or not self.path.stat().st_size:
            return True
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as connection:
            return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def fill(self, parts: Iterable[bytes]) -> None:
        """Beside the place first, then put there in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._private() as copy:
            with copy.open("wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            self.empty()
            copy.replace(self.path)
        sync_folder(self.path.parent)

    def faults(self) -> list[str]:
        """`integrity_check` and `foreign_key_check`."""
        with closing(sqlite3.connect(self.path)) as connection:
            broken = connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
            lost = connection.execute("PRAGMA foreign_key_check").fetchall()
        found = ["the file is damaged"] if broken else []
        return found + [f"{table}: rows without what they belong to" for table in sorted({row[0] for row in lost})]

    def empty(self) -> None:
        """The file and what SQLite keeps beside it: the log of a lost file would be written into the one put in its place."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def scratch(self) -> Iterator["SqlitePlace"]:
        """A file beside it."""
        place = SqlitePlace(self.path.with_name(f"{self.path.name}.{MARK}-{uuid4().hex[:8]}"))
        try:
            yield place
        finally:
            place.empty()

    @contextmanager
    def _private(self) -> Iterator[Path]:
        number, name = tempfile.mkstemp(prefix=f"{self.path.name}.{MARK}-", dir=self.path.parent)
        os.close(number)
        try:
            yield Path(name)
        finally:
            SqlitePlace(Path(name)).empty()


class PostgresPlace:
    """A database of a server. Trials are databases beside it, which the login must be allowed to make (CREATEDB)."""

    engine = "postgresql"

    def __init__(self, url: URL) -> None:
        self._url = url

    def url(self) -> URL:
        """Its address."""
        return self._url

    @contextmanager
    def snapshot(self) -> Iterator[tuple[Look, Iterable[bytes]]]:
        """`pg_dump` of the very snapshot in which the look is taken; nothing lies on the disk in clear."""
        with self.connected() as connection:
            name = str(connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one())
            look = take(connection)
            yield look, self._dumped(name)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """One transaction that reads, of one moment."""
        engine = sa.create_engine(self._url, poolclass=sa.NullPool, isolation_level="REPEATABLE READ")
        with engine.connect() as connection, connection.begin():
            connection.execute(sa.text("SET TRANSACTION READ ONLY"))
            yield connection

    def is_empty(self) -> bool:
        """Whether it holds no table."""
        with self.connected() as connection:
            return not sa.inspect(connection).get_table_names()

    def fill(self, parts: Iterable[bytes]) -> None:
        """`pg_restore` in one transaction: all or nothing. Owner and rights are those of who restores."""
        command = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--dbname"]
        with tempfile.TemporaryFile() as said:
            process = self._started([*command, self._url.database or ""], stdin=subprocess.PIPE, stdout=said, stderr=said)
            try:
                with process.stdin as given:  # type: ignore[union-attr]  # a pipe was asked for
                    for part in parts:
                        given.write(part)
            except BrokenPipeError:
                pass  # it ended early; its exit code says that it failed
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.wait():
                raise BackupError(f"pg_restore failed: {_first_line(said).partition('ERROR:')[0].strip()}")

    def faults(self) -> list[str]:
        """What is broken shows when it is read: every key and constraint was made anew while restoring."""
        return []

    def empty(self) -> None:
        """Every schema with what is in it; the usual one is made anew."""
        with self._alone(self._url) as connection:
            quote = connection.dialect.identifier_preparer.quote_identifier
            for name in sa.inspect(connection).get_schema_names():
                if name != "information_schema":
                    connection.execute(sa.DDL(f"DROP SCHEMA {quote(name)} CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
            connection.execute(sa.text("GRANT USAGE ON SCHEMA public TO PUBLIC"))

    @contextmanager
    def scratch(self) -> Iterator["PostgresPlace"]:
        """A database beside it."""
        name = f"{(self._url.database or '')[:40]}_{MARK}_{uuid4().hex[:8]}"
        with self._alone(self._url) as connection:
            quoted = connection.dialect.identifier_preparer.quote_identifier(name)
            try:
                connection.execute(sa.DDL(f"CREATE DATABASE {quoted} TEMPLATE template0"))
            except sa.exc.DBAPIError as error:
                raise BackupError(
                    "A backup is verified by restoring it into a database beside this one, and this login may make none: "
                    "ALTER ROLE … CREATEDB, or run the command under a login that may."
                ) from error
        try:
            yield PostgresPlace(self._url.set(database=name))
        finally:
            with self._alone(self._url) as connection:
                connection.execute(sa.DDL(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)"))

    @contextmanager
    def _alone(self, url: URL) -> Iterator[Connection]:
        """A connection outside of transactions."""
        engine: Engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection

    def _dumped(self, snapshot: str) -> Iterator[bytes]:
        command = ["pg_dump", "--format=custom", "--compress=3", f"--snapshot={snapshot}"]
        with tempfile.TemporaryFile() as said:
            process = self._started(command, stdout=subprocess.PIPE, stderr=said)
            try:
                with process.stdout as dumped:  # type: ignore[union-attr]  # a pipe was asked for
                    while part := dumped.read(PART):
                        yield part
            finally:
                failed = process.wait()
            if failed:
                raise BackupError(f"pg_dump failed: {_first_line(said)}")

    def _started(self, command: list[str], **more: Any) -> "subprocess.Popen[bytes]":
        given = {"host": self._url.host, "port": self._url.port, **self._url.query}
        told = {LIBPQ[name]: str(value) for name, value in given.items() if value and name in LIBPQ}
        told |= {
            "PGUSER": self._url.username or "",
            "PGPASSWORD": str(self._url.password or ""),
            "PGDATABASE": self._url.database or "",
        }
        environment = {**os.environ, **{name: value for name, value in told.items() if value}, "LC_ALL": "C"}
        try:
            return subprocess.Popen(command, env=environment, **more)
        except FileNotFoundError as error:
            raise BackupError(f"{command[0]} is not on this machine: install the client programs of PostgreSQL.") from error


def place_of(url: URL) -> SqlitePlace | PostgresPlace:
    """The place of an address."""
    if url.get_backend_name() != "sqlite":
        return PostgresPlace(url)
    if not url.database or url.database == ":memory:":
        raise BackupError("A database in memory has no place to be saved from.")
    return SqlitePlace(Path(url.database).resolve())


def sync_folder(folder: Path) -> None:
    """Has the names in a folder written down, where the system can (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART):
            yield part


def _first_line(said: Any) -> str:
    said.seek(0)
    return said.readline(400).decode(errors="replace").strip() or "it said nothing"


def has_programs() -> bool:
    """Whether the programs of PostgreSQL are on this machine."""
    return bool(shutil.which("pg_dump") and shutil.which("pg_restore"))
