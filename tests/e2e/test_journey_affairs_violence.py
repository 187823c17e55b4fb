"""A worker's first week with domestic violence, on a phone in Chinese: opened in secret, contact agreed, the police told, a plan to be safe."""

import re
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from tests import rows
from tests.page import Browser
from tests.pages.affairs.story import agree

AGREED = "只在上午打，接通先说是村里妇联"


@pytest.fixture
def person(sqlite: Any) -> Any:
    """Wang, Bo's, with a phone and consent on paper."""
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        row = rows.client(session, sqlite.cast, "Riverside", "王淑华", worker_id=sqlite.cast.users["bo"])
        contact = c.Contact(id=uuid7(), client_id=row.id, kind="own", created_at=clock.now())
        contact.phone = "13800002206"
        contact.belongs_to(row)
        session.add(contact)
        key = row.id
    agree(Browser(sqlite, "bo", "zh"), key)
    return key


def press(page: Any, words: str, within: str = "main") -> None:
    """Taps the visible link or button that says so, and waits for the next page."""
    target = page.locator(within).locator("a, button").filter(has_text=words).filter(visible=True).first
    with page.expect_navigation():
        target.tap()


def tick(page: Any, words: str) -> None:
    page.get_by_label(words, exact=True).filter(visible=True).first.tap()


def sees(page: Any, words: str) -> None:
    assert words in page.inner_text("body"), page.inner_text("main")


def test_from_a_bruise_to_a_plan_to_be_safe(visitor: Any, person: Any) -> None:
    bo = visitor("bo")
    page = bo.go(f"/clients/{person}")
    page.set_default_timeout(8_000)
    page.locator("summary").filter(has_text="开个案").tap()
    press(page, "社会事务")
    tick(page, "婚姻家庭")
    tick(page, "家庭暴力")
    sees(page, "绝不当着可能施暴的人问")
    page.get_by_label("个案来源").select_option(value="visit")
    page.get_by_label("求助事由").fill("手臂有淤青，说是丈夫动手")
    press(page, "开案")
    sees(page, "限制查看：只有负责社工、站长和指定的人能看到")
    case = page.url

    sees(page, "约定之前不要打电话")
    press(page, "去约定")
    page.get_by_label("怎样、何时联系才安全").fill(AGREED)
    press(page, "保存")

    press(page, "填写")  # what is known: without full capacity the law asks for a report, before anything else
    tick(page, "限制民事行为能力")
    page.get_by_label("经过").fill("左臂有淤青")
    press(page, "保存")
    sees(page, "第十四条")
    press(page, "登记报告")
    tick(page, "致电派出所")
    page.get_by_label("报给哪个派出所").fill("东村派出所李警官")
    press(page, "登记报告")
    minutes = re.search(r"发现后 (\d+) 分钟", page.inner_text("main"))
    assert minutes and int(minutes[1]) < 10, "from the finding, which the journey began with, to the police: minutes of this test"
    assert "第十四条" not in page.inner_text("main")

    page.goto(case)
    press(page, "接案", "body")
    press(page, "接案")
    press(page, "做评估")
    groups = page.locator("main form .segments")
    for place in range(groups.count()):
        answers = groups.nth(place).locator("input")
        answers.nth({0: 0, 2: 2, 3: 1}.get(place, answers.count() - 1)).tap()  # asked alone; every month; shoved
    press(page, "完成评估")
    sees(page, "先安全，后手续")
    press(page, "确认等级")
    sees(page, "等级已确认")

    page.goto(case)
    press(page, "安全计划")
    page.get_by_label("去哪里，怎么走").fill("后院门没锁，走到村委会")
    page.get_by_label("暗号").fill("酱油用完了")
    press(page, "保存")
    press(page, "添加")
    tick(page, "临时庇护")
    tick(page, "不愿意")
    press(page, "保存")
    sees(page, "不愿意")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    ben = visitor("ben")  # a colleague who may have to call: how, and not why
    hers = ben.go(f"/clients/{person}")
    sees(hers, AGREED)
    assert "家庭暴力" not in hers.inner_text("body") and "社会事务" not in hers.inner_text("main")
