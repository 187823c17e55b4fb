"""Alembic environment: SQLite rebuilds with foreign keys off (a rebuild drops child rows otherwise), own types rendered plainly."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text

from caseapp.extensions import db

config = context.config


def render_item(kind: str, item: Any, _autogen: Any) -> Any:
    """Renders our column types as what they are in the database, so that migrations import nothing of ours."""
    if kind == "type" and type(item).__module__.startswith("caseapp"):
        return "sa." + repr(item.impl_instance)
    return False


def run() -> None:
    """Runs the migrations on one connection."""
    engine = db.engine.execution_options(intent="write")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # must be outside a transaction to have an effect
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"migration left {len(broken)} broken references")


assert current_app
run()
