"""With which rights a connection serves: set when a transaction begins or its actor is known, gone when it ends.

PostgreSQL: the program works under a role that owns nothing; while somebody asks who sees no person, under one that has rights on
the list of tables only (`models/readable.py`); and the settings that the policies read (`models/wall/`) say which rows. SQLite: an
authoriser on the connection that knows the same list. Which of it holds for whom is said in `access/standing.py`.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, column, event, exists, literal_column, or_, select, table
from sqlalchemy.exc import DBAPIError

from caseapp.adapters import keys
from caseapp.extensions import db
from caseapp.models import wall
from caseapp.models.readable import OF_AUDITORS, READABLE

WALLED = "walled"  # marks a connection of the application's own engine; migrations, backups and the figures' engine have theirs
JUDGED = "judged"
ROLES = "roles"  # whether the database has them
OWNER = "none"


@dataclass(frozen=True)
class Standing:
    """The rights of a transaction: a role, and which rows of persons (`SETTINGS` of `models/wall/policies.py`); nothing unless said."""

    role: str = wall.APP
    low: str = ""
    high: str = ""
    paths: str = ""
    rows: str = ""
    files: str = ""
    lent: str = ""
    user: str = ""
    mine: str = ""

    def told(self, process: int) -> str:
        """What is sealed."""
        return "\n".join([str(process), *(getattr(self, name) for name in wall.SETTINGS)])


NOTHING = Standing()
EVERYTHING = Standing(low="", high="~", rows="head")  # '~' sorts after every path
AS_OWNER = Standing(role=OWNER, low="", high="~", rows="head")  # for building and filling a database; needs a login that owns it

SCHEMA = frozenset({"sqlite_master", "sqlite_schema"})
ALWAYS = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


def secret() -> bytes:
    """What the settings are sealed with: derived from the index key, so that every process of an installation has the same."""
    return hashlib.sha256(b"caseapp wall" + keys.ring().index("wall", "settings")).digest()


def attach(engine: Engine, timeouts: dict[str, int] | None = None) -> None:
    """Has every connection of the application's engine begin without more rights than it needs; called once at start.

    `timeouts`: PostgreSQL's settings of that name, in milliseconds.
    """
    event.listen(engine, "connect", lambda connection, record: _prepare(engine, connection, record, timeouts or {}))
    event.listen(engine, "reset", _forget)


def _prepare(engine: Engine, connection: Any, record: Any, timeouts: dict[str, int]) -> None:
    record.info[WALLED] = True
    if engine.dialect.name != "postgresql":
        return
    role = wall.role_name(engine.url.database or "", wall.APP)
    before, connection.autocommit = connection.autocommit, True
    with connection.cursor() as cursor:
        for name, value in timeouts.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
        # before the migrations there is no such role, and nothing to be seen
        cursor.execute("SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s", (role,))
        record.info[ROLES] = cursor.fetchone() is not None
    connection.autocommit = before


def _forget(connection: Any, record: Any, _state: Any) -> None:
    if record.info.pop(JUDGED, None):
        connection.set_authorizer(None)


def take(connection: Any, standing: Standing) -> None:
    """Gives a transaction these rights from now to its end; one round trip on PostgreSQL. A connection of another engine is left alone.

    DBAPIError where the database does not take it; a connection that is lost is then marked so.
    """
    if connection.info.get(WALLED):
        if connection.dialect.name == "postgresql":
            _take_postgresql(connection, standing)
        else:
            _take_sqlite(connection, standing.role)


def _take_postgresql(connection: Any, standing: Standing) -> None:
    driver = connection.connection.driver_connection
    seal, key = standing.told(driver.info.backend_pid), secret()
    sealed = hashlib.sha256(key + hashlib.sha256(key + seal.encode()).digest()).hexdigest()
    said = {f"caseapp.{name}": getattr(standing, name) for name in wall.SETTINGS} | {"caseapp.seal": sealed}
    if standing.role == OWNER:
        said["role"] = OWNER
    elif connection.info.get(ROLES):
        said["role"] = wall.role_name(connection.engine.url.database or "", standing.role)
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in said)
    try:
        with driver.cursor() as cursor:
            cursor.execute(f"SELECT {calls}", tuple(said.values()))
    except driver.Error as error:  # told as SQLAlchemy would, for whom all else catches it; without the values
        is_gone = connection.dialect.is_disconnect(error, driver, None)
        if is_gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, driver.Error, connection_invalidated=is_gone, dialect=connection.dialect
        ) from error


def _take_sqlite(connection: Any, role: str) -> None:
    driver = connection.connection.driver_connection
    if role in (wall.BUREAU, wall.AUDITOR):
        driver.set_authorizer(_judge_of(READABLE | OF_AUDITORS if role == wall.AUDITOR else READABLE))
        connection.info[JUDGED] = True
    elif connection.info.pop(JUDGED, None):
        driver.set_authorizer(None)


def _judge_of(readable: frozenset[str]) -> Any:
    def judge(action: int, first: str | None, second: str | None, _base: str | None, trigger: str | None) -> int:
        if action in ALWAYS or trigger:  # what a trigger does was decided by whoever made it, with other rights than these
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first in readable or first in SCHEMA):
            return sqlite3.SQLITE_OK
        if action in WRITES and first in readable:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and first == "query_only" and second in ("ON", "OFF"):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return judge


def fault() -> str | None:
    """One sentence on what is amiss with the wall in PostgreSQL, for `readyz` and `doctor`; None when it stands, and on SQLite."""
    if db.engine.dialect.name != "postgresql":
        return None
    role = wall.role_name(db.engine.url.database or "", wall.APP)
    try:
        with db.engine.connect() as connection:
            held = connection.exec_driver_sql("SELECT current_user").scalar()
            if held != role:
                return MISSING.format(role=role)
            take(connection, EVERYTHING)
            if not connection.exec_driver_sql("SELECT wall.holds()").scalar():
                return OTHER_KEY
            return None
    except DBAPIError:
        return MISSING.format(role=role)


def can_step_over() -> bool:
    """Whether the login beneath the role is one that policies do not bind: a superuser, the owner of the tables, BYPASSRLS."""
    login = table("pg_roles", column("rolname"), column("rolsuper"), column("rolbypassrls"))
    owner = table("pg_tables", column("tablename"), column("tableowner"))
    me: Any = literal_column("session_user")
    owns = exists().where(owner.c.tablename == "client", owner.c.tableowner == me)
    with db.engine.connect() as connection:
        return bool(connection.scalar(select(or_(login.c.rolsuper, login.c.rolbypassrls, owns)).where(login.c.rolname == me)))


MISSING = (
    'The role "{role}" that the program works under is missing or not granted to its login. Let a database administrator run the '
    'migrations once under a login that may make roles, then: GRANT "{role}" TO the login of CASEAPP_DATABASE_URL.'
)
OTHER_KEY = (
    "The wall in the database was built under another key: run `flask --app caseapp db upgrade` under the owner of the database "
    "with the keys of now."
)
