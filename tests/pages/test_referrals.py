"""Pages of referrals: shown before it is sent, read by the receiver alone, answered, let go; closing asks; the slip on paper."""

from typing import Any

import pytest
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import casework as c
from tests import rows
from tests.page import Browser
from tests.services.casework import referring


def drafted(engine: Any, web: Any, case: Any, by: str = "bo", **more: Any) -> Any:
    """A draft of somebody; the page that shows what would be handed over."""
    browser = web(by)
    url = f"/elderly/cases/{case.id}/referrals/new"
    given = {
        "to_station_id": str(engine.cast.places["Hillside"]),
        "to_domain": "elderly",
        "reason": "搬到女儿家",
        "paper_place": "柜三",
    }
    return browser.post(url, browser.get(url).form() | given | more)


def look(engine: Any, query: Any) -> Any:
    with engine.app.app_context(), system_session("look") as session:
        return session.execute(query).all()


def test_what_is_handed_over_is_shown_sent_read_and_taken_in(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    page = drafted(engine, web, case, moves="y", case_goes="y")
    assert "Exactly this is handed over" in page.words and "搬到女儿家" in page.words
    assert referring.NUMBER not in page.text, "the number was not ticked"
    sent = page.browser.post(f"{page.address}/send", page.form("/send"))
    assert "Answer by" in sent.words and "Exactly this" not in sent.words
    eve = web("eve")
    assert "王淑华" in eve.get("/").words and "to be answered" in eve.get("/").words
    assert "王淑华" in eve.get("/referrals").words
    there = eve.get(page.address)
    assert "王淑华" in eve.get("/referrals?box=in&status=sent").words
    assert "No referral in this state" in eve.get("/referrals?box=in&status=rejected").words
    assert "lives alone" in there.words and "goes with it" in there.words
    taken = eve.post(f"{page.address}/accept", eve.get(f"{page.address}/accept").form())
    assert "Taken in." in taken.words and "What we have made of it" in taken.words
    ben = web("ben")
    assert "taken in, the case is still here" in ben.get("/").words
    gone = ben.post(f"{page.address}/let-go", ben.get(f"{page.address}/let-go").form())
    assert "The case has gone with the referral." in gone.words
    assert look(engine, select(c.Case.status).where(c.Case.id == case.id)) == [("referred_out",)]
    stay = select(c.Enrolment.end_reason).where(c.Enrolment.client_id == case.client_id)
    assert look(engine, stay) == [("moved",)]
    assert "Re-open" in ben.get(f"/elderly/cases/{case.id}").words


def test_a_changed_file_is_shown_again_before_it_is_sent(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    page = drafted(engine, web, case)
    data = page.form("/send")
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.get(c.Case, case.id).risk_reason = "fell yesterday"
    again = page.browser.post(f"{page.address}/send", data, status=409)
    assert "The file has changed since the packet was shown" in again.words and "fell yesterday" in again.words
    page.browser.post(f"{page.address}/send", again.form("/send"))
    assert look(engine, select(c.Referral.status)) == [("sent",)]


def test_typed_text_stays_when_something_is_missing(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    bo = web("bo")
    url = f"/elderly/cases/{case.id}/referrals/new"
    page = bo.post(url, bo.get(url).form() | {"reason": "搬到女儿家"}, status=422)
    assert "搬到女儿家" in page.text and "Say to whom the person is referred." in page.words
    assert look(engine, select(c.Referral.id)) == []


def test_a_draft_can_be_changed_and_dropped(engine: Any, web: Any) -> None:
    page = drafted(engine, web, referring.laid(engine))
    bo = page.browser
    form = bo.get(f"{page.address}/edit").form()
    assert form["reason"] == "搬到女儿家" and form["to_station_id"] == str(engine.cast.places["Hillside"])
    assert "儿子接走" in bo.post(f"{page.address}/edit", form | {"reason": "儿子接走"}).words
    bo.post(f"{page.address}/edit", form | {"op_id": ""}, status=409)
    bo.post(f"{page.address}/revoke", bo.get(f"{page.address}/revoke").form())
    assert look(engine, select(c.Referral.status)) == [("revoked",)]
    web("eve").get(page.address, status=404)


def test_the_head_confirms_a_restricted_packet_and_the_other_head_gives_it_on(engine: Any, web: Any) -> None:
    case = referring.laid(engine, klass="P3")
    page = drafted(engine, web, case)
    assert "The head must look at this restricted packet" in page.words
    web("ben").get(page.address, status=404)
    ann, eve, hal = web("ann"), web("eve"), web("hal")
    shown = ann.get(page.address)
    ann.post(f"{page.address}/confirm", shown.form("/confirm"))
    page.browser.post(f"{page.address}/send", page.browser.get(page.address).form("/send"))
    eve.get(page.address, status=404)
    assert "王淑华" not in eve.get("/referrals").text
    assert "王淑华" in hal.get(page.address).words
    hal.post(f"{page.address}/give", hal.get(f"{page.address}/give").form() | {"worker_id": str(engine.cast.users["eve"])})
    assert "王淑华" in eve.get(page.address).words


def test_the_same_person_on_file_is_a_question(engine: Any, web: Any) -> None:
    other = referring.laid(engine, "Hillside", "eve", name="王淑华（前）")
    page = drafted(engine, web, referring.laid(engine), sections=["person", "document"])
    page.browser.post(f"{page.address}/send", page.form("/send"))
    eve = web("eve")
    form = eve.get(f"{page.address}/accept")
    assert "The same person?" in form.words
    asked = eve.post(f"{page.address}/accept", form.form(), status=409)
    assert "Say whether it is the same person" in asked.words
    data = form.form() | {"client_id": str(other.client_id)}
    data.pop("open_case")
    assert "Taken in." in eve.post(f"{page.address}/accept", data).words
    assert look(engine, select(c.Referral.to_client_id)) == [(other.client_id,)]


def test_closing_asks_about_what_has_no_answer(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    page = drafted(engine, web, case)
    page.browser.post(f"{page.address}/send", page.form("/send"))
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.get(c.Case, case.id).status = "evaluating"
    file = page.browser.get(f"/elderly/cases/{case.id}")
    assert "A referral of this case has no answer yet" in file.words
    assert file.soup.find("a", href=f"/elderly/cases/{case.id}/referrals")
    url = f"/elderly/cases/{case.id}/close"
    data = page.browser.get(url).form() | {"reason": "achieved", "send": "1"}
    assert "has no answer yet" in page.browser.post(url, data, status=409).words
    page.browser.post(f"{page.address}/revoke", page.browser.get(f"{page.address}/revoke").form())
    page.browser.post(url, data | {"op_id": "", "version": page.browser.get(url).form()["version"]})
    assert look(engine, select(c.Case.status).where(c.Case.id == case.id)) == [("closing",)]


def test_a_death_takes_back_what_has_no_answer(engine: Any, web: Any) -> None:
    case = referring.laid(engine)
    page = drafted(engine, web, case)
    page.browser.post(f"{page.address}/send", page.form("/send"))
    url = f"/clients/{case.client_id}/end"
    page.browser.post(url, page.browser.get(url).form() | {"reason": "deceased", "to_on": clock.today().isoformat()})
    assert look(engine, select(c.Referral.status)) == [("revoked",)]
    assert look(engine, select(c.ReferralPacket.reached)) == [(False,)]


def test_late_ones_stand_on_both_desks_and_reminding_is_counted(engine: Any, web: Any) -> None:
    page = drafted(engine, web, referring.laid(engine))
    page.browser.post(f"{page.address}/send", page.form("/send"))
    assert "no answer from" not in page.browser.get("/").words
    with engine.app.app_context(), system_session("rows", write=True) as session:
        session.scalars(select(c.Referral)).one().answer_by = clock.today().replace(year=clock.today().year - 1)
    assert "no answer from Hillside station" in page.browser.get("/").words
    assert "late" in web("eve").get("/").words
    page.browser.post(f"{page.address}/chase", page.browser.get(f"{page.address}/chase").form() | {"text": "打过电话"})
    assert "打过电话" in web("eve").get(page.address).words
    assert look(engine, select(c.Referral.chased)) == [(1,)]


def test_an_outside_body_gets_a_slip_and_its_receipt_is_written_down(engine: Any, web: Any) -> None:
    bo = web("bo")
    bo.post("/referrals/bodies/new", bo.get("/referrals/bodies/new").form() | {"name": "县医院", "kind": "hospital"})
    body = look(engine, select(c.OutsideBody.id))[0][0]
    assert "县医院" in bo.get("/referrals/bodies").words and "县医院" not in web("eve").get("/referrals/bodies").words
    page = drafted(engine, web, referring.laid(engine), kind="outside", body_id=str(body))
    page.browser.post(f"{page.address}/send", page.form("/send"))
    slip = bo.get(f"{page.address}/print")
    assert "Receipt of the referral" in slip.words and "县医院" in slip.words
    url = f"{page.address}/receipt"
    data = bo.get(url).form() | {"taken": "true", "who": "李护士", "channel": "phone"}
    assert "李护士" in bo.post(url, data).words
    for verb, text in (("feedback", "已住院"), ("complete", "出院回家")):
        assert text in bo.post(f"{page.address}/{verb}", bo.get(f"{page.address}/{verb}").form() | {"text": text}).words
    assert look(engine, select(c.Referral.status)) == [("completed",)]


def test_the_county_registers_bodies_for_all_its_stations(engine: Any, web: Any) -> None:
    cora = web("cora")
    cora.post("/referrals/bodies/new", cora.get("/referrals/bodies/new").form() | {"name": "县救助站", "kind": "relief"})
    for name in ("bo", "eve"):
        assert "县救助站" in web(name).get("/referrals/bodies").words
    assert "县救助站" not in web("far").get("/referrals/bodies").words
    key = look(engine, select(c.OutsideBody.id))[0][0]
    web("bo").get(f"/referrals/bodies/{key}", status=403)
    cora.get("/referrals", status=403)


@pytest.mark.parametrize("name", ["bo", "eve", "ann", "hal"])
def test_a_list_takes_the_same_few_statements_however_long(sqlite: Any, statements: Any, name: str) -> None:
    browser = Browser(sqlite, name)

    def fill(count: int) -> None:
        web = lambda who: Browser(sqlite, who)  # noqa: E731 - the fixture is for both engines
        for _number in range(count):
            with sqlite.app.app_context(), system_session("rows", write=True) as session:
                person = rows.client(session, sqlite.cast, "Riverside", "Wang", worker_id=sqlite.cast.users["bo"])
                key = rows.case(session, person, sqlite.cast.users["bo"], status="serving").id
            web("bo").api("POST", f"/cases/{key}/referrals", referring.body(sqlite), 201)

    def counted(path: str) -> int:
        browser.get(path)
        with statements() as sent:
            browser.get(path)
        return len(sent)

    paths = ("/referrals?box=in", "/referrals?box=out", "/")
    fill(1)
    few = {path: counted(path) for path in paths}
    fill(14)
    assert {path: counted(path) for path in paths} == few
    assert max(few[path] for path in paths[:2]) <= 12 and few["/"] <= 31
