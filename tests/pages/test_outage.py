"""The database full, shut for writing, or gone: a sentence and what was typed; all is well again without a restart."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from caseapp.access import standing
from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.core.errors import NotFound
from caseapp.extensions import db
from caseapp.models.casework import Visit
from caseapp.queries.casework import today
from tests import rows

TYPED = "She asked for coal before the frost"


@contextmanager
def full(engine: Any, _request: Any) -> Iterator[None]:
    """No page of the file is free, and none may be added."""
    with spoilt(engine, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count=1")):
        yield


@contextmanager
def shut(engine: Any, _request: Any) -> Iterator[None]:
    """The file can be read only."""

    def reading(_dialect: Any, _record: Any, given: list[Any], options: dict[str, Any]) -> None:
        given[0], options["uri"] = f"{Path(given[0]).as_uri()}?mode=ro", True

    with spoilt(engine, "do_connect", reading):
        yield


@contextmanager
def gone(_engine: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """PostgreSQL is stopped, and started again."""
    server = request.getfixturevalue("postgres_own")
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def spoilt(engine: Any, event: str, what: Callable[..., None]) -> Iterator[None]:
    """New connections are like this for a while."""
    with engine.app.app_context():
        live = db.engine
    live.dispose()
    sa.event.listen(live, event, what, retval=False)
    try:
        yield
    finally:
        sa.event.remove(live, event, what)
        live.dispose()


@pytest.mark.parametrize(
    ("engine", "outage", "words"),
    [
        ("sqlite", full, "disk is full"),
        ("sqlite", shut, "cannot write to its disk"),
        ("postgresql", gone, "does not answer"),
    ],
    indirect=["engine"],
)
def test_what_was_typed_is_kept_and_all_is_well_again(
    engine: Any, web: Any, request: pytest.FixtureRequest, outage: Any, words: str
) -> None:
    with engine.app.app_context(), system_session("a person", write=True) as session:
        client_id = rows.client(session, engine.cast, "Riverside", "Wang").id
    bo = web("bo")
    url = f"/visits/new?client={client_id}"
    data = bo.get(url).form() | {"outcome": "done", "note": f"{TYPED}. " + "It was cold. " * 300}
    with outage(engine, request):
        page = bo.post(url, data, status=503)
        assert words in page.words and TYPED in page.text
        body = {"outcome": "done", "happened_on": clock.today().isoformat(), "note": data["note"]}
        headers = {"Authorization": f"Bearer {bo.token}"}
        told = bo.client.post(f"/api/v1/clients/{client_id}/visits", json=body, headers=headers)
        assert (
            told.status_code == 503
            and told.json["code"] == "unavailable"
            and "sqlite" not in told.text.lower()
            and "psycopg" not in told.text
        )
        assert engine.app.test_client().get("/healthz").status_code == 200
    assert "Visit saved" in bo.post(url, data).words  # the very form that was refused
    with engine.app.app_context(), system_session("look") as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1


def refused() -> None:
    raise NotFound


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "next_use", [lambda: standing.again(db.session()), refused], ids=["rights are told", "it is rolled back"]
)
def test_a_connection_lost_between_two_statements_is_an_outage_too(
    engine: Any, web: Any, monkeypatch: pytest.MonkeyPatch, next_use: Callable[[], None]
) -> None:
    """Wherever it is found out, also outside of SQLAlchemy's own statements."""
    bo = web("bo")

    def lost(*_arguments: Any, **_more: Any) -> None:
        pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(sa.text("RESET ROLE"))
            assert other.scalar(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        next_use()

    with monkeypatch.context() as patch:
        patch.setattr(today, "desk", lost)
        assert "does not answer" in bo.get("/", status=503).words
    bo.get("/")
