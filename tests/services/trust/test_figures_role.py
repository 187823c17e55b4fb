"""The last wall is the database's own: whoever holds the login for figures, or its SQLite connection, tries to see a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from caseapp import config
from caseapp.access.system import system_session
from caseapp.adapters import figures
from caseapp.extensions import db
from caseapp.models.ddl import PUBLISHED, figures_role
from tests import rows
from tests.engines import owned

TABLES = sorted(set(db.metadata.tables) - set(PUBLISHED))
NAME = "欧阳探微"
POSTGRESQL = (  # each a session's worth of statements; the last one would show something
    ("RESET ROLE", "SELECT id FROM client"),
    ("RESET ROLE", "SET ROLE postgres"),
    ("SET SESSION AUTHORIZATION postgres",),
    ("SELECT set_config('role', 'postgres', false)",),
    ("SET default_transaction_read_only = off", "DELETE FROM stat_cell"),
    ("SET default_transaction_read_only = off", "UPDATE stat_release SET hidden = 0"),
    ("SET default_transaction_read_only = off", "CREATE TABLE mine AS SELECT * FROM client"),
    ("SET default_transaction_read_only = off", "CREATE VIEW public.mine AS SELECT * FROM stat_cell"),
    ("SET default_transaction_read_only = off", "CREATE TEMP VIEW mine AS SELECT * FROM client", "SELECT * FROM mine"),
    (
        "SET default_transaction_read_only = off",
        "CREATE FUNCTION pg_temp.mine() RETURNS SETOF client LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM client'",
        "SELECT * FROM pg_temp.mine()",
    ),
    ("SET default_transaction_read_only = off", "GRANT SELECT ON client TO PUBLIC", "SELECT id FROM client"),
    ("SET default_transaction_read_only = off", "ALTER TABLE client DISABLE ROW LEVEL SECURITY"),
    ("SET default_transaction_read_only = off", "LOCK TABLE client IN ACCESS SHARE MODE"),
    ("COPY client TO STDOUT",),
    ("COPY stat_cell TO '/tmp/stat_cell'",),
    ("COPY stat_cell TO PROGRAM 'cat'",),
    ("EXPLAIN SELECT * FROM client",),
    ("SELECT query_to_xml('SELECT * FROM client', true, true, '')",),
    ("SELECT table_to_xml('client', true, true, '')",),
    ("DO $$ BEGIN PERFORM 1 FROM client; END $$",),
    ("PREPARE mine AS SELECT * FROM client", "EXECUTE mine"),
    ("DECLARE mine CURSOR FOR SELECT * FROM client",),
    ("WITH RECURSIVE n AS (SELECT id FROM client UNION SELECT id FROM n) SELECT * FROM n",),
    ("SELECT 1 FROM stat_cell RIGHT JOIN client ON true",),
    ("SELECT pg_read_file('postgresql.conf')",),
    ("SELECT pg_ls_dir('.')",),
    ("SELECT lo_import('/etc/hostname')",),
    ("SELECT rolpassword FROM pg_authid",),
    ("SELECT most_common_vals FROM pg_stats WHERE tablename NOT LIKE 'stat%' AND schemaname = 'public'",),
    ("SELECT * FROM pg_statistic",),
    ("SELECT 1 FROM pg_stat_activity WHERE usename <> session_user AND query NOT LIKE '<insufficient%' AND query <> ''",),
)
SQLITE = (
    ("ATTACH DATABASE '{file}' AS other", "SELECT id FROM other.client"),
    ("PRAGMA table_info(client)",),
    ("PRAGMA writable_schema = ON",),
    ("PRAGMA query_only = OFF",),
    ("SELECT * FROM pragma_table_info('client')",),
    ("CREATE TEMP VIEW mine AS SELECT * FROM client", "SELECT * FROM mine"),
    ("CREATE TEMP TABLE mine AS SELECT * FROM client",),
    ("CREATE VIRTUAL TABLE temp.mine USING fts5(a)",),
    ("WITH RECURSIVE n AS (SELECT id FROM client UNION SELECT id FROM n) SELECT * FROM n",),
    ("SELECT count(*) FROM client",),
    ("SELECT 1 FROM stat_cell LEFT JOIN client ON true",),
    ("SELECT (SELECT max(id) FROM client)",),
    ("EXPLAIN SELECT * FROM client",),
    ("SELECT load_extension('anything')",),
    ("SELECT * FROM sqlite_stat1",),
    ("SELECT * FROM dbstat",),
    ("VACUUM INTO '{file}.copy'",),
    ("REINDEX",),
    ("DELETE FROM stat_cell",),
    ("DROP TABLE stat_cell",),
)


@contextmanager
def somebody(engine: Any) -> Iterator[None]:
    """An app context over a fresh database in which somebody is on file, so that there is something to be seen."""
    engine.fresh()
    with engine.app.app_context():
        with system_session("somebody", write=True) as session:
            rows.client(session, engine.cast, "Riverside", NAME, worker_id=engine.cast.users["bo"])
        yield
        db.session.rollback()


@pytest.fixture
def login(postgres_engine: Any) -> Iterator[sa.Engine]:
    """PostgreSQL under a login that was given the figures' role and nothing else, as the handbook says."""
    with somebody(postgres_engine):
        yield from _login()


