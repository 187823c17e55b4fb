"""What takes PostgreSQL too long is cut off, and whoever waited is told so in words."""

from typing import Any

import pytest
import sqlalchemy as sa

from caseapp import config
from caseapp.adapters import rights
from caseapp.extensions import db
from caseapp.queries.casework import today

on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # SQLite has none of these


@on_postgresql
def test_a_connection_that_serves_has_the_settings_times(app: Any) -> None:
    asked = {"CASEAPP_ENV": "test", "CASEAPP_STATEMENT_TIMEOUT": "1234", "CASEAPP_LOCK_TIMEOUT": "0"}
    settings = config.from_environment(asked)
    made = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    rights.attach(made, settings.timeouts)
    with made.connect() as connection:
        found = [connection.scalar(sa.text(f"SHOW {name}")) for name in settings.timeouts]
    assert found == ["1234ms", "0", "1min"]
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0", "a command's work may take long"
    for wrong in ("-1", "soon"):
        with pytest.raises(config.BadSettings, match="CASEAPP_LOCK_TIMEOUT"):
            config.from_environment(asked | {"CASEAPP_LOCK_TIMEOUT": wrong})


@on_postgresql
@pytest.mark.parametrize(
    ("fault", "words"),
    [("SELECT pg_sleep(5)", "took the database longer"), ("SELECT 1 FROM setting FOR UPDATE", "Somebody else is writing")],
)
def test_what_is_cut_off_is_told_in_words(engine: Any, web: Any, monkeypatch: Any, fault: str, words: str) -> None:
    """On the page and, as a problem, by the API; nothing inner is told, and the next request finds all in order."""
    bo = web("bo")

    def slow(*_arguments: Any, **_more: Any) -> Any:
        db.session.execute(sa.text("SELECT set_config('statement_timeout', '60', true), set_config('lock_timeout', '20', true)"))
        db.session.execute(sa.text(fault))

    with engine.app.app_context(), db.engine.connect() as other:
        if "FOR UPDATE" in fault:
            other.execute(sa.text("LOCK TABLE setting IN EXCLUSIVE MODE"))
        with monkeypatch.context() as patch:
            patch.setattr(today, "desk", slow)
            page = bo.client.get("/", headers=bo.headers, follow_redirects=True)
        other.rollback()
    assert page.status_code == 503 and words in page.get_data(as_text=True) and "pg_" not in page.get_data(as_text=True)
    bo.get("/")
