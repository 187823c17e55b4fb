"""Alembic environment: SQLite rebuilds with foreign keys off (a rebuild drops child rows otherwise), own types rendered plainly."""

from typing import Any

from alembic import context
from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import text

from caseapp.adapters import rights
from caseapp.extensions import db
from caseapp.models import wall

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
        to_build = _as_owner(connection)
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
            if to_build and wall.is_built(connection):
                wall.build(connection, rights.secret())
        connection.commit()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"migration left {len(broken)} broken references")
    if engine.dialect.name == "postgresql":
        db.engine.dispose()  # connections begin with their role, which may be new


def _as_owner(connection: Any) -> bool:
    """PostgreSQL: off with the role that requests are served under, and with the policies, unless there is nothing to do.

    Returns whether the wall is to be built once the migrations are through.
    """
    if connection.dialect.name != "postgresql":
        return False
    connection.execute(text("RESET ROLE"))
    connection.execute(
        text("SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout')")
    )
    is_built = wall.is_built(connection)
    is_moving = _wanted() not in (None, MigrationContext.configure(connection).get_current_revision())
    to_build = is_moving or (is_built and not wall.stands(connection, rights.secret()))
    if is_built and to_build:
        wall.open_up(connection)
    connection.commit()
    return to_build


def _wanted() -> Any:
    """The revision that this run goes to; None where it only looks."""
    try:
        return context.get_revision_argument() or "base"
    except KeyError:
        return None


assert current_app
run()
