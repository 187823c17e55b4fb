"""Each role's real job through its pages, on a phone in Chinese, in a small town: reviewers, head, administrators, bureaus, auditor."""

import io
import re
from pathlib import Path
from typing import Any
from unicodedata import normalize

from pypdf import PdfReader
from python_calamine import CalamineWorkbook

NEW = {"name": "周晓雨", "username": "zhouxiaoyu", "password": "three-quiet-rivers"}


def test_the_supervisor_comments_returns_and_approves_a_plan(person: Any) -> None:
    """A comment at a field, returned; the worker mends it; what changed is marked; approved."""
    supervisor, worker = person("supervisor"), person("worker")
    mine = supervisor.page.locator(f"main ul.queue li:has-text('{worker.own_name()}')").first
    name = mine.locator("b").first.inner_text()
    mine.locator("a").first.tap()
    supervisor.sees("服务计划")
    supervisor.tap("写意见", ".entry:has-text('总目标')", stays=True)
    supervisor.type("要改什么", "写成本人听得懂的话", ".entry:has-text('总目标')")
    supervisor.tap("保存意见", ".entry:has-text('总目标')")
    supervisor.sees("意见待处理", ".entry:has-text('总目标')")
    supervisor.tap("退回补正", "main form")
    supervisor.sees("还没有保存")
    supervisor.type("要改什么，或通过时", "目标请写成看得见的")
    supervisor.tap("退回补正", "main form")
    supervisor.sees("已退回补正")
    assert supervisor.page.locator(f"main th:has-text('{name}')").count() == 0, "it waits no longer"

    worker.tap("个案", "nav.dock")
    worker.tap(name, "main table")
    worker.sees("目标请写成看得见的")
    worker.tap("看意见")
    worker.sees("写成本人听得懂的话")
    worker.tap("看整份档案")
    worker.tap("看计划")
    worker.tap("修改计划")
    worker.type("总目标", "冬天屋里暖和，吃得上热饭")
    worker.tap("保存计划", ".savebar")
    worker.tap("送审", ".head")
    worker.tick("服务计划")
    worker.tap("送审", "main form")

    supervisor.tap("今日", "nav.dock")
    supervisor.tap(name, "main ul.queue")
    assert supervisor.page.locator("ins").count() >= 1, "what changed since the last time is marked"
    supervisor.tap("审阅通过")
    supervisor.sees("已通过")
    worker.tap("看整份档案")
    worker.tap("开始服务", ".head")
    worker.tap("开始服务", "main form")
    worker.sees("已保存")


def test_the_township_returns_a_closing_then_approves_it(person: Any) -> None:
    """The desk shows what waits, what is late or risky and the stations; the closing goes back and forth once; the worker closes."""
    township, worker = person("township"), person("worker")
    township.sees("逾期或高风险")
    township.sees("高风险", "ul.work")
    township.sees("各站情况")
    row = township.page.locator("ul.queue li:has-text('结案')").first
    name = row.locator("b").inner_text()
    row.locator("a").tap()
    township.sees("结案原因")
    township.type("要改什么，或通过时", "请写明跟进安排")
    township.tap("退回补正", "main form")

    worker.go("/cases?status=closing")
    worker.tap(name, "main table")
    worker.sees("请写明跟进安排")
    worker.tap("结案", "nav.tabs")
    worker.type("结案后的跟进安排", "三个月后回访一次")
    worker.tap("保存并报乡镇审批")
    worker.sees("已报乡镇审批")

    township.tap("今日", "nav.dock")
    township.tap(name, "main ul.queue")
    township.sees("三个月后回访一次")
    township.tap("审阅通过")
    worker.tap("结案", "nav.tabs")
    worker.tap("结案", ".notice")
    worker.tap("结案", "main form")
    worker.sees("已结案")
    township.tap("更多", "nav.dock")
    township.tap("服务对象", "main")
    assert township.page.locator("a:has-text('新建档案')").count() == 0, "the township reads"


