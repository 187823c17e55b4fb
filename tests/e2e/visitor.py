"""One person in one browser: taps, types and reads as a person would, and counts taps and page loads."""

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(os.environ.get("CASEAPP_SHOTS", "test-artifacts"))
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PRESSED = "a, button, summary"
LEADS_ON = "e => e.matches('a[href]:not([href*=\"#\"]):not([href^=\"tel:\"])') || (e.matches('button') && e.type === 'submit')"


class Visitor:
    """A browser context with one page."""

    def __init__(self, context: BrowserContext, address: str, name: str | None, password: str) -> None:
        self.context, self.address, self.name, self.password = context, address, name, password
        self.complaints: list[str] = []
        self.taps = self.loads = 0
        self.page: Page = context.new_page()
        self.touch = bool(self.page.evaluate("navigator.maxTouchPoints"))
        self.page.set_default_timeout(8_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        expected = "Failed to load resource" in message.text and " 4" in message.text  # a refused form is told so
        if message.type == "error" and not expected:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"loads from elsewhere: {request.url}")
        if request.is_navigation_request() and not request.redirected_from:
            self.loads += 1

    # ------ by address: only to begin

    def go(self, path: str) -> Page:
        """Opens a path; a 5xx fails."""
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"
        return self.page

    def sign_in(self, name: str | None = None, password: str | None = None) -> None:
        """Through the page, as a person would."""
        if "/login" not in self.page.url:
            self.go("/login")
        self.page.fill("[name=username]", name or self.name or "")
        self.page.fill("[name=password]", password or self.password)
        self.page.click("main form button")
        self.page.wait_for_url(lambda url: "/login" not in url)

    # ------ by hand

    def tap(self, words: str, within: str = "body", *, nth: int = 0, stays: bool = False) -> None:
        """Taps the visible link, button or fold that says so: its whole words before words that merely hold them."""
        self._tap(self._pressed(words, within).nth(nth), stays=stays)

    def _pressed(self, words: str, within: str) -> Locator:
        everything = self.page.locator(within).locator(PRESSED).filter(visible=True)
        exact = everything.filter(has_text=re.compile(rf"^\s*{re.escape(words)}\s*$"))
        return exact if exact.count() else everything.filter(has_text=words)

    def tap_on(self, selector: str, nth: int = 0) -> None:
        """Taps what stands there, where the words differ from day to day."""
        self._tap(self.page.locator(selector).filter(visible=True).nth(nth))

    def tick(self, words: str, within: str = "main") -> None:
        """Taps a chip, a tile, a radio button or a check box by its words."""
        self._tap(self.page.locator(within).get_by_label(words, exact=True).filter(visible=True).first)

    def _tap(self, target: Locator, *, stays: bool = False) -> None:
        """Taps, and waits for the next page where the thing leads to one."""
        self.taps += 1
        press = target.tap if self.touch else target.click
        if not stays and target.evaluate(LEADS_ON):
            with self.page.expect_navigation():
                press()
        else:
            press()

    def type(self, label: str, words: str, within: str = "main", *, nth: int = 0) -> None:
        """Types into a field by its label; what stood there goes."""
        self._field(label, within).nth(nth).fill(words)

    def choose(self, label: str, words: str | None = None, within: str = "main", *, nth: int = 0) -> None:
        """Chooses in a select by its label: the option that says so, else the first real one."""
        select = self._field(label, within).nth(nth)
        options = select.locator("option")
        wanted = options.filter(has_text=words) if words else options.locator("xpath=self::*[@value!='']")
        select.select_option(value=wanted.first.get_attribute("value"))

    def _field(self, label: str, within: str) -> Locator:
        """A field by the start of its label: 「选填」 follows in the same words."""
        return self.page.locator(within).get_by_label(re.compile(rf"^\s*{re.escape(label)}")).filter(visible=True)

    # ------ by eye

    def sees(self, words: str, within: str = "body") -> None:
        """Fails unless the words are on the page and visible."""
        expect(self.page.locator(within).get_by_text(words).filter(visible=True).first).to_be_visible()

    def sees_not(self, words: str, within: str = "body") -> None:
        """Fails when the words are visible."""
        expect(self.page.locator(within).get_by_text(words).filter(visible=True)).to_have_count(0)

    def own_name(self) -> str:
        """Who is signed in, as the foot of the page says."""
        return self.page.locator("footer.foot span").last.inner_text().strip()

    def heading(self) -> str:
        """What the page calls itself."""
        return self.page.locator("h1").inner_text().strip()
