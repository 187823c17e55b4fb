"""Administration as pages: an account from paper to work, the tree with its stations and contractors, changed divisions."""

import io
from datetime import timedelta
from typing import Any

import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.adapters import spreadsheets
from caseapp.core import clock
from caseapp.models import organisation as o
from tests.services.organisation.places import EAST, TOWN

NEW = "three quiet geese"


def code_on(page: Any) -> str:
    """The code that a page shows, once."""
    return next(tag.text for tag in page.soup.select("dd b") if tag.text.count("-") == 2 and len(tag.text) == 14)


def signed_in(web: Any, name: str, password: str = NEW) -> Any:
    browser = web(None)
    browser.post("/login", {"username": name, "password": password}, 302)
    browser.name = name
    return browser


def look(engine: Any, path: str) -> Any:
    with engine.app.app_context(), system_session("look") as session:
        row = session.scalar(select(o.Organisation).where(o.Organisation.path == path))
        session.expunge_all()
        return row


def test_from_paper_to_work(web: Any, engine: Any) -> None:
    """An account, its code, its role, the head's yes, and the first page of work, in both languages."""
    sam, cast = web("sam"), engine.cast
    form = sam.get(f"/admin/accounts/new?home={cast.places['Riverside']}").form()
    data = {**form, "name": "新同事", "username": "New.One", "home_id": str(cast.places["Riverside"])}
    made = sam.post("/admin/accounts/new", data)
    code = code_on(made)
    again = sam.post("/admin/accounts/new", data)  # the same form sent twice leads to the account and shows no code
    assert again.address.startswith("/admin/accounts/") and code not in again.text
    account = again.address

    newcomer = web(None, language="zh")
    newcomer.post("/account/code", {"username": "new.one", "code": code, "password": NEW, "again": NEW}, 302)
    newcomer.name = "new.one"
    assert "没有" in newcomer.get("/").words or "尚未" in newcomer.get("/").words
    newcomer.get("/clients", 403)

    page = sam.get(f"{account}/grants/new?role=worker&q=Riverside")
    grant = {**page.form(), "places": [str(cast.places["Riverside"])], "reason": "letter of appointment"}
    assert "waits for its confirmation" in sam.post(f"{account}/grants/new?role=worker&q=Riverside", grant).words
    newcomer.get("/clients", 403)

    ann = web("ann")
    assert "1 role or code waits" in ann.get("/").words
    page = ann.get("/admin/confirmations")
    assert "新同事" in page.words
    confirm = page.soup.find("form", action=lambda a: a and a.endswith("/confirm"))["action"]
    web("hal").post(confirm, status=404)
    web("bo").post(confirm, status=403)
    assert "The role is in force" in ann.post(confirm).words
    ann.post(confirm, status=409)

    newcomer = signed_in(web, "new.one")
    newcomer.get("/clients")
    for colleague in ("bo", "ann"):
        assert "新同事" in web(colleague).get("/account").words
    assert "新同事" not in web("eve").get("/account").words
    end = sam.get(account).soup.find("a", string="End it")["href"]
    sam.post(end, {**sam.get(end).form(), "reason": "left"}, 302)
    newcomer.get("/clients", 403)


def test_a_refused_role_tells_its_reason(web: Any, engine: Any) -> None:
    sam, ann = web("sam"), web("ann")
    account = f"/admin/accounts/{engine.cast.users['ned']}"
    url = f"{account}/grants/new?role=worker&q=Riverside"
    sam.post(url, {**sam.get(url).form(), "places": [str(engine.cast.places["Riverside"])], "reason": "x"}, 302)
    refuse = ann.get("/admin/confirmations").soup.find("a", string="Refuse")["href"]
    ann.post(refuse, {**ann.get(refuse).form(), "note": ""}, 422)
    ann.post(refuse, {**ann.get(refuse).form(), "note": "nobody knows him"}, 302)
    assert "nobody knows him" in sam.get(account).words


def test_a_forgotten_password(web: Any, engine: Any) -> None:
    sam, ann = web("sam"), web("ann")
    url = f"/admin/accounts/{engine.cast.users['bo']}/code"
    page = sam.post(url, {**sam.get(url).form(), "reason": "forgot it"})
    assert "opens nothing before it is confirmed" in page.words
    data = {"username": "bo", "code": code_on(page), "password": NEW, "again": NEW}
    assert "waits for its confirmation" in web(None).post("/account/code", data, 422).words
    confirm = ann.get("/admin/confirmations").soup.find("form", action=lambda a: a and a.startswith("/admin/codes/"))["action"]
    ann.post(confirm, status=302)
    web(None).post("/account/code", data, 302)
    signed_in(web, "bo").get("/clients")


def test_disabling_shuts_every_door_at_once(web: Any, engine: Any) -> None:
    sam, bo = web("sam"), web("bo")
    url = f"/admin/accounts/{engine.cast.users['bo']}"
    sam.post(f"{url}/disable", {**sam.get(f"{url}/disable").form(), "reason": "left"}, 302)
    bo.get("/account", 302)
    bo.api("GET", "/me", status=401)
    assert "disabled since" in sam.get(url).words
    stale = {**sam.get(f"{url}/enable").form(), "reason": "back", "version": "1"}
    sam.post(f"{url}/enable", stale, 409)
    sam.post(f"{url}/enable", {**sam.get(f"{url}/enable").form(), "reason": "back"}, 302)
    web("bo").get("/account")


