"""One human in two records, on a phone in Chinese: asked across stations and settled by the head; two records joined and taken apart."""

from typing import Any

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models import casework as c


def somebody_elsewhere(demo: Any) -> tuple[str, str, str]:
    """Name, sex and number of a grown person on file at another station who is asked after."""
    with demo.app_context(), system_session("test: who is elsewhere") as session:
        here = session.scalars(select(c.StationMatch.station_path).where(c.StationMatch.asked_here.is_(False)).limit(1)).one()
        query = (
            select(c.Client, c.IdentityDocument)
            .join(c.IdentityDocument, c.IdentityDocument.client_id == c.Client.id)
            .where(
                c.Client.station_path != here, c.Client.klass == "P2", c.Client.state == "on_file", ~c.Client.id.in_(matched())
            )
            .where(~c.Client.id.in_(select(c.Case.client_id).where(c.Case.client_id.is_not(None))))
        )
        person, document = session.execute(query.order_by(c.Client.id).limit(1)).one()
        return person.name, person.sex, document.number


def matched() -> Any:
    """Who is asked after already."""
    return select(c.StationMatch.client_id)


def test_the_number_is_on_file_at_another_station(demo: Any, person: Any) -> None:
    name, sex, number = somebody_elsewhere(demo)
    worker, head = person("worker"), person("head")
    worker.tap("对象", "nav.dock")
    worker.tap("新建档案")
    worker.type("姓名", name)
    worker.tick("男" if sex == "1" else "女")
    worker.type("证件号码", number)
    worker.tap("建档", ".savebar")
    worker.sees("已建档")
    worker.tap("登记同意")
    for words in ("本人或监护人同意", "接受服务、建立档案", "以身份证号核对其他社工站是否已建档", "本人", "纸质签字"):
        worker.tick(words)
    worker.type("签字文件放在哪里", "柜 1")
    worker.tap("登记同意", ".savebar")
    worker.sees("是否需要处理只告知站长，请向站长了解")
    worker.sees_not("其他社工站也有档案")
    head.go("/")
    head.tap("证件号在其他社工站也有档案，请与对方站长联系", nth=0)
    head.tap(name)
    head.sees("对方社工站")
    head.sees("0433-50")
    head.tick("是同一人，两站各自服务并知晓对方")
    head.tap("保存")
    head.sees("已保存，对方站长能看到您的答复")


def test_two_records_become_one_and_two_again(demo: Any, person: Any) -> None:
    head = person("head")
    head.tap("更多", "nav.dock")
    head.tap("重复建档", "main")
    pairs = head.page.get_by_role("link", name="比对").count()
    assert pairs == 3
    head.tap("比对", nth=0)
    head.tick("我已比对两份档案，确认是同一人")
    head.tap("合并", ".actions")
    head.sees("两份档案已合并，用旧编号也能查到这里")
    head.tap("更多", "nav.dock")
    head.tap("重复建档", "main")
    assert head.page.get_by_role("link", name="比对").count() == pairs - 1
    head.tap_on("a[href*='/undo']")
    head.tap("撤销合并", ".actions")
    head.sees("已恢复为两份档案")
    head.tap("不是同一人", nth=0)
    head.sees("今后不再提示")
    assert head.page.get_by_role("link", name="比对").count() == pairs - 1