def test_the_head_assigns_reads_the_trail_and_shows_a_number(person: Any) -> None:
    """Another worker gets the case, a number is shown in full and leaves a trace, the head sees who saw the file."""
    head = person("head")
    head.sees("本月各社工")
    head.tap("个案", "nav.dock")
    head.tap_on("main table th a")
    file = head.page.url
    head.tap("更多", ".head", stays=True)
    head.tap("分派", ".head")
    select = head.page.locator("select[name=worker_id]")
    names = select.locator("option").all_inner_texts()
    other = next(name for name in names if name != select.locator("option:checked").inner_text() and name.strip())
    head.choose("负责社工", other)
    head.tap("分派", "main form")
    head.sees(other, ".facts")
    masked = head.page.locator("main .nowrap:has-text('****')").first
    assert re.fullmatch(r"\d{3}\*{4}\d{4}", masked.inner_text())
    head.tap_on("main form.inline button:has-text('显示')")
    if head.page.locator("main [name=read]").count():
        head.tap("我会照办，显示号码")
    assert re.search(r">1\d{10}<", head.page.content()), "shown in full"
    head.page.goto(file)
    head.tap_on("main a[href*='/audit/files/']")
    head.sees("谁看过这份档案")
    head.sees("社工站负责人", "main table")


def makes_an_account(sysadmin: Any, place: str) -> str:
    """A new account and its one-time code, read off the page that is shown once."""
    sysadmin.tap("新账号", "main")
    sysadmin.page.locator("#admin-q").fill(place)
    sysadmin.tap("查找")
    sysadmin.page.locator("main .picks .choice:has-text('" + place + "') input").first.tap()
    sysadmin.type("姓名", NEW["name"])
    sysadmin.type("用户名", NEW["username"])
    sysadmin.tap("创建账号")
    sysadmin.sees("只显示这一次")
    code = sysadmin.page.locator(".facts dd b").nth(2).inner_text()
    assert re.fullmatch(r"[A-Z0-9-]{8,}", code)
    return str(code)


def proposes(sysadmin: Any, role: str, place: str) -> None:
    """A role at a place, with its reason."""
    sysadmin.tap("提请授权")
    sysadmin.choose("角色", role)
    sysadmin.type("机构名称的一部分", place)
    sysadmin.tap("显示机构")
    sysadmin.page.locator("main .picks .choice input").first.tap()
    sysadmin.type("原因", "任命文件 12 号")
    sysadmin.tap("提请", "main form >> nth=1")
    sysadmin.sees("待确认")


def uses_the_code(newcomer: Any, code: str) -> None:
    """First sign-in: the code from the paper, a password of one's own."""
    newcomer.go("/login")
    newcomer.tap("使用一次性口令")
    newcomer.type("用户名", NEW["username"])
    newcomer.type("一次性口令", code.lower())
    newcomer.type("新密码", NEW["password"])
    newcomer.type("再输一次新密码", NEW["password"])
    newcomer.tap("设置密码")
    newcomer.sees("密码已设好")


def test_a_newcomer_gets_an_account_a_code_and_a_role(person: Any) -> None:
    """System administrator, newcomer and head: nobody alone opens a file to anybody."""
    sysadmin, head, newcomer = person("sysadmin"), person("head"), person(None)
    code = makes_an_account(sysadmin, "黄泥河镇")
    proposes(sysadmin, "驻站社工", "黄泥河镇")
    uses_the_code(newcomer, code)
    newcomer.sees("没有生效的角色")
    assert newcomer.page.locator("nav a[href='/clients']").count() == 0

    head.tap("更多", "nav.dock")
    head.tap("待确认", "main")
    head.sees(NEW["name"])
    head.tap("确认", f"main li:has-text('{NEW['name']}')")
    head.sees("没有等你办的事")

    newcomer.tap("账号", "main")
    newcomer.tap("切换到这个角色")
    newcomer.sees("记走访", "nav.dock")
    newcomer.tap("对象", "nav.dock")
    assert newcomer.page.locator("main table th a").count() > 5, "the people of the station"


