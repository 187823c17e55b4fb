"""A worker's first days with a child on a phone in Chinese: a visit, the red button, the head told, receipts, answers, plan, closing."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details.children import ChildrenReport
from caseapp.models.organisation import User
from tests import children
from tests.conftest import missing
from tests.e2e.conftest import AXE


def tap(page: Page, words: str, within: str = "body") -> None:
    """The visible link or button that says exactly so, and the page it leads to."""
    pressed = (
        page.locator(within).locator("a, button").filter(has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")).filter(visible=True)
    )
    with page.expect_navigation():
        pressed.first.tap()


def tick(page: Page, words: str, within: str = "main") -> None:
    """A chip or radio by its words."""
    page.locator(within).get_by_label(words, exact=True).filter(visible=True).first.tap()


def fill(page: Page, label: str, words: str, nth: int = 0) -> None:
    """A field by the start of its label."""
    page.locator("main").get_by_label(re.compile(rf"^\s*{re.escape(label)}")).filter(visible=True).nth(nth).fill(words)


def sees(page: Page, words: str) -> None:
    """The words are on the page and visible."""
    expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()


def check(page: Page) -> None:
    """No serious axe finding, no sideways scroll."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    serious = [f"{f['id']}: {f['nodes'][0]['html'][:160]}" for f in found["violations"] if f["impact"] in ("serious", "critical")]
    assert serious == [], f"{page.url}: {serious}"
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"), page.url


def test_from_a_visit_to_a_closed_report(sqlite: Any, visitor: Any) -> None:
    if not AXE.exists():
        missing("axe-core (npm ci)")
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        for name in ("bo", "ann"):
            session.get(User, sqlite.cast.users[name]).language = "zh"
        child = children.child(session, sqlite.cast, "Riverside", "小雨", sqlite.cast.users["bo"])
        child_id = child.id
    bo = visitor("bo")
    page = bo.page

    bo.go(f"/visits/new?client={child_id}")
    tick(page, "见到本人")
    fill(page, "几句话", "一个人在家，两天没见大人")
    tap(page, "保存走访")
    bo.go(f"/clients/{child_id}")
    tap(page, "强制报告")
    check(page)
    tick(page, "被遗弃，或长期无人照料")
    fill(page, "看到什么，一句话", "孩子两天没有大人照看")
    tap(page, "保存报告")
    tick(page, "和我们在一起")
    check(page)
    tap(page, "保存，下一步")
    tick(page, "110")
    fill(page, "回执号", "JS-118")
    tap(page, "保存，下一步")
    tick(page, "民政部门")
    tap(page, "保存，下一步")
    fill(page, "看到的、听到的", "孩子说大人前天出门，没有留饭")
    check(page)
    tap(page, "保存，下一步")
    tick(page, "孩子的原话")
    tap(page, "保存，下一步")
    sees(page, "公安答复")
    sees(page, "JS-118")
    check(page)
    report = page.url

    ann = visitor("ann")
    ann.go("/")
    sees(ann.page, "强制报告：请马上看")
    ann.go("/children/reports")
    sees(ann.page, "小雨")
    check(ann.page)

    for place in range(2):
        page.goto(report)
        page.locator(".told").get_by_role("link", name=re.compile("回执和答复")).nth(place).tap()
        tick(page, "已受理")
        fill(page, "答复日期", clock.today().isoformat())
        tap(page, "保存")
    tap(page, "结果", "main .head")
    tick(page, "责令接受家庭教育指导")
    fill(page, "日期", clock.today().isoformat())
    tap(page, "保存")
    tap(page, "办结报告", "main .head")
    tap(page, "办结报告", "main form")
    sees(page, "已办结")

    tap(page, _case_link(page))
    case = page.url
    check(page)
    bo.go(case.replace(bo.address, "") + "/plan/edit")
    page.fill("[name=goals-0-text]", "每天有大人照看")
    page.fill("[name=goals-0-due_on]", (clock.today() + timedelta(days=60)).isoformat())
    tap(page, "保存计划")
    bo.go(f"/visits/new?client={child_id}&case={case.rsplit('/', 1)[1]}")
    tick(page, "见到本人")
    tap(page, "保存走访")
    takes(bo, case, "evaluate")
    bo.go(case.replace(bo.address, "") + "/close")
    sees(page, "不需要审批就能结案")
    tick(page, "目标达成")
    page.locator("fieldset[id^=outcome_] input").first.tap()
    tap(page, "保存，去结案")
    takes(bo, case, "close")
    with sqlite.app.app_context(), system_session("look") as session:
        report_row = session.scalars(select(ChildrenReport)).one()
        closed = session.get(c.Case, report_row.case_id)
        reviews = session.scalars(select(c.Review.kind).where(c.Review.case_id == closed.id)).all()
        assert (closed.status, closed.klass, report_row.state) == ("closed", "P3", "closed")
        assert report_row.minutes is not None and report_row.minutes < 5 and reviews == ["file_check"]


def takes(person: Any, case: str, step: str) -> None:
    """One step of the workflow, and the file again."""
    person.go(case.replace(person.address, "") + f"/steps/{step}")
    with person.page.expect_navigation():
        person.page.locator("main form .btn-primary").tap()
    assert person.page.url == case


def _case_link(page: Page) -> str:
    return page.get_by_role("link", name=re.compile("去个案")).inner_text().strip()
