"""Takes the pictures of README's tour from a running demo: `python -m devtools.tour http://127.0.0.1:8000`.

They are made in a real Chromium from the demo's invented people, so they show what the product is, not what it should be. Chromium
is taken from the path, as the tests take it.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from devtools.png import slim

OUT = Path(__file__).resolve().parent.parent / "docs" / "tour"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def first(selector: str, start: str) -> Callable[[Page, str], None]:
    """Goes to an address and follows the first link that fits."""

    def go(page: Page, base: str) -> None:
        page.goto(base + start)
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return go


def at(path: str) -> Callable[[Page, str], None]:
    """Goes to an address."""
    return lambda page, base: page.goto(base + path) and None


def in_service(page: Page, base: str) -> None:
    """The first case in service whose file shows a family of three."""
    page.goto(base + "/elderly/cases?status=serving")
    files = page.locator("main table th a").evaluate_all("all => all.map(a => a.href)")
    for file in files:
        page.goto(file)
        if page.locator(".genogram g").count() >= 3 and page.locator(".goal").count():
            return


PICTURES: tuple[tuple[str, str, str, dict[str, int], Callable[[Page, str], None]], ...] = (
    ("today-zh", "worker", "zh-CN", DESKTOP, at("/")),
    ("today-en-phone", "worker", "en", PHONE, at("/")),
    ("visit-en-phone", "worker", "en", PHONE, first("ul.work a[href^='/visits/new']", "/")),
    ("round-zh-phone", "worker", "zh-CN", PHONE, first("main ul a", "/visits/round")),
    ("case-zh", "worker", "zh-CN", DESKTOP, in_service),
    ("case-en", "worker", "en", DESKTOP, in_service),
    ("review-zh", "township", "zh-CN", DESKTOP, first("main ul.queue a", "/")),
    ("county-zh-phone", "county", "zh-CN", PHONE, at("/")),
    ("figures-zh", "county", "zh-CN", DESKTOP, at("/statistics/")),
    ("figures-en", "province", "en", DESKTOP, at("/statistics/")),
)


def main(base: str) -> None:
    """Every picture, each in a session of its own."""
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, user, locale, size, go in PICTURES:
            take(browser, base, name, user, locale, size, go)
        browser.close()


def take(
    browser: Any, base: str, name: str, user: str, locale: str, size: dict[str, int], go: Callable[[Page, str], None]
) -> None:
    """Signs in, goes there, takes the picture of what is seen first."""
    context = browser.new_context(viewport=size, locale=locale)
    page = context.new_page()
    page.goto(base + "/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", "caseapp-demo")
    page.locator("main button.btn-primary").click()
    page.wait_for_load_state()
    go(page, base)
    picture = slim(page.context.browser.new_page(), page.screenshot())
    (OUT / f"{name}.png").write_bytes(picture)
    print(f"{name}: {len(picture) // 1024} kB, {page.title()}")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