def test_a_head_needs_the_county_and_the_security_administrator(person: Any) -> None:
    """Proposed, confirmed by the county's officer, a second time by the security administrator; only then it is in force."""
    sysadmin, county, secadmin = person("sysadmin"), person("county"), person("secadmin")
    makes_an_account(sysadmin, "黄泥河镇")
    proposes(sysadmin, "社工站负责人", "黄泥河镇")
    county.tap("今日", "nav.dock")
    county.tap(NEW["name"], "main ul.work")
    county.tap("确认", f"main li:has-text('{NEW['name']}')")
    county.sees("还需要另一人确认")
    secadmin.tap("今日", "nav.dock")
    secadmin.tap(NEW["name"], "main ul.work")
    secadmin.tap("确认", f"main li:has-text('{NEW['name']}')")
    secadmin.sees_not(NEW["name"], "main")
    sysadmin.page.reload()
    sysadmin.sees("生效中")


def test_the_county_reads_figures_and_takes_them_as_a_spreadsheet(person: Any, tmp_path: Path) -> None:
    """Four figures first; one of them by township; the file carries definition, purpose and name, and opens again."""
    county = person("county", accept_downloads=True)
    county.sees("在册服务对象")
    county.tap("看统计数据")
    county.sees("各地情况")
    county.tap("月探访率", ".stats")
    assert county.heading() == "月探访率"
    county.tap("本次发布及文件")
    county.tick("Excel（XLSX）")
    county.tap("生成文件")
    county.sees("还没有保存")
    county.type("用途", "季度例会 材料")
    county.tap("生成文件")
    county.sees("文件已生成")
    with county.page.expect_download() as waiting:
        county.page.locator("#exports a").first.tap()
    saved = tmp_path / "figures.xlsx"
    waiting.value.save_as(saved)
    book = CalamineWorkbook.from_path(str(saved))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    for words in ("季度例会 材料", "月探访率", "已作披露控制"):
        assert any(words in cell for cell in cells), words
    assert any(re.fullmatch(r"\d+(\.\d+)?", cell) for cell in cells)
    head = next(cell for cell in cells if re.fullmatch(r"[0-9a-f]{64}", cell))
    for kind in ("yearly", "circular"):
        county.go("/statistics/documents")
        county.tap_on(f"#drafts a.strong[href*='{kind}']")
        paper = PdfReader(io.BytesIO(county.page.pdf(prefer_css_page_size=True)))
        pages = ["".join(sheet.extract_text().split()) for sheet in paper.pages]
        assert len(pages) > 1 and [head in normalize("NFKC", text) for text in pages] == [True] * len(pages), (
            "the chain on every printed page"
        )
        assert "在册服务对象" in pages[0], "words, not boxes"


def test_city_and_province_drill_down(person: Any) -> None:
    """Each begins at its own area and goes down by tapping names; no name of a person, no way to one."""
    for name, own, below in (("city", "延边", "敦化"), ("province", "吉林省", "州")):
        officer = person(name)
        officer.tap("看统计数据")
        officer.sees(re.compile(own), ".head")
        officer.tap_on(f"main .scroll-table tbody th a:has-text('{below}')")
        officer.sees(re.compile(below), ".head")
        officer.sees(re.compile(own), ".crumbs")
        assert officer.page.locator("a[href*='/clients'], a[href*='/cases/'], a[href$='/cases']").count() == 0


def test_the_auditor_finds_a_file_by_its_number(person: Any) -> None:
    """From a number on paper to who saw the file and what was changed, without a name of the person."""
    worker, auditor = person("worker"), person("auditor")
    worker.tap("对象", "nav.dock")
    worker.tap_on("main table th a")
    name, number = worker.heading(), worker.page.locator(".crumbs [aria-current]").inner_text()
    auditor.type("档案号", number)
    auditor.tap("查找")
    auditor.sees("查看服务对象档案", "main table")
    auditor.tap_on("main table th a")
    auditor.tap(number, "main")
    auditor.sees("谁看过这份档案")
    auditor.sees("驻站社工", "main table")
    assert name not in auditor.page.content()
