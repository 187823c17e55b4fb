"""The second wall: what the database itself says to a request that sends SQL of its own past every rule of the program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from caseapp.access import guard, outside
from caseapp.access.system import joined, run_side_writes, system_session
from caseapp.adapters import rights
from caseapp.core.actor import Actor
from caseapp.extensions import Base, db
from caseapp.models import casework as c
from caseapp.models import readable, wall
from caseapp.models.trust import AuditEntry
from caseapp.models.wall.roles import make_roles
from caseapp.services.trust import audit
from tests.engines import owned
from tests.house.test_scope import OPEN_VISITS, SHOWN, laid
from tests.services.trust.test_figures_role import shown

__all__ = ["laid"]
READERS = ("ann", "bo", "ben", "chen", "tao", "eve", "far")
PEOPLE = ("plain", "minor", "hidden", "other")


def raw(sql: str, *values: Any) -> list[Any]:
    """As the bare driver says it on the connection of the present session; a refusal ends the transaction."""
    try:
        cursor = db.session.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]  # it is open
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else [cursor.rowcount]
    except Exception:
        db.session.rollback()
        raise


def is_refused(sql: str) -> bool:
    """Whether the database itself says no."""
    try:
        raw(sql)
    except Exception as error:
        return any(
            word in str(error).lower() for word in ("permission denied", "not authorized", "prohibited", "row-level security")
        )
    return False


on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # SQLite has no row-level security


def test_every_table_of_persons_stands_behind_it(postgres_engine: Any) -> None:
    """A new table with a person's file, place or sealed words has its policies, or stands in `FREE` with the reason."""
    naming = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if column.name in ("file_id", "client_id", "case_id") or column.references(c.Client.__table__.c.id)
    }
    placed = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if "station_path" in mapper.local_table.columns and not mapper.local_table.name.startswith("stat_")
    }
    assert (naming | placed) - wall.guarded().keys() <= wall.FREE.keys()
    assert not wall.FREE.keys() & wall.guarded().keys() and wall.FREE.keys() <= db.metadata.tables.keys()
    assert len(wall.guarded()) > 50 and {"client", "case", "visit", "referral"} < wall.guarded().keys()
    with postgres_engine.app.app_context(), owned(write=False) as connection:
        on = set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity")))
        found = connection.execute(sa.text("SELECT tablename, count(DISTINCT cmd) FROM pg_policies GROUP BY 1")).all()
    assert on == wall.guarded().keys() and dict(map(tuple, found)) == dict.fromkeys(wall.guarded(), 4)  # type: ignore[arg-type]


@on_postgresql
@pytest.mark.parametrize("name", READERS)
def test_a_strangers_rows_are_not_there(laid: None, as_: Any, name: str) -> None:
    as_(name)
    seen, files = SHOWN[name], OPEN_VISITS[name]
    assert {row[0] for row in raw("SELECT name FROM client")} == seen
    assert raw("SELECT count(*) FROM client") == [(len(seen),)]
    assert raw("SELECT count(*) FROM visit") == [(len(files),)]
    tried = raw("SELECT p.name FROM target_tag t RIGHT JOIN client p ON p.id = t.client_id UNION SELECT name FROM client")
    assert {row[0] for row in tried} == seen
    within = "SELECT count(*) FROM enrolment WHERE EXISTS (SELECT 1 FROM client x WHERE x.name = ANY (%s))"
    assert (raw(within, list(set(PEOPLE) - seen)) == [(0,)]) or not set(PEOPLE) - seen
    assert raw("UPDATE visit SET minutes = 1") == [len(files)]
    assert raw("DELETE FROM target_tag") == [len(files)]


@on_postgresql
def test_nothing_is_written_into_another_station(laid: None, as_: Any, cast: Any) -> None:
    as_("bo")
    key = "INSERT INTO client_apart (id, file_id, station_path, class, one_id, other_id) SELECT %s, id, %s, 'P2', id, id FROM client LIMIT 1"
    for path, error in ((cast.paths["Hillside"], "row-level security"), (cast.paths["Faraway"], "row-level security")):
        with pytest.raises(Exception, match=error):
            raw(key, uuid7(), path)
    with pytest.raises(Exception, match="row-level security"):
        raw("UPDATE visit SET station_path = %s", cast.paths["Hillside"])
    assert raw("UPDATE visit SET station_path = %s WHERE class = 'P2'", cast.paths["Riverside"]) == [1]


