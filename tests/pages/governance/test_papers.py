"""Surveys, meetings and partners of a station: written, counted, printed, voided; strangers find nothing, readers write nothing."""

from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.models.casework import ServiceRecord
from caseapp.models.details.governance import (
    GovernanceDelivery,
    GovernanceFinding,
    GovernanceMeeting,
    GovernancePartner,
    GovernanceSurvey,
)
from tests.pages.governance.story import EAST, WEST, day, row, survey


def meeting(bo, **more):
    form = bo.get("/governance/meetings/new").form()
    given = {
        "happened_on": day(-3),
        "division_code": EAST,
        "called_by": "committee",
        "present": "31",
        "subject": "冬季垃圾清运",
        "matters": ["environment"],
        "decided": "每周三清运一次",
        "follow_up_on": day(2),
    }
    page = bo.post("/governance/meetings/new", form | given | more)
    assert page.address != "/governance/meetings/new", page.words[:300]
    return page.address


def partner(bo, name="暖阳志愿服务队", kind="volunteer_team"):
    return bo.post(
        "/governance/partners/new",
        bo.get("/governance/partners/new").form() | {"name": name, "kind": kind, "offers": "每月十名志愿者"},
    )


def test_a_survey_is_begun_written_on_and_printed(engine, web):
    bo = web("bo")
    nothing = {f"findings-0-{name}": "" for name in ("need", "item", "said", "urgency")}
    url = survey(bo, to_on="", sample="", **nothing)
    assert "Under way" in bo.get(url).words
    form = bo.get(f"{url}/edit").form()
    more = bo.post(f"{url}/edit", form | {"more": "1", "title": "改了"})
    assert "findings-4-need" in more.names() and more.form()["title"] == "改了", "what was typed is kept"
    given = {
        "to_on": day(-5),
        "sample": "60",
        "findings-0-need": "没有活动室",
        "findings-0-item": "D2.2",
        "findings-0-said": "41",
    }
    second = {"findings-2-need": "看病远", "findings-2-item": "D3.3", "findings-2-said": "12", "findings-2-urgency": "low"}
    page = bo.post(f"{url}/edit", form | given | second | {"report": "第一段\n第二段"})
    assert "68 %" in page.words and "20 %" in page.words and "Finished" in page.words
    assert "第二段" in web("tao").get(f"{url}/print").words
    with engine.app.app_context(), system_session("look") as session:
        assert [f.position for f in session.scalars(select(GovernanceFinding).order_by(GovernanceFinding.position))] == [1, 2]
    stored = row(engine, GovernanceSurvey)
    assert "没有活动室" not in str(stored.report_enc)
    bo.post(f"{url}/edit", form | given | {"op_id": ""}, status=409)
    bo.post(f"{url}/void", bo.get(f"{url}/void").form() | {"reason": "counted twice"})
    assert (
        stored.title not in bo.get("/governance/surveys").words and stored.title in bo.get("/governance/surveys?state=void").words
    )
    bo.post(f"{url}/edit", bo.get(f"{url}/edit").form() | given, status=409)


def test_what_a_survey_cannot_say(engine, web):
    bo = web("bo")
    form = bo.get("/governance/surveys/new").form()
    good = {"title": "调研", "from_on": day(-9), "to_on": day(-1), "methods": ["talks"], "sample": "20", "population": "90"}
    good |= {"findings-0-need": "活动室", "findings-0-item": "D2.2", "findings-0-said": "9"}
    for wrong in (
        {"title": " "},
        {"methods": []},
        {"methods": ["gossip"]},
        {"to_on": day(-10)},
        {"to_on": day(1)},
        {"sample": "91"},
        {"sample": "-1"},
        {"sample": "many"},
        {"findings-0-said": "21"},
        {"findings-0-item": "Z9"},
        {"findings-0-item": ""},
        {"findings-0-need": ""},
        {"division_code": "222403102201"},
        {"findings-0-need": "", "findings-0-item": "", "findings-0-said": ""},
    ):
        page = bo.post("/governance/surveys/new", form | good | wrong, status=422)
        assert page.soup.select(".error, .summary"), wrong
    with engine.app.app_context(), system_session("look") as session:
        assert session.scalars(select(GovernanceSurvey)).all() == []


