"""The resident worker's job on a phone in Chinese: an old woman from the knock on the door to a plan in review, a quick visit, a round."""

import re
from typing import Any

from caseapp.core import clock
from caseapp.core.identity_numbers import check_digit

FIRST17 = "22240319450302" + "122"  # born 2 March 1945, a woman; invented
NUMBER = FIRST17 + check_digit(FIRST17)


def registers(worker: Any) -> None:
    """She is put on file with her identity number, which is masked from then on."""
    worker.tap("对象", "nav.dock")
    worker.tap("新建档案")
    worker.type("姓名", "王淑华")
    worker.tick("女")
    worker.type("证件号码", NUMBER)
    worker.choose("村（社区）")
    worker.tick("本人电话")
    worker.type("电话号码", "13800002206")
    worker.tick("独居老年人")
    worker.tap("建档", ".savebar")
    worker.sees("已建档")
    assert worker.heading() == "王淑华"
    worker.sees(re.compile(r"1945年3月2日生"))
    assert NUMBER not in worker.page.content()


def agrees(worker: Any) -> None:
    """She signs on paper."""
    worker.tap("登记同意")
    worker.tick("本人或监护人同意")
    worker.tick("接受服务、建立档案")
    worker.tick("本人")
    worker.tick("纸质签字")
    worker.type("签字文件放在哪里", "柜 1，盒 2")
    worker.tap("登记同意", ".savebar")
    worker.sees("已登记同意")


def visits(worker: Any, words: str) -> None:
    """Seen at home, a few words, saved."""
    worker.tap("记走访", ".head")
    worker.tick("见到本人")
    worker.type("几句话", words)
    worker.tap("保存走访")
    worker.sees("走访已保存")


def opens_a_case(worker: Any) -> None:
    """For elderly services, with the risk and why."""
    worker.tap("开个案", ".head", stays=True)
    worker.tap("养老服务", ".head")
    worker.choose("个案来源", "走访")
    worker.type("求助事由", "怕夜里再摔")
    worker.tick("中风险")
    worker.type("评定理由", "独居，夜里起身不稳")
    worker.tap("开案", ".savebar")
    worker.sees("已开案")
    worker.tap("接案", ".head")
    worker.tap("接案", "main form")
    worker.sees("需求")


def assesses(worker: Any) -> None:
    """The 26 items of GB/T 42195, one tap each, then the level that a person stands for."""
    worker.tap("做评估")
    groups = worker.page.locator(".segments.scored")
    assert groups.count() == 26
    for place in range(26):
        group = groups.nth(place)
        group.locator("input").nth(1 if place % 5 else 2).tap()
    worker.tap("完成评估", ".savebar")
    worker.sees("筛查结果，不是诊断")
    worker.tap("确认等级", "main form")
    worker.sees("等级已确认")


def names_the_needs(worker: Any) -> None:
    """What she can and cannot do, in words; then the case goes on to the plan."""
    worker.tap("王淑华", ".crumbs")
    worker.sees("“转入计划”之前还差")
    worker.tap("去办", "main .checks")
    worker.type("问题与需求", "夜里起身不稳，厨房门槛高")
    worker.tick("是", "fieldset:has-text('独居')")
    worker.tap("保存", ".savebar")
    worker.tap("转入计划", ".head")
    worker.tap("转入计划", "main form")


def plans(worker: Any) -> None:
    """One goal that can be seen, agreed with her."""
    worker.tap("写计划")
    worker.tap("写计划", "main")
    worker.type("总目标", "在家安全过冬")
    worker.type("要有什么改变", "夜里起身不再摔")
    worker.type("看什么", "跌倒次数")
    worker.page.locator("[name='goals-0-due_on']").fill("2099-01-01")
    worker.tick("本人")
    worker.tick("按手印")
    worker.page.locator("[name=agreed_on]").fill(worker.page.locator("[name=starts_on]").input_value())
    worker.tap("保存计划", ".savebar")


def asks_for_review(worker: Any) -> None:
    """The plan goes to the supervisor."""
    worker.tap("送审", ".head")
    worker.tick("服务计划")
    worker.tap("送审", "main form")
    worker.sees("已送审")


def test_an_old_woman_from_the_knock_on_the_door_to_a_plan_in_review(person: Any) -> None:
    worker = person("worker")
    registers(worker)
    visits(worker, "头晕两天")
    worker.tap("王淑华")
    agrees(worker)
    opens_a_case(worker)
    assesses(worker)
    names_the_needs(worker)
    plans(worker)
    asks_for_review(worker)
    worker.tap("看整份档案")
    visits(worker, "走得稳些")


def test_from_today_to_a_saved_visit_in_few_taps(person: Any) -> None:
    """At most eight taps and two page loads; who was late is late no longer."""
    worker = person("worker")
    row = worker.page.locator("ul.work li:has(.late):has(a[href^='/visits/new'])").first
    name, form = row.locator(".line > a").inner_text(), row.locator("a.btn").get_attribute("href")
    worker.taps = worker.loads = 0
    worker.tap_on(f"ul.work a[href='{form}']")
    worker.tick("见到本人")
    worker.tick("一切如常")
    worker.tap("保存走访")
    assert (worker.taps <= 8, worker.loads <= 2) == (True, True), (worker.taps, worker.loads)
    worker.sees("走访已保存")
    worker.sees(name, "h1")
    worker.tap("回到今日")
    assert worker.page.locator(f"ul.work li:has(.late) a[href='{form}']").count() == 0


def test_somebody_found_by_name_is_two_taps_from_the_form(person: Any) -> None:
    """The bar at the bottom, a few letters, the person under the finger: the visit form."""
    worker = person("worker")
    name = worker.page.locator("ul.work li:has(a[href*='/visits/new']) .line > a").last.inner_text()
    worker.tap("记走访", "nav.dock")
    worker.page.locator("main [name=q]").press_sequentially(name)
    worker.tap_on(f".found a:has-text('{name}')")
    assert worker.heading() == f"记走访：{name}"


def test_a_round_of_one_village_is_saved_at_once(person: Any) -> None:
    """One tick each, one exception with its reason, one button; who is done is due no longer."""
    worker = person("worker")
    worker.tap("更多", "nav.dock")
    worker.tap("集中走访")
    worker.tap_on("main ul.queue a")
    rows = worker.page.locator("ul.round > li:has(.seen)")
    due = rows.count()
    assert due >= 2, "the largest village has several due"
    for place in range(1, due):
        rows.nth(place).locator(".seen input").tap()
    first = rows.nth(0)
    first.locator("summary").tap()
    name = first.locator(".line > a").inner_text()
    first.locator("select").first.select_option(label="家里没人")
    worker.tap("保存集中走访")
    worker.sees(f"已保存 {due} 次走访")
    left = worker.page.locator("ul.round > li").all_inner_texts()
    assert [row for row in left if name in row and "3 天内再访" in row], "who was not met stays"
    met = f"上次见到 {clock.today().month}月{clock.today().day}日"
    assert [row for row in left if name not in row and met not in row] == [], "whoever else stays has a rule of few days"