def test_a_station_with_its_point_and_its_contractor(web: Any, engine: Any) -> None:
    sam, cast = web("sam"), engine.cast
    url = "/admin/contractors/new?q=County bureau"
    data = {
        **sam.get(url).form(),
        "name": "某社工中心",
        "credit_code": "91350100M000100Y44",
        "buyer_id": str(cast.places["county"]),
    }
    assert "18 characters" in sam.post(url, data, 422).words
    contractor = sam.post(url, {**data, "credit_code": "91350100m000100y43"}).address

    url = f"/admin/organisations/{cast.places['hilltown']}/stations/new"
    form = sam.get(url).form()
    assert form["name"] == "countyhilltown社会工作服务站"
    chosen = contractor.rpartition("/")[2]
    station = sam.post(url, {**form, "host": "township_office", "contractor_id": chosen})
    assert "countyhilltown社会工作服务站" in station.words and "某社工中心" in station.words
    assert "countyhilltown社会工作服务站" in sam.get(contractor).words

    url = f"/admin/organisations/{cast.places['Riverside']}/points/new"
    point = sam.post(url, {**sam.get(url).form(), "division_code": EAST, "ending": "室", "host": "elderly_centre"})
    assert "rivertownEast village社会工作服务室" in point.words
    page = sam.post(f"{point.address}/edit", {**sam.get(f"{point.address}/edit").form(), "name": "Other"}, 422)
    assert "Say why this one differs" in page.words
    moved = {
        **sam.get(f"{point.address}/move?q=hilltown").form(),
        "parent_id": station.address.rpartition("/")[2],
        "reason": "nearer",
    }
    assert "hilltownEast village社会工作服务室" in sam.post(f"{point.address}/move?q=hilltown", moved).words
    assert "Closed on" in sam.post(f"{point.address}/close", {**sam.get(f"{point.address}/close").form(), "reason": "x"}).words
    sam.post(f"{contractor}/close", {**sam.get(f"{contractor}/close").form(), "reason": "x"}, 409)
    for other in ("cora", "ann", "sec", "dee", "con"):
        web(other).get(station.address, 403)


HEAD = "code,name,level,parent,effective,now_code,counts_for_coverage"


def file(*lines: str, name: str = "changes.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO("\n".join([HEAD, *lines]).encode()), name


def test_changed_divisions_from_file_to_force(web: Any, engine: Any) -> None:
    sam = web("sam")
    url, sent = "/admin/divisions", {"content_type": "multipart/form-data"}
    page = sam.post(url, {}, 422, **sent)
    assert "Choose a file" in page.words
    page = sam.post(url, {"file": file(f"{TOWN},=1+1,,,2026-07-01,,", "12,x,,,x,,")}, 422, **sent)
    assert "looks like a formula" in page.words and "12 digits" in page.words and "Carry out" not in page.words
    page = sam.post(url, {"file": (io.BytesIO(b"\x89PNG\xff\xfe\x00"), "x.xlsx")}, 422, **sent)
    assert "neither a CSV file" in page.words

    page = sam.post(url, {"file": file(f"{TOWN},<b>River</b> Town,,,2026-07-01,,", f"{EAST},Sunrise,,,2099-01-01,,")}, **sent)
    assert (
        "<b>River</b> Town" in page.words and "rivertown → <b>River</b> Town" in page.words and "waits for its day" in page.words
    )
    assert look(engine, engine.cast.paths["rivertown"]).short_name != "<b>River</b> Town"  # looked at, not done
    act = {tag["name"]: tag["value"] for tag in page.soup.select("form[data-once] input[type=hidden]")}
    done = sam.post(url, act)
    assert "1 change is in force." in done.words and "1 change waits for its day." in done.words
    assert sam.post(url, act).address == url  # the button pressed twice
    assert look(engine, engine.cast.paths["rivertown"]).short_name == "<b>River</b> Town"
    office = sam.get(f"/admin/organisations/{engine.cast.places['rivertown']}")
    assert "What changed here" in office.words and "rivertown → <b>River</b> Town" in office.words
    for other in ("cora", "ann", "sec", "bo"):
        web(other).get(url, 403)


def test_a_forged_preview_is_judged_again(web: Any) -> None:
    sam = web("sam")
    page = sam.post("/admin/divisions", {"content": f"{HEAD}\n{EAST},,,,2026-07-01,999999999999,\n"}, 422)
    assert "Some lines cannot be taken" in page.words


def test_what_is_due_stands_on_today_and_is_carried_out_or_taken_back(web: Any, engine: Any) -> None:
    later = clock.today() + timedelta(days=10)
    with engine.app.app_context(), system_session("waiting", write=True) as session:
        for code, name in ((TOWN, "River Town"), (EAST, "Sunrise")):
            change = o.DivisionChange(
                code=code, act="rename", effective_on=later, state="waiting", name=name, entered_at=clock.now()
            )
            change.path = engine.cast.paths["rivertown"]
            session.add(change)
    assert "is due" not in web("sam").get("/").words
    with time_machine.travel(clock.now() + timedelta(days=10), tick=True):
        sam = web("sam")
        assert "2 changes of divisions are due" in sam.get("/").words
        page = sam.get("/admin/divisions")
        back = [f["action"] for f in page.soup.select("form") if f["action"].endswith("/withdraw")]
        sam.post(back[1], status=302)
        assert "1 change is in force." in sam.post("/admin/divisions/due").words
        assert "River Town" in sam.get(f"/admin/organisations/{engine.cast.places['rivertown']}").words


def test_the_empty_table_is_a_workbook(web: Any) -> None:
    for language, heading in (("zh", "生效日期"), ("en", "From")):
        sam = web("sam", language=language)
        answer = sam.client.get("/admin/divisions/blank", headers=sam.headers)
        assert answer.mimetype == spreadsheets.MEDIA["xlsx"]
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert heading in rows[0] and len(rows) == 1
