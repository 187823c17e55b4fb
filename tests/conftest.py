"""Fixtures: an app on each engine from migrations, a fresh copy of its database per test, the cast, a signed-in client."""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from xdist.scheduler import LoadFileScheduling

from caseapp import config, create_app
from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.adapters import queue
from caseapp.cli.drill import postgres
from caseapp.extensions import db, intent
from tests import cast as cast_module
from tests import engines
from tests.page import Browser

# files that take minutes begin first, so that both workers end together; the others follow as pytest-randomly has shuffled them
LONG_FILES = (
    "house/test_bad_pages.py",
    "house/test_bad_forms.py",
    "e2e/test_crawl_phone.py",
    "house/test_doors.py",
    "e2e/test_crawl_desktop.py",
    "api/test_openapi_fuzz.py",
    "house/test_bad_calls.py",
    "pages/affairs/test_closed_to_others.py",
    "house/test_trail_complete.py",
    "services/trust/test_planted_person.py",
    "house/test_browser_safety.py",
)
TOGETHER = {"tests/house/test_bad_forms.py": "tests/house/test_bad_pages.py"}  # on one process, for what they share
HERE = Path(__file__).resolve().parent
KEY = "0123456789abcdef" * 4
gc.freeze()  # what was imported lives on; the collector need not look at it, nor at the rest after every few objects
gc.set_threshold(100_000, 50, 100)


@sa.event.listens_for(sa.Engine, "connect")
def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """No test outlives a power cut; said after the product has said that it must."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@dataclass
class Engine:
    """An engine with an app whose database is a copy of the migrated template with the cast."""

    name: str
    app: Flask
    cast: cast_module.Cast
    fresh: Callable[[], None]
    keep: Callable[[str], None]  # what stands there now, under a name
    put: Callable[[str], bool]  # that again, into a fresh database; False where nothing is kept


def settings(url: str, folder: Path) -> config.Settings:
    """Settings of a test app."""
    return config.from_environment(
        {
            "CASEAPP_ENV": "test",
            "CASEAPP_DATABASE_URL": url,
            "CASEAPP_INSTANCE": str(folder),
            "CASEAPP_DATA_KEYS": KEY,
            "CASEAPP_POOL": "4",
            "CASEAPP_EXPLORATION": "4",
        }
    )


def prepare(app: Flask) -> cast_module.Cast:
    """Migrations from nothing, then the cast."""
    with app.app_context():
        flask_migrate.upgrade()
        with system_session("the cast", write=True) as session:
            cast = cast_module.write(session)
        db.engine.dispose()
    return cast


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """SQLite: the template is a file, a fresh database is a copy of it."""
    folder = tmp_path_factory.mktemp("sqlite")
    live, template = folder / "live.sqlite3", folder / "template.sqlite3"
    app = create_app(settings(f"sqlite:///{live}", folder))
    cast = prepare(app)
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(template)) as copy:
        source.backup(copy)

    def copied(source: Path) -> bool:
        if not source.exists():
            return False
        with app.app_context():
            db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{live}{suffix}").unlink(missing_ok=True)
        shutil.copy(source, live)
        return True

    def keep(name: str) -> None:
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(folder / f"{name}.kept")) as copy:
            source.backup(copy)

    return Engine(
        "sqlite", app, cast, fresh=lambda: copied(template) and None, keep=keep, put=lambda name: copied(folder / f"{name}.kept")
    )


@pytest.fixture(scope="session")
def postgres_own() -> Iterator[postgres.Server | None]:
    """A server of this worker's own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="caseapp-pg-")))
        yield stack.enter_context(engines.postgres_server(folder))


@pytest.fixture(scope="session")
def postgres_address(postgres_own: postgres.Server | None) -> str | None:
    """Its address without a database name."""
    return postgres_own.address if postgres_own else None


@pytest.fixture(scope="session")
def postgres_engine(postgres_address: str | None, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """PostgreSQL: a fresh database is the live one with every table that was written put back as the cast left it."""
    if postgres_address is None:
        missing("PostgreSQL")
    app = create_app(settings(f"{postgres_address}/live", tmp_path_factory.mktemp("pg")))
    admin = sa.create_engine(f"{postgres_address}/postgres", isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE live"))
    cast = prepare(app)
    live = engines.Restored(app, admin)
    return Engine("postgresql", app, cast, live.fresh, live.keep, live.put)


def missing(part: str) -> None:
    """Skips for want of a real part, by name; with CI=true that is a failure."""
    engines.MISSING.setdefault(part, "not on this machine")
    if os.environ.get("CI") == "true":
        pytest.fail(f"{part} is missing and CI=true")
    pytest.skip(f"{part} is missing")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Both engines, one after the other, each with a fresh database."""
    chosen: Engine = request.getfixturevalue({"sqlite": "sqlite_engine", "postgresql": "postgres_engine"}[request.param])
    yield from use(chosen)


@pytest.fixture
def sqlite(sqlite_engine: Engine) -> Iterator[Engine]:
    """SQLite alone, for what does not depend on the engine."""
    yield from use(sqlite_engine)


def use(chosen: Engine) -> Iterator[Engine]:
    """A fresh database for one test, torn down after; work is done at once, whatever an app of another test was told."""
    chosen.fresh()
    queue.configure(immediate=True)
    yield chosen


@pytest.fixture
def app(engine: Engine) -> Iterator[Flask]:
    """The app on the test's engine with an app context pushed: services and queries can be called."""
    with engine.app.app_context():
        intent.set("write")  # a page of an earlier test may have left "read"
        yield engine.app
        db.session.rollback()


@pytest.fixture
def cast(engine: Engine) -> cast_module.Cast:
    """The cast on the test's engine."""
    return engine.cast


@pytest.fixture
def as_(app: Flask, cast: cast_module.Cast) -> Callable[[str], Any]:
    """`actor = as_("bo")` binds the session to a person of the cast, as a request would."""

    def become(name: str) -> Any:
        db.session.rollback()
        db.session.expunge_all()
        guard.bind(db.session, None)
        actor = cast.actor(name)
        db.session.rollback()
        guard.bind(db.session, actor)
        return actor

    return become


@pytest.fixture
def web(engine: Engine) -> Callable[..., Browser]:
    """`bo = web("bo")` is a browser signed in as Bo; `web(None)` a stranger's; pages are checked as they come."""
    return lambda name, **more: Browser(engine, name, **more)


@pytest.fixture
def client(engine: Engine) -> FlaskClient:
    """A bare test client."""
    return engine.app.test_client()


@pytest.fixture
def statements() -> Callable[[], Any]:
    """`with statements() as sent:` gathers the SQL statements sent meanwhile, transaction control left out."""

    @contextmanager
    def gather() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                sent.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return gather


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first."""
    order = {name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: order.get(item.path.relative_to(HERE).as_posix(), len(order)))


class _ByFile(LoadFileScheduling):
    """A file runs on one process, and what shares a dear fixture with it."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return TOGETHER.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByFile:
    """Whatever `--dist` says."""
    return _ByFile(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Names the real parts that were missing."""
    for part, why in engines.MISSING.items():
        terminalreporter.write_line(f"MISSING: {part}: {why}", yellow=True)