def _login() -> Iterator[sa.Engine]:
    role = figures_role("live")
    with owned() as connection:
        connection.exec_driver_sql(f'CREATE ROLE bureau_reader LOGIN; GRANT "{role}" TO bureau_reader; ANALYZE')
    made = sa.create_engine(db.engine.url.set(username="bureau_reader"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    yield made
    with owned() as connection:
        connection.exec_driver_sql(f'REVOKE "{role}" FROM bureau_reader; DROP ROLE bureau_reader')


def shown(engine: sa.Engine, statements: tuple[str, ...]) -> bool:
    """Whether the last of the statements is carried out and gives anything."""
    with engine.connect() as connection:
        try:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
            return not result.returns_rows or result.first() is not None
        except DBAPIError:
            return False


def test_the_login_for_figures_sees_no_other_table_of_postgresql(login: sa.Engine) -> None:
    assert shown(login, ("SELECT count(*) FROM stat_cell",)), "it reads what is published"
    assert [name for name in TABLES if shown(login, (f'SELECT count(*) FROM "{name}"',))] == []


def test_no_trick_of_postgresql_widens_it(login: sa.Engine) -> None:
    assert [each for each in POSTGRESQL if shown(login, each)] == []


def test_the_engine_itself_under_its_own_login(login: sa.Engine, monkeypatch: Any) -> None:
    """Set, it is used, and `doctor` says where a login can see more than it should; taking the role off helps nobody."""
    own = login.url.render_as_string(hide_password=False)
    app = db.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr(figures, "_engines", {})
    monkeypatch.setattr(figures, "_logins", {})
    figures.configure(app, own)
    assert figures.fault() is None
    with figures.engine().connect() as connection:
        assert connection.exec_driver_sql("SELECT session_user").scalar() == "bureau_reader"
        connection.exec_driver_sql("RESET ROLE")
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT 1 FROM client")
    figures.engine().dispose()
    monkeypatch.setattr(figures, "_engines", {})
    figures.configure(app, app)
    assert "can read more" in str(figures.fault())
    figures.engine().dispose()


@pytest.fixture
def file(sqlite_engine: Any) -> Iterator[None]:
    """SQLite with somebody on file."""
    with somebody(sqlite_engine):
        yield


def test_no_trick_of_sqlite_widens_the_connection(file: None) -> None:
    path = str(Path(str(db.engine.url.database)).resolve())
    reader = figures.engine()
    assert shown(reader, ("SELECT count(*) FROM stat_cell",))
    assert [name for name in TABLES if shown(reader, (f'SELECT count(*) FROM "{name}"',))] == []
    assert [each for each in SQLITE if shown(reader, tuple(statement.format(file=path) for statement in each))] == []
    assert not Path(f"{path}.copy").exists()


def test_a_login_for_figures_is_of_postgresql_and_another_one() -> None:
    app = "postgresql+psycopg://app@127.0.0.1/caseapp"
    known = {"CASEAPP_ENV": "test", "CASEAPP_DATABASE_URL": app}
    good = "postgresql+psycopg://reader@127.0.0.1/caseapp"
    assert config.from_environment(known | {"CASEAPP_FIGURES_URL": good}).figures_url == good
    for wrong in (app, "sqlite:///x.sqlite3"):
        with pytest.raises(config.BadSettings, match="CASEAPP_FIGURES_URL"):
            config.from_environment(known | {"CASEAPP_FIGURES_URL": wrong})
    with pytest.raises(config.BadSettings, match="CASEAPP_FIGURES_URL"):
        config.from_environment({"CASEAPP_ENV": "test", "CASEAPP_FIGURES_URL": good})
