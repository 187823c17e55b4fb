"""A live server and a real Chromium: journeys on a phone in Chinese, then a crawl over all pages in the other width and language."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import Engine, missing

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(os.environ.get("CASEAPP_SHOTS", "test-artifacts"))
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


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


@pytest.fixture
def live(sqlite: Engine) -> Iterator[str]:
    """The app of the SQLite engine on a loopback port."""
    server = make_server("127.0.0.1", 0, sqlite.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def visitor(chromium: Browser, live: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., "Visitor"]]:
    """`bo = visitor("bo")` signs in through the login page; console errors and failed loads fail the test."""
    opened: list[Visitor] = []

    def open_for(name: str, size: dict[str, Any] = PHONE, locale: str = "zh-CN") -> Visitor:
        found = Visitor(chromium.new_context(locale=locale, **size), live, name)
        opened.append(found)
        return found

    yield open_for
    failed = getattr(request.node, "rep_call", None) and request.node.rep_call.failed
    for found in opened:
        if failed:
            SHOTS.mkdir(exist_ok=True)
            found.page.screenshot(path=str(SHOTS / f"{request.node.name[:60]}-{found.name}.png"), full_page=True)
        found.context.close()
        assert failed or found.complaints == [], found.complaints


class Visitor:
    """One signed-in person in one browser context."""

    def __init__(self, context: BrowserContext, address: str, name: str) -> None:
        self.context, self.address, self.name = context, address, name
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)
        self.sign_in()

    def _console(self, message: Any) -> None:
        expected = "Failed to load resource" in message.text and " 4" in message.text  # a refused form is told so
        if message.type == "error" and not expected:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"loads from elsewhere: {request.url}")

    def sign_in(self) -> None:
        """Through the page, as a person would."""
        from tests.cast import PASSWORD

        self.go("/login")
        self.page.fill("[name=username]", self.name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button.btn-primary, main button[type=submit], main form button")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def go(self, path: str) -> Page:
        """Opens a path; a 5xx fails."""
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"
        return self.page


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keeps the outcome where fixtures can see it, for screenshots of failures."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    setattr(item, f"rep_{report.when}", report)