@on_postgresql
def test_who_says_nothing_or_says_it_unsealed_sees_nothing(laid: None, as_: Any) -> None:
    as_("ann")
    ask = "SELECT count(*) FROM client"
    assert raw(ask) == [(3,)]
    raw("SELECT set_config('caseapp.high', '~', true)")
    assert raw(ask) == [(0,)]
    db.session.rollback()
    assert raw(ask) == [(3,)]
    raw("SELECT set_config('caseapp.seal', repeat('0', 64), true)")
    assert raw(ask) == [(0,)]
    guard.bind(db.session, None)
    assert raw(ask) == [(0,)]
    with joined("all of them") as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(c.Client)) == 4
    assert raw(ask) == [(0,)], "what a detour may see is over with it"
    with pytest.raises(ZeroDivisionError), joined("all of them, and a mistake"):
        1 / 0  # noqa: B018
    assert raw(ask) == [(0,)]
    nested = db.session.begin_nested()
    guard.bind(db.session, Actor(user_id=uuid7(), grant_id=None, role="station_head", paths=()))
    nested.rollback()
    assert raw(ask) == [(0,)], "the new standing is said again after a part was rolled back"


TRICKS = (
    ("RESET ROLE", "SELECT 1 FROM client"),
    ("SET ROLE postgres",),
    ("SET SESSION AUTHORIZATION postgres",),
    ("SELECT set_config('role', 'postgres', false)",),
    ("SET row_security = off", "SELECT 1 FROM client"),
    ("SELECT value FROM wall.secret",),
    ("SELECT set_config('caseapp.low', '', false), set_config('caseapp.high', '~', false)", "SELECT 1 FROM client"),
    ("ALTER TABLE client DISABLE ROW LEVEL SECURITY",),
    ("DROP POLICY wall_read ON client",),
    ("CREATE POLICY mine ON client USING (true)",),
    ("COPY client TO '/tmp/client'",),
    ("CREATE FUNCTION pg_temp.holds() RETURNS boolean LANGUAGE sql AS 'SELECT true'", "SELECT 1 FROM client"),
    ("CREATE OR REPLACE FUNCTION wall.holds() RETURNS boolean LANGUAGE sql AS 'SELECT true'",),
    ("CREATE VIEW public.mine AS SELECT * FROM client", "SELECT 1 FROM public.mine"),
    ("SELECT query_to_xml('SELECT 1 FROM client', false, false, '')::text LIKE '%<row>%' OR NULL",),
    ("CREATE FUNCTION pg_temp.leak(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
     "SELECT 1 FROM client WHERE pg_temp.leak(name)"),
    ("TRUNCATE client",),
)  # fmt: skip


