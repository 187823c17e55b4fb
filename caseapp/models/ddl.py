"""What a migration does beyond tables: a role that reads published figures and nothing else, tables that never change."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

PUBLISHED = ("stat_release", "stat_cell", "stat_export", "stat_noise")


def figures_role(database: str) -> str:
    """The name of that role: roles belong to the whole server, so it carries the database's name."""
    return f"{database}_figures"[:63]


def extra_upgrade(op: Any) -> None:
    """Called at the end of the first migration."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        make_figures_role(connection)


def extra_downgrade(op: Any) -> None:
    """Called at the start of its way back: the role stays, it can read nothing once the tables are gone."""


def make_figures_role(connection: Any) -> bool:
    """Makes the role and its rights, as often as asked; False when the connected role may not and nobody did before."""
    who = connection.execute(
        sa.select(sa.column("rolsuper"), sa.column("rolcreaterole"), sa.func.current_database())
        .select_from(sa.table("pg_roles", sa.column("rolname")))
        .where(sa.column("rolname") == sa.func.current_user())
    ).one()
    name = figures_role(who[2])
    known = connection.execute(
        sa.select(sa.literal(1)).select_from(sa.table("pg_roles", sa.column("rolname"))).where(sa.column("rolname") == name)
    ).scalar()
    if not known and not (who[0] or who[1]):
        return False
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    if not known:
        connection.execute(sa.DDL(f"CREATE ROLE {quoted} NOLOGIN"))
        if not who[0]:
            connection.execute(sa.DDL(f"GRANT {quoted} TO CURRENT_USER"))
    connection.execute(sa.DDL(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
    # called by the first migration too, when tables of later ones are not there yet
    held = set(sa.inspect(connection).get_table_names()) & set(PUBLISHED)
    connection.execute(sa.DDL(f"GRANT SELECT ON {', '.join(sorted(held))} TO {quoted}"))
    return True


def freeze(connection: Any, tables: Sequence[str]) -> None:
    """From now on the database itself refuses to change or delete a row of these tables, whoever asks; new rows may come."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.DDL(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION '%% never changes', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
        for table in tables:
            for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
                connection.execute(
                    sa.DDL(
                        f"CREATE TRIGGER {_trigger(table, when)} BEFORE {when} ON {table} "
                        f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                    )
                )
        return
    for table in tables:
        for when in ("UPDATE", "DELETE"):
            connection.execute(
                sa.DDL(
                    f"CREATE TRIGGER {_trigger(table, when)} BEFORE {when} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
                )
            )


def freeze_but(connection: Any, table: str, columns: Sequence[str]) -> None:
    """Like `freeze` for one table that is frozen already: now only these columns never change; no row may go."""
    thaw(connection, (table,))
    update = f"UPDATE OF {', '.join(columns)}"
    if connection.dialect.name == "postgresql":
        for when, each in ((f"{update} OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = _trigger(table, when)
            words = f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            connection.execute(sa.DDL(words))
        return
    for when in (update, "DELETE"):
        words = f"CREATE TRIGGER {_trigger(table, when)} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"
        connection.execute(sa.DDL(words))


def thaw(connection: Any, tables: Sequence[str]) -> None:
    """Takes these triggers away, for a migration that rebuilds a table or goes back."""
    of_all = ("UPDATE OR DELETE", "TRUNCATE") if connection.dialect.name == "postgresql" else ("UPDATE", "DELETE")
    for table in tables:
        for when in of_all:
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {_trigger(table, when)}{on}"))


def _trigger(table: str, when: str) -> str:
    return f"tr_{table}_no_{when.partition(' ')[0].lower()}"
