"""Of any station in one minute: the township and a supervisor on phones in Chinese, from the number to the file; the head's far villages."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from tests import rows


@pytest.fixture
def laid(sqlite: Any) -> Any:
    """Somebody late and at risk without consent at Riverside, the same restricted, and somebody of the same name at Hillside."""
    cast, today = sqlite.cast, clock.today()
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        for name in ("tao", "chen", "ann"):
            session.get_one(o.User, cast.users[name]).language = "zh"
        for station, name, klass in (("Riverside", "王淑华", "P2"), ("Riverside", "李秘密", "P3"), ("Hillside", "王桂兰", "P2")):
            key = {"王淑华": "wangshuhua", "李秘密": "limimi", "王桂兰": "wangguilan"}[name]
            person = rows.client(
                session, cast, station, name, klass=klass, name_key=f"{key} {name}", risk="red", worker_id=cast.users["bo"],
                next_visit_on=today - timedelta(days=4), next_visit_rule="risk_red", next_visit_facts={"risk": "red"},
            )  # fmt: skip
            if station == "Riverside":
                rows.case(session, person, cast.users["bo"], status="serving", risk="red", risk_reason="独居，腿脚不便")
    return sqlite


def test_from_the_number_to_the_file(laid: Any, visitor: Any) -> None:
    tao = visitor("tao")
    tao.sees("各站情况")
    tao.tap("中高风险且逾期", "table.stations")
    tao.sees("超期 4 天", "#list")
    tao.sees("王淑华", "#list")
    tao.sees_not("李秘密")
    tao.tap("没有知情同意", ".points-of")
    tao.sees("还没见到过", "#list")
    tao.tap("中高风险个案", ".points-of")
    tao.sees("独居，腿脚不便", "#list")
    tao.tap("王淑华", "#list")
    tao.sees("养老服务")
    tao.tap("站点", "nav.dock")
    tao.sees("在册 1 人")
    assert tao.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_over_several_stations_and_back_to_the_last_file(laid: Any, visitor: Any) -> None:
    chen = visitor("chen")
    chen.tap("站点", "nav.dock")
    chen.tap("Hillside station", "table.stations")
    chen.sees("王桂兰", "#list")
    chen.go("/clients/search")
    chen.type("姓名、拼音", "wang")
    chen.sees("Hillside station", ".found")
    chen.sees("Riverside station", ".found")
    chen.sees_not("李秘密")
    chen.tap("王淑华", ".found")
    chen.go("/clients/search")
    chen.sees("最近打开的档案")
    chen.tap("王淑华", "ul.queue")


def test_the_head_keeps_filters_and_says_which_villages_are_far(laid: Any, visitor: Any) -> None:
    ann = visitor("ann")
    ann.tap("工作量", "main")
    ann.tap("较远的村", ".head")
    ann.tick("East village")
    ann.tap("保存远近", "main form")
    ann.sees("较远", "table")
    ann.tap("对象", "nav.dock")
    ann.tap("筛选", "main", stays=True)
    ann.choose("风险", "高风险")
    ann.tap("筛选", "main form.filters .selects")
    ann.tap("保存当前筛选", "ul.saved")
    ann.type("筛选名称", "高风险")
    ann.tap("保存筛选", "main form")
    ann.tap("对象", "nav.dock")
    ann.tap("高风险", "ul.saved")
    ann.sees("王淑华", "table")
    ann.tap("删除筛选", "ul.saved")
    ann.sees("已删除。")
