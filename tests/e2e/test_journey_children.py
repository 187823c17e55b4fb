"""A worker's first days with a child on a phone in Chinese: a visit, the red button, the head told, receipts, answers, plan, closing."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from caseapp.models.details.children import ChildrenReport
from caseapp.models.organisation import User
from tests import children
from tests.conftest import missing
from tests.e2e.visitor import AXE


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
    bo.tick("见到本人")
    bo.type("几句话", "一个人在家，两天没见大人")
    bo.tap("保存走访")
    bo.go(f"/clients/{child_id}")
    bo.tap("强制报告")
    check(page)
    bo.tick("被遗弃，或长期无人照料")
    bo.type("看到什么，一句话", "孩子两天没有大人照看")
    bo.tap("保存报告")
    bo.tick("和我们在一起")
    check(page)
    bo.tap("保存，下一步")
    bo.tick("110")
    bo.type("回执号", "JS-118")
    bo.tap("保存，下一步")
    bo.tick("民政部门")
    bo.tap("保存，下一步")
    bo.type("看到的、听到的", "孩子说大人前天出门，没有留饭")
    check(page)
    bo.tap("保存，下一步")
    bo.tick("孩子的原话")
    bo.tap("保存，下一步")
    bo.sees("公安答复")
    bo.sees("JS-118")
    check(page)
    report = page.url

    ann = visitor("ann")
    ann.go("/")
    ann.sees("强制报告：请马上看")
    ann.go("/children/reports")
    ann.sees("小雨")
    check(ann.page)

    for place in range(2):
        page.goto(report)
        page.locator(".told").get_by_role("link", name=re.compile("回执和答复")).nth(place).tap()
        bo.tick("已受理")
        bo.type("答复日期", clock.today().isoformat())
        bo.tap("保存")
    bo.tap("结果", "main .head")
    bo.tick("责令接受家庭教育指导")
    bo.type("日期", clock.today().isoformat())
    bo.tap("保存")
    bo.tap("办结报告", "main .head")
    bo.tap("办结报告", "main form")
    bo.sees("已办结")

    bo.tap(_case_link(page))
    case = page.url
    check(page)
    bo.go(case.replace(bo.address, "") + "/plan/edit")
    page.fill("[name=goals-0-text]", "每天有大人照看")
    page.fill("[name=goals-0-due_on]", (clock.today() + timedelta(days=60)).isoformat())
    bo.tap("保存计划")
    bo.go(f"/visits/new?client={child_id}&case={case.rsplit('/', 1)[1]}")
    bo.tick("见到本人")
    bo.tap("保存走访")
    takes(bo, case, "evaluate")
    bo.go(case.replace(bo.address, "") + "/close")
    bo.sees("不需要审批就能结案")
    bo.tick("目标达成")
    page.locator("fieldset[id^=outcome_] input").first.tap()
    bo.tap("保存，去结案")
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