@on_postgresql
def test_no_trick_of_the_programs_own_login_takes_it_off(laid: None, as_: Any) -> None:
    """A login that was given the program's role and nothing else, as SECURITY.md says."""
    db.session.rollback()
    role = wall.role_name("live", wall.APP)
    with owned() as connection:
        connection.exec_driver_sql(f'CREATE ROLE web_login LOGIN; GRANT "{role}" TO web_login')
    made = sa.create_engine(db.engine.url.set(username="web_login"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    rights.attach(made)
    try:
        assert shown(made, ("SELECT count(*) FROM client",)) and not shown(made, ("SELECT 1 FROM client",))
        assert shown(made, ("SELECT 1 FROM organisation",))
        assert [each for each in TRICKS if shown(made, each)] == []
        with made.connect() as connection:
            assert connection.exec_driver_sql("SELECT current_user").scalar() == role
    finally:
        with owned() as connection:
            connection.exec_driver_sql(f'REVOKE "{role}" FROM web_login; DROP ROLE web_login')


@on_postgresql
def test_a_wall_of_another_key_is_told(laid: None, as_: Any, monkeypatch: Any) -> None:
    db.session.rollback()
    assert rights.fault() is None and rights.can_step_over(), "the tests' login is the server's own"
    monkeypatch.setattr(rights, "secret", lambda: b"another key of thirty-two bytes!")
    assert "under another key" in str(rights.fault())
    as_("ann")
    assert raw("SELECT count(*) FROM client") == [(0,)]


@pytest.fixture
def asks(as_: Any) -> Callable[[str], Any]:
    """Binds the session to somebody who sent a request, and not to a command."""

    def become(name: str) -> Any:
        guard.bind(db.session, actor := replace(as_(name), channel="page"))
        return actor

    return become


@contextmanager
def a_new_table() -> Iterator[None]:
    """Something that a migration will bring one day."""
    guard.bind(db.session, None)
    with owned() as connection:
        connection.exec_driver_sql("CREATE TABLE brand_new (id integer)")
        connection.exec_driver_sql("INSERT INTO brand_new VALUES (1)")
    try:
        yield
    finally:
        db.session.rollback()
        guard.bind(db.session, None)
        with owned() as connection:
            connection.exec_driver_sql("DROP TABLE brand_new")


@pytest.mark.parametrize("name", ["cora", "pia", "con", "val", "sam", "dee", "ned"])
def test_the_database_shuts_every_table_that_is_not_on_the_list(laid: None, asks: Any, cast: Any, name: str) -> None:
    """On both engines, by the request's own connection; a table that nobody put on the list is shut."""
    if name == "ned":
        guard.bind(db.session, replace(asks("val"), role="", grant_id=None, paths=()))
    else:
        asks(name)
    open_to = readable.READABLE | (readable.OF_AUDITORS if name == "dee" else frozenset())
    tables = sorted(db.metadata.tables)
    assert [table for table in tables if table not in open_to and not is_refused(f'SELECT count(*) FROM "{table}"')] == []
    assert [table for table in tables if table in open_to and is_refused(f'SELECT count(*) FROM "{table}"')] == []
    for sql in (
        "DELETE FROM client",
        "UPDATE visit SET minutes = 1",
        "SELECT 1 FROM organisation WHERE EXISTS (SELECT 1 FROM client)",
    ):
        assert is_refused(sql), sql


def test_a_new_table_is_shut_until_it_is_on_the_list(app: Any, asks: Any, engine: Any, monkeypatch: Any) -> None:
    db.session.rollback()
    with a_new_table():
        asks("cora")
        assert is_refused("SELECT * FROM brand_new")
        db.session.rollback()
        guard.bind(db.session, None)
        wider = readable.READABLE | {"brand_new"}
        monkeypatch.setattr(rights, "READABLE", wider)
        monkeypatch.setattr("caseapp.models.wall.roles.READABLE", wider)
        if engine.name == "postgresql":
            with owned() as connection:
                make_roles(connection)
        asks("cora")
        assert raw("SELECT * FROM brand_new") == [(1,)]
    monkeypatch.undo()
    if engine.name == "postgresql":
        with owned() as connection:
            make_roles(connection)


def test_lifted_it_is_open_and_the_trail_tells_why(laid: None, asks: Any) -> None:
    """The one exception: for a reason, shut again at its end, and written down with whoever asked."""
    pia = asks("pia")
    audit.begin(db.session, "a page")
    assert is_refused("SELECT count(*) FROM client")
    with outside.lifted("a test of the wall"):
        assert raw("SELECT count(*) FROM client") == [(4,)]
        with system_session("a test") as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(c.Client)) == 4
    assert is_refused("SELECT count(*) FROM client")
    audit.note_reads(db.session, 200)
    db.session.rollback()
    run_side_writes()
    guard.bind(db.session, None)
    with system_session("look") as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "wall.lifted")).one()
        assert (entry.user_id, entry.reason, entry.kind) == (pia.user_id, "a test of the wall", "read")


def test_a_connection_goes_back_with_no_more_and_no_fewer_rights(laid: None, asks: Any) -> None:
    """Whoever comes after a bureau on the same connection is not shut out, whoever comes after a head not let in."""
    for _turn in range(3):
        asks("cora")
        assert is_refused("SELECT count(*) FROM client")
        db.session.rollback()
        asks("ann")
        assert raw("SELECT count(*) FROM organisation")[0][0] > 5 and raw("SELECT count(*) FROM client")[0][0] >= 3
        db.session.rollback()
