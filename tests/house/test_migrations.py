"""Migrations: from nothing, equal to the models, one head, down and up again, on both engines; SQLite keeps child rows."""

from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from caseapp.access.system import system_session
from caseapp.extensions import db
from caseapp.models import organisation as o

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def test_one_head_and_the_pinned_one() -> None:
    heads = ScriptDirectory(str(FOLDER)).get_heads()
    assert heads == [(FOLDER / ".head").read_text().strip()]


def test_the_models_are_what_the_migrations_make(engine: Any) -> None:
    with engine.app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, db.metadata) if not _of_another(d)]
        connection.rollback()
    assert differences == []


def _of_another(difference: Any) -> bool:
    return difference[0] == "remove_table" and difference[1].name == "alembic_version"


def test_down_and_up_again(engine: Any) -> None:
    with engine.app.app_context():
        flask_migrate.downgrade(revision="base")
        left = [name for name in sa.inspect(db.engine).get_table_names() if name != "alembic_version"]
        assert left == []
        flask_migrate.upgrade()
        with system_session("after") as session:
            assert session.scalar(select(func.count()).select_from(o.Organisation)) == 0


def test_upgrade_on_data_changes_nothing_twice(engine: Any) -> None:
    """The newest migration run on a database that holds rows leaves them as they are."""
    with engine.app.app_context():
        with system_session("before") as session:
            before = session.scalar(select(func.count()).select_from(o.Grant))
        flask_migrate.upgrade()
        with system_session("after") as session:
            assert session.scalar(select(func.count()).select_from(o.Grant)) == before


def test_readyz_knows_whether_the_migrations_fit(engine: Any) -> None:
    client = engine.app.test_client()
    assert (client.get("/readyz").status_code, client.get("/readyz").json) == (200, {"status": "ok"})
    with engine.app.app_context():
        flask_migrate.downgrade()
    late = client.get("/readyz")
    assert late.status_code == 503 and "the program needs" in late.json["status"]
    assert client.get("/healthz").status_code == 200