def test_a_meeting_is_followed_up(engine, web):
    bo, ann = web("bo"), web("ann")
    url = meeting(bo)
    assert "冬季垃圾清运" in bo.get("/").words, "the follow-up stands on Today"
    page = bo.post(f"{url}/follow", bo.get(f"{url}/follow").form() | {"followed": "已清运两次"})
    assert "已清运两次" in page.words and "冬季垃圾清运" not in bo.get("/").words
    assert "冬季垃圾清运" in ann.get(f"/governance/meetings?village={EAST}").words
    assert "冬季垃圾清运" not in ann.get(f"/governance/meetings?village={WEST}").words
    form = bo.get("/governance/meetings/new").form()
    for wrong in (
        {"present": "1"},
        {"present": ""},
        {"follow_up_on": day(-9)},
        {"decided": ""},
        {"happened_on": day(2)},
        {"case_id": "x"},
    ):
        good = {
            "division_code": EAST,
            "called_by": "station",
            "present": "9",
            "subject": "路",
            "matters": ["roads"],
            "decided": "修",
        }
        bo.post("/governance/meetings/new", form | good | wrong, status=422)
    bo.post(f"{url}/void", bo.get(f"{url}/void").form() | {"reason": "another village"})
    assert row(engine, GovernanceMeeting).voided_at is not None
    bo.post(f"{url}/follow", bo.get(f"{url}/follow").form() | {"followed": "又"}, status=409)


def test_partners_stand_on_what_was_done_with_them(engine, web):
    bo = web("bo")
    assert "暖阳志愿服务队" in partner(bo).words
    form = bo.get("/governance/partners/new").form()
    bo.post("/governance/partners/new", form | {"name": "暖阳志愿服务队", "kind": "charity"}, status=422)
    key = row(engine, GovernancePartner).id
    given = {"item": "D1.2", "head_count": "40", "partner_ids": [str(key)], "volunteers": "6", "volunteer_hours": "12"}
    url = "/governance/services/new"
    page = bo.post(url, bo.get(url).form() | given | {"parties": ["worker", "volunteers"]})
    assert "40" in page.words, "a service of the station alone stands among its records"
    record, more = row(engine, ServiceRecord), row(engine, GovernanceDelivery)
    assert (record.kind, record.case_id, more.record_id, more.partner_ids) == ("station", None, record.id, [str(key)])
    for wrong in (
        {"head_count": ""},
        {"head_count": "0"},
        {"persons": "41"},
        {"volunteers": ""},
        {"partner_ids": [str(record.id)]},
        {"item": ""},
    ):
        bo.post(url, bo.get(url).form() | given | wrong, status=422)
    address = f"/governance/partners/{key}/edit"
    bo.post(address, bo.get(address).form() | {"is_active": "false"})
    assert "暖阳" not in bo.get("/governance/partners").words and "暖阳" in bo.get("/governance/partners?former=1").words
    assert "暖阳" not in bo.get(url).words


def test_strangers_find_nothing_and_readers_write_nothing(engine, web):
    bo = web("bo")
    paper, talk = survey(bo), meeting(bo)
    partner(bo)
    card = f"/governance/partners/{row(engine, GovernancePartner).id}/edit"
    for name in ("eve", "hal", "far"):
        other = web(name)
        for url in (paper, f"{paper}/edit", f"{paper}/print", f"{paper}/void", talk, f"{talk}/follow", f"{talk}/void", card):
            other.get(url, status=404)
        for url in ("surveys", "meetings", "partners"):
            words = other.get(f"/governance/{url}").words
            assert not {"北屯居民需求调研", "冬季垃圾清运", "暖阳志愿服务队"} & set(words.split())
    for name in ("chen", "tao"):
        reader = web(name)
        reader.get(paper), reader.get(talk)
        for url in (f"{paper}/edit", f"{talk}/follow", card, "/governance/surveys/new", "/governance/services/new"):
            reader.get(url, status=403)
    for url in ("surveys", "meetings", "partners"):
        web("cora").get(f"/governance/{url}", status=403)
