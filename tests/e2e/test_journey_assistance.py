"""The first week with a poor family, on a phone in Chinese: coal today, two at the kitchen table with a means sheet, an application
handed in, refused, told about the appeal, asked again and given."""

import re
from typing import Any

from caseapp.access.system import system_session
from caseapp.models import casework as c
from caseapp.models.organisation import User
from tests import poor


class Hand:
    """A thumb: taps words, types at labels, and counts both."""

    def __init__(self, visitor: Any) -> None:
        self.page = visitor.page
        self.page.set_default_timeout(10_000)
        self.taps = 0

    def tap(self, words: str, within: str = "main") -> None:
        """The visible link, button or fold that says so."""
        self.taps += 1
        found = self.page.locator(within).locator("a, button, summary").filter(visible=True)
        exact = found.filter(has_text=re.compile(rf"^\s*{re.escape(words)}\s*$"))
        (exact if exact.count() else found.filter(has_text=words)).first.tap()
        self.page.wait_for_load_state()

    def tick(self, words: str, within: str = "main", nth: int = 0) -> None:
        """A chip, a radio button or a check box by its words."""
        self.taps += 1
        self.page.locator(within).get_by_label(words, exact=True).filter(visible=True).nth(nth).tap()

    def type(self, name: str, words: str) -> None:
        """Into a field by its name."""
        self.page.fill(f"main [name='{name}']", words)

    def choose(self, name: str, words: str) -> None:
        """In a select by the words of the option."""
        self.page.select_option(f"main [name='{name}']", label=words)

    def sees(self, words: str) -> None:
        """Fails unless the words are visible."""
        self.page.locator("body").get_by_text(words).filter(visible=True).first.wait_for()


def lay(engine: Any) -> dict[str, Any]:
    """Wang's family of the tests without a case; Bo and Ben read Chinese."""
    found = poor.family(engine)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.get(c.Case, found["case"]).status = "declined"
        for name in ("bo", "ben"):
            session.get(User, engine.cast.users[name]).language = "zh"
    return found


def test_the_first_week_with_a_poor_family(sqlite: Any, visitor: Any) -> None:
    found = lay(sqlite)
    bo = visitor("bo")
    hand = Hand(bo)
    bo.go(f"/clients/{found['client']}")

    # Monday: no coal in the house
    hand.tap("开个案")
    hand.tap("社会救助")
    hand.choose("source", "走访发现")
    hand.tick("没有取暖")
    hand.tick("协助申请救助")
    hand.tick("家人生病")
    hand.tap("开案")
    hand.sees("今天急需：没有取暖")
    before = hand.taps
    hand.tap("急难需求")
    hand.type("what", "拉去半吨煤，够用半个月")
    hand.tick("乡镇（街道）先行救助")
    hand.type("told_to", "镇民政办 赵主任")
    hand.tick("今天就申请临时救助，手续后补")
    hand.tap("保存")
    assert hand.taps - before <= 4, "an urgent need is written down in four taps"
    hand.sees("拉去半吨煤")

    # Tuesday: two at the kitchen table
    hand.tap("王大山", ".crumbs")
    hand.tap("家计", ".tabs")
    hand.tap("开始家计调查")
    hand.tap("接着填")
    hand.tick("入户调查")
    hand.page.select_option("main [name=second_id]", label="Ben")
    hand.tick("按手印")
    hand.page.fill("main [name=consent_on]", hand.page.input_value("main [name=enquired_on]"))
    hand.type("paper_place", "柜2 盒5")
    hand.tap("保存，下一步")
    hand.tick("否", nth=3)
    hand.page.locator("main select[name$='-why']").nth(3).select_option(label="已单独立户生活")
    hand.tap("保存，下一步")
    hand.choose("lines-0-kind", "工资性收入")
    hand.choose("lines-0-who", "王大山")
    hand.type("lines-0-amount", "130")
    hand.choose("lines-0-per", "每次（天）")
    hand.tap("凭据和备注")
    hand.type("lines-0-times", "60")
    hand.tap("保存，下一步")
    hand.tick("问过了，没有")
    hand.tap("保存，下一步")
    hand.choose("lines-0-kind", "现金、存款")
    hand.type("lines-0-amount", "0.3万")
    hand.tap("保存，下一步")
    hand.choose("lines-0-kind", "医疗自负支出")
    hand.type("lines-0-amount", "650")
    hand.choose("lines-0-per", "每月")
    hand.tap("保存")
    hand.sees("7,800")  # 130 × 60 and 650 × 12 alike
    hand.tap("完成调查表")
    hand.sees("由主管部门决定")

    # Wednesday: papers, and to the window
    hand.tap("王大山", ".crumbs")
    hand.tap("救助", ".tabs")
    hand.tap("新申请")
    hand.choose("aid", "最低生活保障")
    hand.tap("保存")
    hand.tick("申请书")
    hand.tick("身份证、户口簿")
    hand.tap("保存勾选")
    hand.sees("2/7")
    hand.tap("递交")
    hand.type("handed_in_to", "镇便民服务中心")
    hand.tap("保存")

    # Friday: refused, told, asked again, given
    answer(hand, "未批准")
    hand.sees("行政复议")
    hand.tap("登记已告知")
    hand.tap("保存")
    hand.sees("已于")
    hand.tap("救助", ".crumbs") if hand.page.locator(".crumbs a", has_text="救助").count() > 1 else hand.tap("王大山", ".crumbs")
    hand.tap("救助", ".tabs")
    hand.tap("新申请")
    hand.choose("aid", "最低生活保障")
    hand.tick("再次申请")
    hand.tap("保存")
    hand.tap("递交")
    hand.type("handed_in_to", "镇便民服务中心")
    hand.tap("保存")
    answer(hand, "批准", amount="440")
    hand.sees("每月 440 元")
    hand.tap("王大山", ".crumbs")
    hand.sees("家庭享受的救助")
    hand.sees("每月 440 元")
    hand.sees("最低生活保障对象")
    assert hand.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


def answer(hand: Hand, words: str, amount: str | None = None) -> None:
    """The authority's answer, as it stands on its paper."""
    hand.tap("登记答复")
    hand.tick(words)
    hand.tick("县（市、区）民政局")
    hand.type("paper_no", "2026-17")
    if amount is None:
        hand.type("reason", "家庭成员名下有营运车辆，需先说明")
    else:
        hand.type("amount", amount)
        hand.choose("per", "每月")
        hand.tick("收入常变")
    hand.tap("保存答复")
