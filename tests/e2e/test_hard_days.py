"""What goes wrong on a working day: a session that ends while one types, no script, no mouse, a slow line, a sheet of paper."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.organisation import UserSession
from tests.e2e.visitor import DESKTOP

VISIT = "ul.work a.btn[href*='/visits/new']"
STORY = "炕烧得热，说夜里还是睡不好"
MORE = "，约好下周带去卫生院"


def to_a_visit_form(worker: Any) -> None:
    worker.tap_on(VISIT)
    worker.tick("见到本人")


def signs_in_elsewhere(worker: Any, name: str) -> Any:
    """In another window of the same browser."""
    other = worker.context.new_page()
    other.goto(worker.address + "/login")
    other.fill("[name=username]", name)
    other.fill("[name=password]", worker.password)
    other.click("main form button")
    other.wait_for_url(lambda url: "/login" not in url)
    return other


def idle_out(demo: Any) -> None:
    """As if everybody had been away for a day."""
    with demo.app_context(), system_session("test: time passes", write=True) as session:
        session.execute(update(UserSession).values(seen_at=clock.now() - timedelta(days=1)))


def test_text_survives_a_session_that_idled_out(demo: Any, person: Any) -> None:
    """Typed, away too long, saved: the sign-in page says that nothing is lost; signed in again, the text is offered and saved."""
    worker = person("worker")
    to_a_visit_form(worker)
    worker.type("几句话", STORY)
    idle_out(demo)
    worker.tap("保存走访")
    worker.sees("离开时间太长")
    worker.sign_in()
    worker.tap_on("header.band a:has(.count)")
    worker.tap("继续写")
    expect(worker.page.locator("[name=note]")).to_have_value(STORY)
    expect(worker.page.locator("[name=outcome][value=done]")).to_be_checked()
    worker.tap("保存走访")
    worker.sees("走访已保存")
    worker.sees(STORY)
    assert worker.page.locator("header.band .count").count() == 0, "a saved form leaves no unfinished note"


def test_text_survives_a_cookie_that_is_gone(person: Any) -> None:
    """The page itself says so while one types, and saves again once one has signed in in another window."""
    worker = person("worker")
    worker.page.clock.install()
    to_a_visit_form(worker)
    worker.type("几句话", STORY)
    worker.page.clock.fast_forward(5_000)
    worker.sees(re.compile("草稿存于"))
    worker.context.clear_cookies()
    worker.type("几句话", STORY + MORE)
    worker.page.clock.fast_forward(5_000)
    worker.sees(re.compile("已退出登录"))
    signs_in_elsewhere(worker, "worker")
    worker.page.clock.fast_forward(10_000)
    worker.sees(re.compile("草稿存于"))
    worker.tap("保存走访")
    worker.sees("走访已保存")
    worker.sees(STORY + MORE)


def test_a_form_that_was_open_over_a_sign_out_keeps_its_text(person: Any) -> None:
    """Signed out and in again elsewhere, then sent at once: the text waits among the unfinished notes, and not for a colleague."""
    worker = person("worker")
    to_a_visit_form(worker)
    worker.type("几句话", STORY)
    worker.context.clear_cookies()
    signs_in_elsewhere(worker, "worker")
    worker.tap("保存走访")
    worker.sees("你写的内容已留下")
    worker.tap("继续写")
    expect(worker.page.locator("[name=note]")).to_have_value(STORY)


def test_a_colleague_on_the_same_computer_gets_no_text(person: Any) -> None:
    worker = person("worker")
    to_a_visit_form(worker)
    worker.type("几句话", STORY)
    worker.context.clear_cookies()
    other = signs_in_elsewhere(worker, "head")
    worker.tap("保存走访")
    assert STORY not in worker.page.content()
    other.goto(worker.address + "/account/drafts")
    assert other.get_by_text("没有没写完的记录").count() == 1


def test_a_visit_is_saved_without_script(person: Any) -> None:
    """Every block of the form is there, and what does not belong to the answer is left out by the server."""
    worker = person("worker", java_script_enabled=False)
    worker.tap_on(VISIT)
    worker.sees("为什么没见到")
    worker.tap("保存走访")
    worker.sees("还没有保存")
    worker.tick("见到本人")
    worker.type("几句话", STORY)
    worker.tap("保存走访")
    worker.sees("走访已保存")
    worker.sees(STORY)


def test_a_visit_is_saved_with_the_keyboard_alone(person: Any) -> None:
    """From the sign-in page to a saved visit by Tab, arrows, space and Enter; the focus can always be seen."""
    worker = person(None, DESKTOP)
    page = worker.go("/login")

    def tab_to(selector: str) -> None:
        for _step in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                look = "e => { const s = getComputedStyle(e), n = getComputedStyle(e.nextElementSibling || e); return s.outlineStyle + n.outlineStyle }"
                assert "solid" in page.evaluate(look, page.evaluate_handle("document.activeElement")), (
                    f"no focus ring on {selector}"
                )
                return
        pytest.fail(f"{selector} cannot be reached by Tab")

    tab_to("[name=username]")
    page.keyboard.type("worker")
    tab_to("[name=password]")
    page.keyboard.type(worker.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to("a.skip")
    page.keyboard.press("Enter")
    tab_to(VISIT)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to("[name=outcome]")
    page.keyboard.press("Space")
    expect(page.locator("[name=outcome][value=done]")).to_be_checked()
    tab_to("[name=findings]")
    page.keyboard.press("Space")
    tab_to("[name=note]")
    page.keyboard.type("ok")
    tab_to(".savebar .btn-primary")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    worker.sees("走访已保存")


HEAVIEST = 45 * 1024  # bytes of a first page as they travel


def test_a_first_page_is_light(person: Any) -> None:
    """Page, style sheet, scripts, icons: as served, compressed, with an empty cache."""
    weights = {}
    for name, way in (("sign-in", None), ("today", "/"), ("case file", "case"), ("visit form", "visit")):
        worker = person("worker" if way else None)
        if way == "case":
            worker.tap("个案", "nav.dock")
            path = worker.page.locator("main table th a").first.get_attribute("href")
        elif way == "visit":
            path = worker.page.locator("ul.work a.btn").first.get_attribute("href")
        else:
            path = way or "/login"
        weights[name] = weigh(worker, path)
    assert all(total <= HEAVIEST for total in weights.values()), weights


def weigh(visitor: Any, path: str) -> int:
    """Bytes of all answers of one page with nothing in the cache, by what the browser received."""
    session = visitor.context.new_cdp_session(visitor.page)
    received: list[float] = []
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    visitor.page.goto(visitor.address + path, wait_until="networkidle")
    session.detach()
    assert len(received) >= 5, "page, style sheet, scripts and icons"
    return int(sum(received))


def test_paper_carries_the_file_and_not_the_screen(person: Any) -> None:
    """Case file, visit sheet and round list as printed: no band, side, bar or button; title, signature line, who printed it."""
    worker = person("worker", DESKTOP)
    worker.go("/")
    case = worker.page.locator(".side a[href*='/elderly/cases']").get_attribute("href")
    worker.go(case + "?status=serving")
    worker.tap_on("main table th a")
    worker.tap("更多", ".head", stays=True)
    worker.tap("打印档案", ".head")
    on_paper(worker, "个案档案")
    on_screen(worker)
    worker.tap("回到档案")
    worker.tap_on(".timeline li.home .top a")
    worker.tap("签字单")
    on_paper(worker, "走访记录")
    on_screen(worker)
    worker.tap("集中走访", ".side")
    worker.tap_on("main ul.queue a")
    worker.tap("纸质名单")
    on_paper(worker, "走访名单")


def on_screen(visitor: Any) -> None:
    visitor.page.emulate_media(media="screen")
    visitor.page.set_viewport_size(DESKTOP["viewport"])


A4 = 627  # pixels between the margins of the sheet


def on_paper(visitor: Any, title: str) -> None:
    page = visitor.page
    page.set_viewport_size({"width": A4, "height": 900})
    page.emulate_media(media="print")
    wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
    assert page.eval_on_selector_all("html, .sheet, .scroll-table, .scroll-table .table, .signatures", wide) == [], (
        "fits on the paper"
    )
    for gone in ("header.band", ".side", "nav.dock", ".crumbs", "main button", "main .btn", "footer", ".skip"):
        assert page.locator(gone).filter(visible=True).count() == 0, gone
    expect(page.locator("h1.sheet-title")).to_contain_text(title)
    expect(page.locator(".signatures")).to_be_visible()
    expect(page.locator(".signatures")).to_contain_text("社工")
    expect(page.locator(".trace")).to_contain_text("打印")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator("details:not([open])").count() == 0 or page.evaluate("CSS.supports('selector(::details-content)')")
