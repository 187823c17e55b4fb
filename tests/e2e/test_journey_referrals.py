"""A referral on two phones in Chinese: the sender ticks what is handed over and looks at it, the receiver takes the person in."""

from typing import Any

from caseapp.access.system import system_session
from caseapp.models import organisation as o
from tests.services.casework import referring


def test_from_one_station_to_the_next(sqlite: Any, visitor: Any) -> None:
    with sqlite.app.app_context(), system_session("rows", write=True) as session:
        for name in ("bo", "eve"):
            session.get_one(o.User, sqlite.cast.users[name]).language = "zh"
    case = referring.laid(sqlite)
    bo = visitor("bo")
    bo.go(f"/elderly/cases/{case.id}/referrals")
    bo.tap("转介", "main .head")
    bo.choose("社工站", "Hillside station")
    bo.choose("服务领域", "养老服务")
    bo.type("转介原因", "搬到女儿家住")
    bo.tick("评估结果")
    bo.type("签字文件放在哪里", "柜 3")
    bo.tap("下一步：查看转出内容")
    bo.sees("转出的就是以下内容，不含其他。")
    bo.sees("搬到女儿家住")
    bo.tap("发出转介", "main .actions")
    bo.sees("答复期限")
    eve = visitor("eve")
    eve.go("/")
    eve.tap("王淑华")
    eve.sees("lives alone")
    eve.tap("接收", ".head")
    eve.tap("接收", "main form")
    eve.sees("已接收。")
    eve.sees("本站的办理结果")
    eve.tap("开始服务", ".head")
    eve.tap("反馈", ".head")
    eve.type("已做的服务、本人近况", "已上门两次，适应得不错")
    eve.tap("向转出方反馈", "main form")
    bo.go("/referrals?box=out")
    bo.tap("王淑华", "main table")
    bo.sees("已上门两次，适应得不错")
