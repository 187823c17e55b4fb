"""Files pass from one colleague to another, on a phone in Chinese: offered and taken over, by the head, of who left, for a week."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models import casework as c
from caseapp.models import organisation as o


def of(demo: Any, name: str) -> tuple[Any, str]:
    """A user of the demo and the place where they work."""
    with demo.app_context(), system_session("test: who is who") as session:
        user = session.scalars(select(o.User).where(o.User.username == name)).one()
        return user.id, user.home_path


def own_of(demo: Any, name: str, *classes: str, offered: bool = True) -> list[str]:
    """Names of the persons of a worker, of some classes or all, by name as the list shows them; also of those who are offered."""
    user, _path = of(demo, name)
    with demo.app_context(), system_session("test: whose") as session:
        query = select(c.Client.name).where(c.Client.worker_id == user, c.Client.state == "on_file")
        if classes:
            query = query.where(c.Client.klass.in_(classes))
        if not offered:
            query = query.where(c.Client.id.not_in(select(c.HandoverItem.file_id).where(c.HandoverItem.state == "waiting")))
        return list(session.scalars(query.order_by(c.Client.name_key, c.Client.id)))


def test_offered_by_the_worker_and_taken_over_by_the_head(demo: Any, person: Any) -> None:
    worker, head = person("worker"), person("head")
    name = own_of(demo, "worker", "P2", offered=False)[0]
    worker.go("/handovers/new")
    worker.choose("接收人", head.own_name())
    worker.type("移交原因", "这位由站长接着走访。")
    worker.page.locator(".picks .choice", has_text=name).first.locator("input").check()
    worker.tap("提交移交")
    worker.sees("对方接收前仍由你负责")
    head.go("/")
    head.tap(f"{worker.own_name()}向你移交 1 份档案")
    head.sees("这位由站长接着走访。")
    head.tap("接收", "main .actions")
    head.sees("已接收，现由你负责")
    assert name in own_of(demo, "head")


def test_nothing_stays_in_the_name_of_who_left(demo: Any, person: Any) -> None:
    head = person("head")
    head.go("/")
    head.sees("无人负责")
    head.tap("移交", ".section .work")
    head.choose("全部移交给", head.own_name())
    head.type("移交原因", "离岗，由站长先接手。")
    head.tap("全部移交", ".actions")
    head.sees("已移交")
    head.go("/")
    head.sees_not("无人负责")


def test_several_persons_get_another_worker_and_it_is_undone(demo: Any, person: Any) -> None:
    head = person("head")
    head.go(f"/clients?worker={of(demo, 'worker')[0]}")
    for number in range(2):
        head.page.locator("input[name=person]").nth(number).check()
    before = own_of(demo, "worker")
    head.tap("分派", ".ticked-acts")
    head.choose("负责社工", head.own_name())
    head.type("移交原因", "按片区调整")
    head.tap("下一步：核对人员")
    head.sees("将变更 2 人")
    head.tap("分派：2 人")
    head.sees("一周内可撤销")
    assert len(own_of(demo, "worker")) < len(before)
    head.tap("撤销")
    head.tap("撤销", ".actions")
    head.sees("已退回")
    assert own_of(demo, "worker") == before


def test_an_absence_for_a_week(demo: Any, person: Any) -> None:
    worker, head = person("worker"), person("head")
    worker.go("/")
    worker.sees("代岗")
    head.go("/team")
    head.tap_on(".queue a")
    head.sees("代岗安排")
    head.tap("已返岗", "main .plain")
    head.sees("代岗已结束")
    worker.go("/")
    worker.sees_not("代岗，至")
