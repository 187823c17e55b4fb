"""A worker's first week with psychiatric community rehabilitation, on a phone in Chinese: a term of working days that is late, steps, the doctor's word."""

from datetime import timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from tests import rows
from tests.e2e.test_journey_affairs_violence import press, sees, tick
from tests.page import Browser
from tests.pages.affairs.story import agree


@pytest.fixture
def person(sqlite: Any) -> Any:
    """Li, Bo's, with consent on paper."""
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        key = rows.client(session, sqlite.cast, "Riverside", "李建国", worker_id=sqlite.cast.users["bo"], sex="1").id
    agree(Browser(sqlite, "bo", "zh"), key)
    return key


def record(page: Any, button: str, day: Any) -> None:
    """The next step of the way, on a day."""
    press(page, button)
    page.get_by_label("日期").fill(day.isoformat())
    press(page, "保存")


def test_from_the_application_to_the_service(visitor: Any, person: Any) -> None:
    bo, today = visitor("bo"), clock.today()
    page = bo.go(f"/clients/{person}")
    page.set_default_timeout(8_000)
    page.locator("summary").filter(has_text="开个案").tap()
    press(page, "社会事务")
    tick(page, "精神障碍社区康复")
    page.get_by_label("个案来源").select_option(value="visit")
    press(page, "开案")
    sees(page, "限制查看")
    case, applied = page.url, today - timedelta(days=30)
    registered_by = dates.add_working_days(applied, 5)

    record(page, "去登记", applied)  # the application came a month ago: the first term of five working days is over
    sees(page, f"超期 {dates.working_days_between(registered_by, today)} 个工作日")
    bo.go("/")
    sees(page, "精康初核登记")
    page.goto(case)
    record(page, "去登记", today)
    sees(page, "5 个工作日")
    sees(page, f"超期 {dates.working_days_between(registered_by, today)} 个工作日")  # done late stays said
    for _step in range(3):  # referred, assessed, served
        record(page, "去登记", today)

    press(page, "添加")  # what the doctor said, as it was said
    tick(page, "精神分裂症")
    page.get_by_label("由谁告知").fill("州精神病院林医生")
    press(page, "保存")
    sees(page, "精神分裂症")
    press(page, "填写")
    tick(page, "本人或监护人申请")
    page.locator("[name=guardian]").fill("李桂兰")
    page.get_by_label("监护人电话").fill("13900001111")
    press(page, "保存")
    sees(page, "139****1111")
    press(page, "显示")
    sees(page, "13900001111")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    bo.go("/")
    assert "精康初核登记" not in page.inner_text("main"), "the promise was kept by the step"
    ben = visitor("ben")
    hers = ben.go(f"/clients/{person}")
    assert "社会事务" not in hers.inner_text("main") and "精神" not in hers.inner_text("main")
