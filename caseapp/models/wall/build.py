"""Putting the wall up, taking it away for a migration, and telling whether it stands."""

import hashlib
from typing import Any

import sqlalchemy as sa

from caseapp.models.readable import OF_AUDITORS, READABLE
from caseapp.models.wall.policies import SETTINGS, everything, guarded, statements
from caseapp.models.wall.roles import make_roles

POLICIES = ("wall_read", "wall_add", "wall_change", "wall_remove")
SECRET = sa.table("secret", sa.column("value"), sa.column("built"), schema="wall")
# what is sealed: the process of the database that serves the connection, then each setting, so that a seal is of use nowhere else
TOLD = " || ".join(
    [
        "pg_catalog.pg_backend_pid()::text",
        *(f"E'\\n' || coalesce(current_setting('caseapp.{name}', true), '')" for name in SETTINGS),
    ]
)
HOLDS = f"""
CREATE OR REPLACE FUNCTION wall.holds() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER AS $$
DECLARE kept bytea;
BEGIN
  IF coalesce(current_setting('caseapp.seal', true), '') = '' THEN RETURN false; END IF;
  SELECT value INTO kept FROM wall.secret;
  RETURN coalesce(
    pg_catalog.encode(pg_catalog.sha256(kept || pg_catalog.sha256(kept || pg_catalog.convert_to({TOLD}, 'UTF8'))), 'hex')
    = current_setting('caseapp.seal', true), false);
END $$"""  # noqa: S608 - names of our own settings


def begin(connection: Any) -> None:
    """The schema that holds the secret and the function that compares the seal; the roles get no further into it than to call that."""
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS wall",
        "REVOKE ALL ON SCHEMA wall FROM PUBLIC",
        "CREATE TABLE IF NOT EXISTS wall.secret (value bytea NOT NULL, built text NOT NULL DEFAULT '')",
        "REVOKE ALL ON wall.secret FROM PUBLIC",
        HOLDS,
    ):
        connection.execute(sa.DDL(statement.replace("%", "%%")))


def is_built(connection: Any) -> bool:
    """Whether this database has the wall at all: PostgreSQL, from the migration on that brings it."""
    if connection.dialect.name != "postgresql":
        return False
    return connection.scalar(sa.select(sa.func.to_regnamespace("wall"))) is not None


def stands(connection: Any, secret: bytes) -> bool:
    """Whether the wall is the one that this program would build, under its secret; asked by the owner."""
    held = connection.execute(sa.select(SECRET.c.value, SECRET.c.built)).first()
    return held is not None and (bytes(held.value), held.built) == (secret, _digest())


def build(connection: Any, secret: bytes) -> bool:
    """Puts every table of persons under its policies and the roles under their rights. False where roles cannot be made."""
    begin(connection)
    connection.execute(sa.delete(SECRET))
    connection.execute(sa.insert(SECRET).values(value=secret, built=_digest()))
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    open_up(connection)
    for name, model in guarded().items():
        if name in there:
            for statement in statements(name, model, {column["name"] for column in inspector.get_columns(name)}):
                connection.execute(sa.DDL(statement.replace("%", "%%")))
    return make_roles(connection)


def open_up(connection: Any) -> None:
    """Takes the policies away so that columns can be changed; tables stay shut to everybody but their owner."""
    known = sa.table("pg_policies", sa.column("policyname"), sa.column("tablename"), sa.column("schemaname"))
    query = sa.select(known.c.policyname, known.c.tablename).where(
        known.c.schemaname == "public", known.c.policyname.in_(POLICIES)
    )
    for policy, table in connection.execute(query).all():
        connection.execute(sa.DDL(f'DROP POLICY {policy} ON "{table}"'))


def take_down(connection: Any) -> None:
    """The way back: no policies, no secret. The roles stay, with the rights on tables that they had."""
    open_up(connection)
    there = set(sa.inspect(connection).get_table_names())
    for name in guarded():
        if name in there:
            connection.execute(sa.DDL(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY'))
    connection.execute(sa.DDL("DROP SCHEMA wall CASCADE"))


def _digest() -> str:
    said = "\n".join([everything(), HOLDS, *sorted(READABLE), *sorted(OF_AUDITORS)])
    return hashlib.sha256(said.encode()).hexdigest()
