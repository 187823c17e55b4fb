"""A live server and a real Chromium: journeys on a phone in Chinese, then a crawl over all pages in the other width and language.

Two worlds: the cast (a few rows that a test lays out itself) and a small demo (everything a town has, made once a process
and copied for every test).
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright
from werkzeug.serving import make_server

from caseapp import create_app
from caseapp.cli.demo.generate import generate
from caseapp.cli.demo.places import PASSWORD as DEMO_PASSWORD
from caseapp.core import clock
from caseapp.extensions import db, intent
from tests.cast import PASSWORD
from tests.conftest import Engine, missing, settings
from tests.e2e.visitor import PHONE, SHOTS, Visitor

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SEED, PEOPLE = 7, 120  # the first station has some 25 of them, with a case at every stage (cli/demo/stations.py)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    if CHROMIUM is None:
        missing("Chromium")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the session."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """An app on a loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def live(sqlite: Engine) -> Iterator[str]:
    """The cast's app."""
    with served(sqlite.app) as address:
        yield address


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path, Path]:
    """A small demo: its app, the live database, the copy it is set back to."""
    folder = tmp_path_factory.mktemp("town")
    live, template = folder / "live.sqlite3", folder / "template.sqlite3"
    app = create_app(settings(f"sqlite:///{live}", folder))
    with app.app_context():
        intent.set("write")
        flask_migrate.upgrade()
        generate(SEED, clock.today(), PEOPLE, lambda _line: None, released=2)
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(template)) as copy:
        source.backup(copy)
    return app, live, template


@pytest.fixture
def demo(demo_made: tuple[Flask, Path, Path]) -> Flask:
    """The small demo as it was made."""
    app, live, template = demo_made
    with app.app_context():
        db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{live}{suffix}").unlink(missing_ok=True)
    shutil.copy(template, live)
    return app


@pytest.fixture
def town(demo: Flask) -> Iterator[str]:
    """The small demo on a loopback port."""
    with served(demo) as address:
        yield address


@contextmanager
def doorstep(chromium: Browser, address: str, password: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Opens browsers; console errors and loads from elsewhere fail the test, a failed test leaves a picture of each."""
    opened: list[Visitor] = []

    def open_for(name: str | None, size: dict[str, Any] = PHONE, locale: str = "zh-CN", **more: Any) -> Visitor:
        found = Visitor(chromium.new_context(locale=locale, **size, **more), address, name, password)
        opened.append(found)
        if name is not None:
            found.sign_in()
        return found

    yield open_for
    failed = getattr(request.node, "rep_call", None) and request.node.rep_call.failed
    for found in opened:
        if failed:
            SHOTS.mkdir(exist_ok=True)
            found.page.screenshot(path=str(SHOTS / f"{request.node.name[:60]}-{found.name}.png"), full_page=True)
        found.context.close()
        assert failed or found.complaints == [], found.complaints


@pytest.fixture
def visitor(chromium: Browser, live: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """`bo = visitor("bo")` signs a person of the cast in through the login page."""
    with doorstep(chromium, live, PASSWORD, request) as open_for:
        yield open_for


@pytest.fixture
def person(chromium: Browser, town: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """`worker = person("worker")` signs an account of the small demo in; `person(None)` is a stranger."""
    with doorstep(chromium, town, DEMO_PASSWORD, request) as open_for:
        yield open_for


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keeps the outcome where fixtures can see it, for screenshots of failures."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    setattr(item, f"rep_{report.when}", report)
