"""Indexes set aside while a database is filled in bulk, and made in one go afterwards. PostgreSQL only."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session


def aside(session: Session, tables: Iterable[str]) -> list[str]:
    """Takes the indexes of the tables away, those of constraints aside; returns the statements that make them again."""
    found = session.execute(
        sa.text(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = ANY "
            "(CAST(:tables AS regclass[])) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
        ),
        {"tables": ['"' + table.strip('"') + '"' for table in tables]},
    ).all()
    for name, _definition in found:
        session.execute(sa.text(f"DROP INDEX {name}"))
    return [definition.replace(":", "\\:") for _name, definition in found]


def again(session: Session, statements: Iterable[str]) -> None:
    """Makes them, with room to sort in."""
    session.execute(sa.text("SET LOCAL maintenance_work_mem = '256MB'"))
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    for statement in statements:
        session.execute(sa.text(statement))
