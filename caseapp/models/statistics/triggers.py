"""What the database itself sees to: it marks the stations whose rows changed, and refuses to change settled facts.

Triggers and not code of services, so that imports, merges and repairs by hand cannot pass by. A migration that makes one of these
tables anew on SQLite (`batch_alter_table`) loses its triggers: call `make` at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Marked:
    """A table that figures are counted from: the columns they read, where the station stands, the day of what it tells."""

    table: str
    columns: tuple[str, ...]
    path: str = "station_path"
    day: str | None = None
    on: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


MARKED = (
    Marked("enrolment", ("station_path", "client_id", "from_on", "to_on", "end_reason", "created_at", "ended_at")),
    Marked("client", ("station_path", "birth_on", "birth_precision", "sex")),
    Marked("identity_document", ("station_path", "client_id", "number_index", "voided_at")),
    Marked("target_tag", ("station_path", "client_id", "case_id", "code", "status", "from_on", "to_on")),
    # a visit counts by its persons, who are written after it
    Marked("visit", ("station_path", "kind", "happened_on", "moved_from_id", "created_at"), day="happened_on", on=("UPDATE",)),
    Marked("visit_person", ("station_path", "client_id", "visit_id", "happened_on", "outcome", "voided"), day="happened_on"),
    Marked(
        "service_record",
        (
            "station_path",
            "client_id",
            "visit_id",
            "kind",
            "item",
            "topic",
            "happened_on",
            "head_count",
            "minutes",
            "voided_at",
            "created_at",
        ),
        day="happened_on",
    ),
    Marked(
        "assessment",
        ("station_path", "client_id", "instrument", "reason", "state", "level", "assessed_on", "confirmed_at", "voided_at"),
        day="assessed_on",
    ),
    Marked(
        "case",
        (
            "station_path",
            "client_id",
            "household_id",
            "domain",
            "status",
            "opened_on",
            "closed_on",
            "closing_reason",
            "created_at",
        ),
    ),
    Marked("case_event", ("station_path", "case_id", "step", "to_status", "happened_on", "at")),
    Marked("referral", ("from_path", "kind", "status", "sent_at", "decided_on", "ended_at"), path="from_path"),
    Marked("referral_request", ("station_path", "referral_id", "client_id")),
    Marked(
        "aid_request",
        ("station_path", "client_id", "household_id", "state", "first_handed_in_on", "first_handed_in_at", "answered_on"),
    ),
    Marked(
        "governance_request",
        ("station_path", "client_id", "state", "asked_on", "due_on", "answered_on", "satisfied", "created_at"),
    ),
    Marked("affairs_needs_look", ("station_path", "case_id", "looked_on", "voided_at", "created_at")),
    Marked("affairs_need", ("station_path", "look_id", "kind", "wanted")),
    Marked("organisation", ("path", "kind", "division_code"), path="path"),
)
SETTLED = "the facts of this period are settled"
FROZEN = "SELECT 1 FROM stat_snapshot s WHERE s.period = {row}.period AND s.frozen_at IS NOT NULL"


def make(connection: Any) -> None:
    """Makes all of them, on either engine; of columns that a later migration adds nothing is said yet."""
    inspector = sa.inspect(connection)
    held = {marked.table: {column["name"] for column in inspector.get_columns(marked.table)} for marked in MARKED}
    known = [replace(marked, columns=tuple(c for c in marked.columns if c in held[marked.table])) for marked in MARKED]
    for statement in _postgresql(known) if connection.dialect.name == "postgresql" else _sqlite(known):
        connection.execute(sa.DDL(statement.replace("%", "%%")))


def drop(connection: Any) -> None:
    """Takes all of them away."""
    is_postgresql = connection.dialect.name == "postgresql"
    for marked in MARKED:
        for event in marked.on:
            on = f' ON "{marked.table}"' if is_postgresql else ""
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {_name(marked, event)}{on}"))
        if is_postgresql:
            connection.execute(sa.DDL(f"DROP FUNCTION IF EXISTS stat_mark_{marked.table}()"))
    for table, events in KEPT.items():
        for event in (*events, "TRUNCATE") if is_postgresql else events:
            on = f" ON {table}" if is_postgresql else ""
            connection.execute(sa.DDL(f"DROP TRIGGER IF EXISTS {table}_kept_{event.lower()}{on}"))
        if is_postgresql:
            connection.execute(sa.DDL(f"DROP FUNCTION IF EXISTS {table}_kept()"))
    if is_postgresql:
        connection.execute(sa.DDL(f"DROP FUNCTION IF EXISTS {TRUNCATED}()"))


KEPT = {"stat_fact": ("INSERT", "UPDATE", "DELETE"), "stat_snapshot": ("UPDATE", "DELETE")}
TRUNCATED = "stat_kept_truncated"


def _name(marked: Marked, event: str) -> str:
    return f"stat_mark_{marked.table}_{event.lower()}"


def _event(marked: Marked, event: str) -> str:
    return f"UPDATE OF {', '.join(marked.columns)}" if event == "UPDATE" else event


def _twins(row: str) -> str:
    """Whoever has the same number at another station may count here or there."""
    return f"SELECT DISTINCT d.station_path FROM identity_document d WHERE d.number_index = {row}.number_index"


def _sqlite(known: Sequence[Marked]) -> list[str]:
    found = []
    for marked in known:
        for event in marked.on:
            lines = [
                _sqlite_mark(marked, row) for row in ("OLD", "NEW") if (row, event) not in (("OLD", "INSERT"), ("NEW", "DELETE"))
            ]
            if marked.table == "identity_document":
                rows = ("OLD",) if event == "DELETE" else ("NEW",) if event == "INSERT" else ("OLD", "NEW")
                lines += [
                    f"INSERT INTO stat_mark (station_path, what) SELECT t.station_path, 'identity_document' FROM ({_twins(row)}) t;"
                    for row in rows
                ]
            found.append(
                f'CREATE TRIGGER {_name(marked, event)} AFTER {_event(marked, event)} ON "{marked.table}" BEGIN {" ".join(lines)} END'
            )
    for table, events in KEPT.items():
        for event in events:
            rows = (
                ("NEW",) if event == "INSERT" else ("OLD",) if event == "DELETE" or table == "stat_snapshot" else ("OLD", "NEW")
            )
            when = (
                " OR ".join(f"EXISTS ({FROZEN.format(row=row)})" for row in rows)
                if table == "stat_fact"
                else "OLD.frozen_at IS NOT NULL"
            )
            found.append(
                f"CREATE TRIGGER {table}_kept_{event.lower()} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{SETTLED}'); END"
            )
    return found


def _sqlite_mark(marked: Marked, row: str) -> str:
    """Only one writes at a time here: a mark that stands already need not be set again."""
    day = f"{row}.{marked.day}" if marked.day else "NULL"
    return (
        f"INSERT INTO stat_mark (station_path, what, from_on) SELECT {row}.{marked.path}, '{marked.table}', {day} WHERE NOT EXISTS "
        f"(SELECT 1 FROM stat_mark m WHERE m.station_path = {row}.{marked.path} AND m.what = '{marked.table}' AND m.from_on IS {day});"
    )


def _postgresql(known: Sequence[Marked]) -> list[str]:
    """Marks are only added: one that another transaction is about to take must not keep ours from being set."""
    found = []
    for marked in known:

        def mark(row: str, marked: Marked = marked) -> str:
            day = f"{row}.{marked.day}" if marked.day else "NULL"
            line = f"INSERT INTO stat_mark (station_path, what, from_on) VALUES ({row}.{marked.path}, '{marked.table}', {day});"
            if marked.table == "identity_document":
                line += (
                    f" INSERT INTO stat_mark (station_path, what) SELECT t.station_path, '{marked.table}' FROM ({_twins(row)}) t;"
                )
            return line

        same = " AND ".join(
            f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"
            for column in (marked.path, marked.day, "number_index" if marked.table == "identity_document" else None)
            if column
        )
        found.append(
            f"CREATE FUNCTION stat_mark_{marked.table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'DELETE' THEN {mark('NEW')} END IF; "
            f"IF TG_OP = 'DELETE' THEN {mark('OLD')} END IF; "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({same}) THEN {mark('OLD')} END IF; END IF; RETURN NULL; END $$"
        )
        found += [
            f'CREATE TRIGGER {_name(marked, event)} AFTER {_event(marked, event)} ON "{marked.table}" '
            f"FOR EACH ROW EXECUTE FUNCTION stat_mark_{marked.table}()"
            for event in marked.on
        ]
    return found + _postgresql_kept()


def _postgresql_kept() -> list[str]:
    """Facts come by hundred thousands: they are looked at once for each statement, with all its rows."""
    refuse = f"RAISE EXCEPTION '{SETTLED}'; END IF;"
    new, old = (
        f"IF EXISTS (SELECT 1 FROM {rows} r JOIN stat_snapshot s ON s.period = r.period WHERE s.frozen_at IS NOT NULL) THEN {refuse}"
        for rows in ("new_rows", "old_rows")
    )
    body = {
        "stat_fact": f"IF TG_OP <> 'DELETE' THEN {new} END IF; IF TG_OP <> 'INSERT' THEN {old} END IF; RETURN NULL;",
        "stat_snapshot": f"IF OLD.frozen_at IS NOT NULL THEN {refuse} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
    }
    seen = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }
    found = [
        f"CREATE FUNCTION {TRUNCATED}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS (SELECT 1 FROM stat_snapshot s WHERE s.frozen_at IS NOT NULL) THEN {refuse} RETURN NULL; END $$"
    ]
    for table, events in KEPT.items():
        found.append(f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body[table]} END $$")
        for event in events:
            when, each = (
                ("AFTER", f"REFERENCING {seen[event]} FOR EACH STATEMENT") if table == "stat_fact" else ("BEFORE", "FOR EACH ROW")
            )
            found.append(
                f"CREATE TRIGGER {table}_kept_{event.lower()} {when} {event} ON {table} {each} EXECUTE FUNCTION {table}_kept()"
            )
        found.append(
            f"CREATE TRIGGER {table}_kept_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {TRUNCATED}()"
        )
    return found
