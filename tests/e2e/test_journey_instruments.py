"""A worker on a phone, in Chinese: asks an old woman how she feels, hears what frightens, and does not leave her alone."""

import re
from typing import Any

from caseapp.access.system import system_session
from caseapp.models.organisation import User
from tests import rows
from tests.answers import best


def test_from_fifteen_questions_to_a_kept_promise(sqlite: Any, visitor: Any) -> None:
    with sqlite.app.app_context(), system_session("test rows", write=True) as session:
        for name in ("bo", "ann", "ben"):
            session.get(User, sqlite.cast.users[name]).language = "zh"
        person = rows.client(session, sqlite.cast, "Riverside", "王淑华", worker_id=sqlite.cast.users["bo"])
        case = rows.case(session, person, sqlite.cast.users["bo"]).id
    bo = visitor("bo")
    page = bo.go(f"/elderly/cases/{case}/assessments")

    def ask(title: str, answers: dict[str, int]) -> None:
        """Opens an instrument by its name and taps every answer with the thumb; segments are big enough for it."""
        page.get_by_role("link", name=title).first.click()
        for item, score in answers.items():
            choice = page.locator(f'input[name="item_{item}"][value="{score}"]')
            box = choice.bounding_box()
            assert box is not None and box["height"] >= 44 and box["width"] >= 44, (item, box)
            choice.check(force=True)
        page.get_by_role("button", name="完成评估").click()

    ask("老年抑郁量表", best("gds15", y3=1, y4=1, y8=1, y9=1, y14=1))
    assert "5 分，在 5 至 8 分之间：轻度抑郁倾向" in page.inner_text("main")
    assert "筛查结果，不是诊断" in page.inner_text("main")
    page.get_by_role("button", name="确认等级").click()
    page.get_by_text("等级已确认").wait_for()

    page.get_by_role("link", name="评估", exact=True).first.click()
    ask("PHQ-9", best("phq9", y2=2, y9=1))
    assert "第 9 题不是“没有”" in page.inner_text("main")

    bo.go("/")  # what it asks for stands among the work of today
    page.locator(".work a.btn-primary", has_text="打开").first.click()
    page.get_by_role("link", name="现在就做").click()
    for item, score in best("suicide_risk", ideation=2, plan=2, means=1, alone=1).items():
        page.locator(f'input[name="item_{item}"][value="{score}"]').check(force=True)
    page.get_by_role("button", name="完成评估").click()
    words = page.inner_text("main")
    assert "紧迫" in words and "现在不要让当事人独处" in words and "受限" in words
    assert page.locator('a[href="tel:12356"]').is_visible()
    for _step in range(2):
        page.get_by_role("button", name=re.compile("刚做了")).first.click()
        page.get_by_text("已记下").wait_for()
    assert page.locator(".steps-taken .done").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    ann = visitor("ann")
    words = ann.go("/").inner_text("main")
    assert "危机已报告：今天与社工一起处置" in words
    ben = visitor("ben")
    words = ben.go(f"/elderly/cases/{case}").inner_text("main")
    assert "老年抑郁" in words and "自杀" not in words and "PHQ-9" not in words
