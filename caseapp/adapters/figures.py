"""The engine that bureaus read figures through: it sees published tables and no other, on both engines.

SQLite asks an authoriser for every table a statement names; PostgreSQL runs under a role with rights on these tables only.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from caseapp.extensions import CaseSession, db
from caseapp.models.ddl import PUBLISHED, figures_role

_engines: dict[str, Engine] = {}

SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
ALWAYS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE})
MISSING = (
    "The role that reads published figures is missing. Let a database administrator run: "
    'CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO CURRENT_USER; GRANT USAGE ON SCHEMA public TO "{role}"; '
    'GRANT SELECT ON {tables} TO "{role}".'
)


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
            made = create_engine(url, pool_size=4, max_overflow=6, pool_pre_ping=True)
            role = figures_role(url.database or "")
            event.listen(made, "connect", lambda connection, _record: _become(connection, role))
        _engines[key] = made
        event.listen(db.engine, "engine_disposed", lambda _engine: made.dispose())
    return _engines[key]


def fault() -> str | None:
    """One sentence on what keeps bureaus from reading, for `readyz` and `doctor`; None when all is well."""
    try:
        with engine().connect():
            return None
    except DBAPIError:
        return MISSING.format(role=figures_role(db.engine.url.database or ""), tables=", ".join(PUBLISHED))


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
