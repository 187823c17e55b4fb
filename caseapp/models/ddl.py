"""What a migration does beyond tables: on PostgreSQL a role that reads published figures and nothing else."""

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
