"""Triggers around the trail, on both engines: a new entry waits for its number; what is written is never changed, and removed only
where an archive holds it."""

from typing import Any

import sqlalchemy as sa

KEPT = ("audit_entry", "audit_number", "audit_seal")
ARCHIVE = "audit_archive"
LET_GO = ("audit_entry", "audit_number")  # what may go once an archive holds it
REFUSAL = "the trail is append-only"


def add(connection: Any) -> None:
    """Makes the triggers; called by the migration."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.execute(sa.DDL(statement))


def drop(connection: Any) -> None:
    """Takes them away again."""
    names = [("audit_entry_waits", "audit_entry"), *((f"{table}_kept", table) for table in (*KEPT, ARCHIVE))]
    names += [(f"{table}_let_go", table) for table in LET_GO]
    if connection.dialect.name == "postgresql":
        for name, table in names:
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
        for table in (*KEPT, ARCHIVE):
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {table}_whole ON {table}"))
        connection.execute(sa.DDL("DROP FUNCTION IF EXISTS audit_let_go()"))
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


def add_archive(connection: Any) -> None:
    """Archives are kept like the rest; entries and numbers that one holds may be removed. Called by the migration of archives."""
    for statement in _archive_postgresql() if connection.dialect.name == "postgresql" else _archive_sqlite():
        connection.execute(sa.DDL(statement))


def _archive_sqlite() -> list[str]:
    held = {
        "audit_entry": "SELECT 1 FROM audit_number n JOIN audit_archive a ON n.number BETWEEN a.first AND a.last "
        "WHERE n.entry_id = OLD.id",
        "audit_number": "SELECT 1 FROM audit_archive a WHERE OLD.number BETWEEN a.first AND a.last",
    }
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    found = [f"CREATE TRIGGER {ARCHIVE}_kept_{act} BEFORE {act.upper()} ON {ARCHIVE} {refuse}" for act in ("update", "delete")]
    for table, condition in held.items():
        found.append(f"DROP TRIGGER {table}_kept_delete")
        found.append(f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({condition}) {refuse}")
    return found


def _archive_postgresql() -> list[str]:
    found = [
        "CREATE FUNCTION audit_let_go() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE held bigint; BEGIN "
        "IF TG_TABLE_NAME = 'audit_number' THEN held := OLD.number; "
        "ELSE SELECT number INTO held FROM audit_number WHERE entry_id = OLD.id; END IF; "
        "IF held IS NULL OR NOT EXISTS (SELECT 1 FROM audit_archive WHERE held BETWEEN first AND last) THEN "
        "RAISE EXCEPTION 'the trail is append-only'; END IF; RETURN OLD; END $$",
        f"CREATE TRIGGER {ARCHIVE}_kept BEFORE UPDATE OR DELETE ON {ARCHIVE} FOR EACH ROW EXECUTE FUNCTION audit_kept()",
        f"CREATE TRIGGER {ARCHIVE}_whole BEFORE TRUNCATE ON {ARCHIVE} FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()",
    ]
    for table in LET_GO:
        found.append(f"DROP TRIGGER {table}_kept ON {table}")
        found.append(f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_kept()")
        found.append(f"CREATE TRIGGER {table}_let_go BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_let_go()")
    return found
