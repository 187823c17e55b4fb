"""Vagrants: somebody without a name gets one in the same row, and the way home has its follow-up."""

from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.access.system import system_session
from caseapp.core import clock, dates
from caseapp.core.identity_numbers import check_digit
from caseapp.models import casework as c
from caseapp.models.details import affairs as m
from tests import rows
from tests.pages.affairs.story import entry, one, opened, rows_of, send

NUMBER = "22240319620509131" + check_digit("22240319620509131")
MAKESHIFT = "无名氏-河东站-20261120-1"


@pytest.fixture
def nameless(engine: Any) -> Any:
    """Somebody without a name, Bo's, on file since ten days."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        bo, facts = (
            engine.cast.users["bo"],
            {"is_unidentified": True, "birth_on": date(1960, 1, 1), "birth_precision": "estimate"},
        )
        return rows.client(session, engine.cast, "Riverside", MAKESHIFT, worker_id=bo, sex="0", **facts).id


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def test_a_name_at_last_in_the_same_row(engine: Any, web: Any, nameless: Any) -> None:
    bo = web("bo")
    case = opened(bo, nameless, "vagrant", "VB04", found_on=ago(9))
    page = send(bo, f"{case}/vagrant", helps=["food", "identity"], told_free="true")
    assert "Identity established" in page.words
    assert one(engine, c.Task, c.Task.kind == "identity").due_on == clock.today(), "a week after being found is over"

    page = send(
        bo,
        f"{case}/identify",
        422,
        name="王志强",
        number=NUMBER[:-1] + "1" if NUMBER[-1] != "1" else NUMBER[:-1] + "2",
        how="派出所比对",
    )
    assert "one of them is mistyped" in page.words and "派出所比对" in page.text
    assert (
        "before the case was found"
        in send(bo, f"{case}/identify", 422, name="王志强", how="派出所比对", happened_on=ago(10)).words
    )
    assert one(engine, c.Client).is_unidentified, "nothing half written"

    send(bo, f"{case}/identify", name="王志强", number=NUMBER, how="派出所比对指纹")
    client = one(engine, c.Client)
    assert (client.id, client.name, client.other_names) == (nameless, "王志强", MAKESHIFT)
    assert (client.sex, client.birth_on, client.birth_precision) == ("1", date(1962, 5, 9), "day")
    assert {(tag.code, tag.to_on) for tag in rows_of(engine, c.TargetTag)} == {("VB04", clock.today())}
    assert one(engine, c.IdentityDocument).number == NUMBER
    assert one(engine, c.Task, c.Task.kind == "identity").state == "done"
    assert "派出所比对指纹" in bo.get(f"{case}/history").words
    assert MAKESHIFT in bo.get(case).words, "the makeshift name stays to be read"
    send(bo, f"{case}/identify", 409, name="王志坚", how="又查了一次")


def test_a_number_that_is_on_file_names_somebody_else(engine: Any, web: Any, nameless: Any, person: Any) -> None:
    bo = web("bo")
    case = opened(bo, nameless, "vagrant", "VB04")
    send(bo, f"/clients/{person}/documents/new", kind="111", number=NUMBER, if_differs="document")
    page = send(bo, f"{case}/identify", 409, name="王志强", number=NUMBER, how="比对")
    assert "on file here already" in page.words and "王淑华" not in page.words
    assert one(engine, c.Client, c.Client.id == nameless).is_unidentified


def test_the_follow_up_runs_from_the_day_of_the_return(engine: Any, web: Any, person: Any) -> None:
    bo, today = web("bo"), clock.today()
    with engine.app.app_context(), system_session("rows", write=True) as session:
        rows.visit(session, session.get(c.Client, person), engine.cast.users["bo"], today - timedelta(days=4))
    case = opened(bo, person, "vagrant", "VB01", found_on=ago(12))
    assert "Say how the person left" in send(bo, f"{case}/vagrant", 422, left_on=ago(3)).words
    assert "since when the person is home" in send(bo, f"{case}/vagrant", 422, kind="VB02").words
    assert "before the case was found" in send(bo, f"{case}/vagrant", 422, returned_on=ago(20)).words
    send(bo, f"{case}/vagrant", left_on=ago(3), left_how="fetched", returned_on=ago(3))
    held = {tag.code: tag.from_on for tag in rows_of(engine, c.TargetTag)}
    assert held == {"VB01": today - timedelta(days=12), "VB02": today - timedelta(days=3)}
    assert one(engine, c.Client).next_visit_on == today + timedelta(days=4), "one week after the return"
    send(bo, f"{case}/vagrant", returned_on=ago(5))
    assert one(engine, c.Client).next_visit_on == today + timedelta(days=2)
    with engine.app.app_context(), system_session("rows", write=True) as session:
        rows.visit(session, session.get(c.Client, person), engine.cast.users["bo"], today)
    send(bo, f"{case}/vagrant", returned_on=ago(8))
    assert one(engine, c.Client).next_visit_on == dates.add_months(today - timedelta(days=8), 1), (
        "seen since the first week was over"
    )
    assert "home" in bo.get(f"{case}/history").words


def test_places_are_kept_and_taken_back(engine: Any, web: Any, person: Any) -> None:
    bo = web("bo")
    case = opened(bo, person, "vagrant", "VB03")
    assert "fill this in" in send(bo, f"{case}/places/new", 422, note="常去").words
    page = send(bo, f"{case}/places/new", place="汽车站候车室", note="夜里常在")
    assert "汽车站候车室" in page.words and "汽车站".encode() not in one(engine, m.VagrantPlace).place_enc
    page = send(bo, entry(page, "place"), reason="看错人了")
    assert "看错人了" in page.words


def test_of_two_editors_the_second_sees_what_the_first_wrote(engine: Any, web: Any, person: Any) -> None:
    bo, ben = web("bo"), web("ben")
    case = opened(bo, person, "vagrant", "VB01")
    slow = ben.get(f"{case}/vagrant").form()
    send(bo, f"{case}/vagrant", home="老家在邻县")
    page = ben.post(f"{case}/vagrant", slow | {"home": "没有家"}, status=409)
    assert "老家在邻县" in page.words and "没有家" in page.words
    for name, status in (("eve", 404), ("chen", 403), ("cora", 403)):
        web(name).get(f"{case}/vagrant", status=status)
