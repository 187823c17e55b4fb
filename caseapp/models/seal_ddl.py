"""Triggers around the trail, on both engines: a new entry waits for its number; what is written is never changed or removed."""

from typing import Any

import sqlalchemy as sa

KEPT = ("audit_entry", "audit_number", "audit_seal")
REFUSAL = "the trail is append-only"


def add(connection: Any) -> None:
    """Makes the triggers; called by the migration."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.execute(sa.DDL(statement))


def drop(connection: Any) -> None:
    """Takes them away again."""
    names = [("audit_entry_waits", "audit_entry"), *((f"{table}_kept", table) for table in KEPT)]
    if connection.dialect.name == "postgresql":
        for name, table in names:
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
        for table in KEPT:
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {table}_whole ON {table}"))
        connection.execute(sa.DDL("DROP FUNCTION IF EXISTS audit_entry_waits()"))
        connection.execute(sa.DDL("DROP FUNCTION IF EXISTS audit_kept()"))
        return
    for name, _table in names:
        for suffix in ("", "_update", "_delete"):
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {name}{suffix}"))


def _sqlite() -> list[str]:
    found = [
        "CREATE TRIGGER audit_entry_waits AFTER INSERT ON audit_entry BEGIN "
        "INSERT INTO audit_waiting (entry_id) VALUES (NEW.id); END"
    ]
    for table in KEPT:
        for act in ("update", "delete"):
            found.append(
                f"CREATE TRIGGER {table}_kept_{act} BEFORE {act.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    return found


def _postgresql() -> list[str]:
    found = [
        "CREATE FUNCTION audit_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO audit_waiting (entry_id) VALUES (NEW.id); RETURN NULL; END $$",
        "CREATE TRIGGER audit_entry_waits AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_waits()",
        f"CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    ]
    for table in KEPT:
        found.append(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_kept()")
        found.append(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()")
    return found
