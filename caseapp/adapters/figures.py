"""The engine that bureaus read figures through: it sees published tables and no other, on both engines.

SQLite asks an authoriser for every table a statement names; PostgreSQL runs under a role with rights on these tables only. A role
that was put on can be taken off again by whoever can send any statement; `CASEAPP_FIGURES_URL` gives the engine a login of its own
that has no other rights beneath.
"""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, column, create_engine, event, func, literal_column, make_url, select, table
from sqlalchemy.exc import DBAPIError

from caseapp.extensions import CaseSession, db
from caseapp.models.ddl import PUBLISHED, figures_role

_engines: dict[str, Engine] = {}
_logins: dict[str, str] = {}  # address of a database → the same under the login for figures

SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
ALWAYS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE})
MISSING = (
    "The role that reads published figures is missing. Let a database administrator run: "
    'CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO CURRENT_USER; GRANT USAGE ON SCHEMA public TO "{role}"; '
    'GRANT SELECT ON {tables} TO "{role}".'
)


TOO_MUCH = (
    "The login of CASEAPP_FIGURES_URL can read more than published figures ({count} other tables): take its rights away, so that "
    'it has no more than GRANT "{role}" gives it.'
)


def configure(database_url: str, figures_url: str) -> None:
    """Says under which login the figures of a database are read, where it has one; called once at start."""
    if figures_url:
        _logins[make_url(database_url).render_as_string(hide_password=False)] = figures_url


class FiguresSession(CaseSession):
    """A session of this engine; whoever opens it binds the actor, so that the row rules hold here too."""

    def get_bind(self, *_arguments: Any, **_more: Any) -> Engine:
        """Always this engine, whatever the statement names."""
        return engine()


def session() -> FiguresSession:
    """A new session; close it."""
    return FiguresSession(db, autoflush=False)


def engine() -> Engine:
    """The engine beside the app's own, made once."""
    url = db.engine.url
    key = url.render_as_string(hide_password=False)
    if key not in _engines:
        if url.get_backend_name() == "sqlite":
            made = create_engine(url, connect_args={"check_same_thread": False}, execution_options={"intent": "read"})
            event.listen(made, "connect", _only_published)
        else:
            made = create_engine(_logins.get(key, url), pool_size=4, max_overflow=6, pool_pre_ping=True)
            role = figures_role(url.database or "")
            event.listen(made, "connect", lambda connection, _record: _become(connection, role))
        _engines[key] = made
        event.listen(db.engine, "engine_disposed", lambda _engine: made.dispose())
    return _engines[key]


def fault() -> str | None:
    """One sentence on what keeps bureaus from reading, for `readyz` and `doctor`; None when all is well."""
    role = figures_role(db.engine.url.database or "")
    try:
        with engine().connect() as connection:
            more = _reach(connection) if db.engine.url.render_as_string(hide_password=False) in _logins else 0
            return TOO_MUCH.format(count=more, role=role) if more else None
    except DBAPIError:
        return MISSING.format(role=role, tables=", ".join(PUBLISHED))


def _reach(connection: Connection) -> int:
    """How many tables beside the published ones the login beneath the role could read or write."""
    known = table("pg_class", column("oid"), column("relname"), column("relkind"), column("relnamespace"))
    mine = func.has_table_privilege(literal_column("session_user"), known.c.oid, "SELECT, INSERT, UPDATE, DELETE")
    query = select(func.count()).where(
        known.c.relkind.in_(("r", "v", "m", "p", "f")),
        known.c.relnamespace == func.to_regnamespace("public"),
        known.c.relname.not_in(PUBLISHED),
        mine,
    )
    return int(connection.execute(query).scalar_one())


def _only_published(connection: Any, _record: Any) -> None:
    connection.set_authorizer(_judge)


def _judge(action: int, first: str | None, second: str | None, _base: str | None, _trigger: str | None) -> int:
    if action in ALWAYS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (first in PUBLISHED or first in SCHEMA or not first):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "query_only" and second == "ON":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _become(connection: Any, role: str) -> None:
    quoted = role.replace('"', '""')
    before, connection.autocommit = connection.autocommit, True
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{quoted}"')
        cursor.execute("SET default_transaction_read_only = on")
    connection.autocommit = before
