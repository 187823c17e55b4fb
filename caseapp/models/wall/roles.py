"""Roles of the database: what the program works under, and what remains of it while a bureau or an auditor asks."""

from typing import Any

import sqlalchemy as sa

from caseapp.models.readable import OF_AUDITORS, READABLE

APP, BUREAU, AUDITOR = "app", "bureau", "auditor"


def role_name(database: str, part: str) -> str:
    """The name of a role: roles belong to the whole server, so it carries the database's name."""
    return f"{database[: 62 - len(part)]}_{part}"


def make_roles(connection: Any) -> bool:
    """Makes the roles and gives them their rights, as often as asked. False when the connected role may not and nobody did before."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    database = connection.scalar(sa.select(sa.func.current_database()))
    names = {part: role_name(database, part) for part in (APP, BUREAU, AUDITOR)}
    known = sa.table("pg_roles", sa.column("rolname"), sa.column("rolsuper"), sa.column("rolcreaterole"))
    there = set(connection.scalars(sa.select(known.c.rolname).where(known.c.rolname.in_(names.values()))))
    may = connection.execute(
        sa.select(known.c.rolsuper, known.c.rolcreaterole).where(known.c.rolname == sa.func.current_user())
    ).one()
    if len(there) < len(names) and not any(may):
        return False
    for name in names.values():
        if name not in there:
            connection.execute(sa.DDL(f"CREATE ROLE {quote(name)} NOLOGIN NOBYPASSRLS"))
    app = quote(names[APP])
    for part in (BUREAU, AUDITOR):  # whoever may work as the program may give rights up
        if names[part] not in there:
            connection.execute(sa.DDL(f"GRANT {quote(names[part])} TO {app}"))
    if names[APP] not in there and not may[0]:
        connection.execute(sa.DDL(f"GRANT {app} TO CURRENT_USER"))
    _give(connection, app, set(sa.inspect(connection).get_table_names()), everything=True)
    connection.execute(sa.DDL(f"GRANT USAGE ON SCHEMA wall TO {app}"))
    _give(connection, quote(names[BUREAU]), set(READABLE))
    _give(connection, quote(names[AUDITOR]), set(READABLE | OF_AUDITORS))
    return True


def _give(connection: Any, role: str, tables: set[str], *, everything: bool = False) -> None:
    """Exactly these tables, whatever was given before."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    connection.execute(sa.DDL(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
    connection.execute(sa.DDL(f"GRANT USAGE ON SCHEMA public TO {role}"))
    held = sorted(tables & set(sa.inspect(connection).get_table_names()))
    if held:
        connection.execute(sa.DDL(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(map(quote, held))} TO {role}"))
    connection.execute(sa.DDL(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    if everything:
        connection.execute(sa.DDL(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}"))
