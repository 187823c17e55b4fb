"""The order of every list comes out of an index: nobody sorts a station's whole stock to show fifty rows."""

import json
import sqlite3

import pytest
import sqlalchemy as sa

from caseapp.access.system import system_session
from caseapp.extensions import db
from tests.engines import owned
from tests.page import Browser
from tests.queries.casework import crowd

LISTS = [  # who, page, table whose order it is
    ("bo", "/clients", "client"),
    ("bo", "/clients?order=due", "client"),
    ("bo", "/clients?worker=me", "client"),
    ("ann", "/clients", "client"),
    ("tao", "/clients", "client"),
    ("bo", "/elderly/cases", '"case"'),
    ("bo", "/elderly/cases?status=closed", '"case"'),
    ("ann", "/elderly/cases", '"case"'),
    ("bo", "/visits", "client"),
    ("ann", "/visits", "client"),
    ("bo", "/households", "household"),
    ("bo", "/villages/contacts", "village_contact"),
    ("bo", "/visits/services", "service_record"),
    ("ann", "/reviews", "review"),
    ("tao", "/reviews", "review"),
    ("bo", "/clients/{client}/visits", "visit"),
    ("dee", "/audit", "audit_entry"),
]
FEW = 150  # the 120 reviews that wait, found by an index among 15,360: fewer than three pages may be sorted


@pytest.fixture
def ordered(monkeypatch):
    """`ordered(browser, url, table)`: the ordering statements on a table that a page sends, with their parameters; with `planned`,
    the plan of each instead, as PostgreSQL makes it where the page stands: the policies' settings are part of what it reckons with."""

    def gather(browser, url, table, *, planned=False):
        found = []

        def note(connection, _cursor, statement, parameters, *_more):
            main = statement.split("\nFROM ", 1)[-1].split(None, 1)[0]
            if "ORDER BY" in statement and main == table and "LIMIT" in statement:
                found.append(plan_of(connection, statement, parameters) if planned else (statement, parameters))

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            browser.get(url)
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        assert found, f"{url}: nothing is ordered on {table}"
        return found

    return gather


def fill(engine, count):
    with engine.app.app_context(), system_session("rows", write=True) as session:
        ids = crowd.of(session, engine.cast, count)
        crowd.of(session, engine.cast, count, "Hillside")
        return ids


def test_on_sqlite(sqlite, ordered):
    ids = fill(sqlite, 40)
    with sqlite.app.app_context():
        path = db.engine.url.database
    sorting = {}
    for name, page, table in LISTS:
        url = page.replace("=me", f"={sqlite.cast.users[name]}").format(**ids)
        for statement, parameters in ordered(Browser(sqlite, name), url, table):
            with sqlite3.connect(path) as connection:
                plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)]
            if any("TEMP B-TREE" in line for line in plan):
                sorting[name, page] = plan
    assert sorting == {}


def test_on_postgresql_with_many_rows(postgres_engine, ordered):
    """Clients, cases, visits and the trail grown by plain SQL; no list reads and sorts what it does not show."""
    engine = postgres_engine
    engine.fresh()
    ids = fill(engine, 60)
    with engine.app.app_context(), system_session("grow", write=True) as session:
        for table in ("client", '"case"', "household", "village_contact", "review"):
            grow(session, table)
    with engine.app.app_context(), owned() as connection:
        connection.execute(sa.text("ANALYZE"))
    sorting = {}
    for name, page, table in LISTS:
        if table not in ("client", '"case"', "household", "village_contact", "review"):
            continue
        url = page.replace("=me", f"={engine.cast.users[name]}").format(**ids)
        for plan in ordered(Browser(engine, name), url, table, planned=True):
            nodes = list(walk(plan))
            if any(node["Node Type"] == "Seq Scan" or (node["Node Type"] == "Sort" and read_for(node) > FEW) for node in nodes):
                sorting[name, page] = nodes
    assert sorting == {}


def grow(session, table, times=7):
    """Doubles a table so many times: the same rows under other keys (business numbers made unique)."""
    columns = [column.name for column in db.metadata.tables[table.strip('"')].columns if column.computed is None]
    unique = {"file_no": "left(file_no, 4) || substr(gen_random_uuid()::text, 1, 16)"}
    unique |= {name: f"left({name}, 4) || substr(gen_random_uuid()::text, 1, 16)" for name in ("case_no", "household_no")}
    unique |= {"id": "gen_random_uuid()", "file_id": "gen_random_uuid()"}
    if table == "review":
        unique |= {"state": "'approved'"}
    for _turn in range(times):
        given = ", ".join(unique.get(name, f'"{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        session.execute(sa.text(f"INSERT INTO {table} ({names}) SELECT {given} FROM {table}"))


def plan_of(connection, statement, parameters):
    """The plan of a statement, carried out on the very connection that is about to send it, with the rights that it has."""
    with connection.connection.driver_connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, parameters)
        found = cursor.fetchone()[0]
    return (found if isinstance(found, list) else json.loads(found))[0]["Plan"]


def walk(node):
    """The nodes of a plan that work on the list itself, sub-plans of look-ups and what the policies read once left out."""
    yield node
    for below in node.get("Plans", ()):
        if below.get("Parent Relationship") not in ("SubPlan", "InitPlan"):
            yield from walk(below)


def read_for(node):
    """How many rows were fetched beneath a node, those that a filter then dropped with them."""
    dropped = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return max(
        sum((below["Actual Rows"], *(below.get(name, 0) for name in dropped))) * below["Actual Loops"] for below in walk(node)
    )
