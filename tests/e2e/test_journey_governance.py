"""A worker's first week with a community on a phone in Chinese: a request, a case from it, needs, a survey, plan, project, a meeting, a service."""

from datetime import timedelta
from typing import Any

from caseapp.core import clock

CASE = "北屯"


def registers_a_request(worker: Any) -> str:
    """At the village office somebody asks; the answer is promised."""
    worker.tap("更多", "nav.dock")
    worker.tap("社区治理")
    worker.tap("居民诉求", ".tabs")
    worker.tap("登记诉求")
    worker.type("诉求内容", "冬天老人没有地方坐，想有个暖和屋子")
    worker.tick("养老助餐")
    worker.choose("村（社区）")
    worker.tick("走访")
    worker.tap("保存", ".savebar")
    worker.sees("已登记")
    return str(worker.heading())


def opens_a_case_from_it(worker: Any) -> None:
    """About the neighbourhood it came from, not about whoever asked."""
    worker.tap("转为个案", ".head")
    worker.page.locator("main [name=about]").first.check(force=True)
    worker.page.locator("[name=community_name]").fill(CASE)
    worker.tap("开案", "main form")
    worker.sees("已开案")
    assert worker.heading() == CASE
    worker.tap("接案", ".head")
    worker.tap("接案", "main form")


def surveys(worker: Any) -> None:
    """Houses visited, what they said counted."""
    worker.go("/governance/surveys")
    worker.tap("登记调研")
    worker.type("标题", "北屯冬季需求调研")
    worker.page.locator("[name=from_on]").fill((clock.today() - timedelta(days=6)).isoformat())
    worker.page.locator("[name=to_on]").fill(clock.today().isoformat())
    worker.tick("入户")
    worker.tick("座谈")
    worker.type("有效样本数", "48")
    worker.page.locator("[name='findings-0-need']").fill("冬天没有公共活动的地方")
    worker.page.locator("[name='findings-0-item']").select_option("D2.2")
    worker.page.locator("[name='findings-0-said']").fill("36")
    worker.tap("保存", ".savebar")
    worker.sees("75 %")


def plans(worker: Any, case: str) -> None:
    """Needs and risk named, the plan agreed with the residents."""
    worker.page.goto(case)
    worker.tap("去办", "main .checks")
    worker.type("问题与需求", "四十八户里三十六户说冬天没地方去")
    worker.tap("保存", ".savebar")
    worker.tap("去办", "main .checks")
    worker.type("评定理由", "没有人身风险")
    worker.tap("保存", "main form")
    worker.tap("转入计划", ".head")
    worker.tap("转入计划", "main form")
    worker.tap("写计划")
    worker.tap("写计划", "main")
    worker.type("要有什么改变", "活动室每周开放两次")
    worker.page.locator("[name='goals-0-due_on']").fill("2099-01-01")
    worker.tick("居民议事会")
    worker.tick("口头")
    worker.page.locator("[name=agreed_on]").fill(clock.today().isoformat())
    worker.tap("保存计划", ".savebar")


def designs(worker: Any) -> None:
    """The project sheet: on the survey, with a target and a step."""
    worker.tap("项目", ".tabs")
    worker.tap("写项目书")
    worker.type("项目名称", "暖冬活动室")
    worker.choose("依据的调研", "北屯冬季需求调研")
    worker.type("人次", "200")
    worker.page.locator("[name='steps-0-text']").fill("收拾村部二楼")
    worker.page.locator("[name='steps-0-due_on']").fill((clock.today() + timedelta(days=7)).isoformat())
    worker.tap("保存", ".savebar")
    worker.sees("收拾村部二楼")
    worker.sees("36 人提到")


def delivers(worker: Any) -> None:
    """The first afternoon: how many came, with whom."""
    worker.tap("记服务", ".head")
    worker.page.locator("[name=item]").select_option("D2.2")
    worker.type("人次", "26")
    worker.tick("社区")
    worker.tick("社会工作者")
    worker.tick("志愿者")
    worker.page.locator("[name=volunteers]").fill("4")
    worker.tap("保存", ".savebar")
    worker.sees("两工互动")
    worker.sees("13 %")


def answers(worker: Any, number: str) -> None:
    """Whoever asked is told."""
    worker.go("/governance/requests")
    worker.tap(number, "main")
    worker.tap("答复", ".head")
    worker.type("答复内容", "村部二楼已经开放，每周二、周五")
    worker.tick("已解决")
    worker.tick("当面")
    worker.tap("保存", "main form")
    worker.sees("还没有回访")


def test_a_first_week_with_a_community(person: Any) -> None:
    worker = person("worker")
    number = registers_a_request(worker)
    opens_a_case_from_it(worker)
    case = worker.page.url
    surveys(worker)
    plans(worker, case)
    designs(worker)
    delivers(worker)
    answers(worker, number)
    worker.page.goto(case)
    worker.sees("26 人次")
    assert worker.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
