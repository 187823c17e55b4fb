"""Signing in, one-time codes, the own account and unfinished notes, as pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from caseapp.access.system import system_session
from caseapp.blueprints.account.sign_in import own_address
from caseapp.core import clock
from caseapp.core.devices import device_name
from caseapp.models import organisation as o
from caseapp.models import trust as t
from caseapp.services.organisation import codes
from tests.cast import PASSWORD

PHONE = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"


def sign_in(web: Any, name: str = "bo", password: str = PASSWORD, agent: str = "", **more: Any) -> Any:
    browser = web(None)
    browser.headers = {**browser.headers, "User-Agent": agent}
    browser.page = browser.post("/login", {"username": name, "password": password}, **more)
    browser.name = name
    return browser


def age(engine: Any, **by: float) -> None:
    """Lets every session have been unused for a while."""
    with engine.app.app_context(), system_session("test", write=True) as session:
        for row in session.query(o.UserSession):
            row.seen_at -= timedelta(**by)


def drafts_of(engine: Any) -> list[Any]:
    with engine.app.app_context(), system_session("test") as session:
        return [(d.form, d.title, d.payload) for d in session.query(t.Draft)]


def test_signing_in_makes_a_new_cookie_without_anything_personal(web: Any) -> None:
    browser = web(None)
    browser.get("/login")
    with browser.client.session_transaction() as cookie:
        cookie["sid"] = "fixed-by-a-stranger-fixed-by-a-stranger-xyz"
    browser.post("/login", {"username": "Bo", "password": PASSWORD}, 302)
    with browser.client.session_transaction() as cookie:
        assert cookie["sid"] != "fixed-by-a-stranger-fixed-by-a-stranger-xyz"
        assert set(cookie) <= {"sid", "language", "csrf_token", "_permanent"}
    assert "Bo" in browser.get("/account").words


def test_a_wrong_password_says_one_sentence_and_the_fifth_locks_this_place_only(web: Any, engine: Any) -> None:
    for _time in range(5):
        page = sign_in(web, password="wrong", status=422).page
        assert "User name or password is wrong." in page.words
    page = sign_in(web, status=429).page
    assert "Wait 10 minutes" in page.words
    assert int(page.headers["Retry-After"]) > 500
    elsewhere = web(None)
    elsewhere.post("/login", {"username": "bo", "password": PASSWORD}, 302, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    sign_in(web, "ben", status=302)


def test_next_leads_only_to_our_own_pages(engine: Any, web: Any) -> None:
    with engine.app.test_request_context("/login"):
        for address in ("/account", "/visits?due=1", "http://localhost/account"):
            assert own_address(address), address
        for address in (
            "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "http:evil.example", "javascript:alert(1)",
            "/\t/evil.example", "http://localhost//evil.example", "http://[", "", None,
        ):  # fmt: skip
            assert own_address(address) is None, address
    browser = web(None)
    page = browser.post("/login?next=https://evil.example/x", {"username": "bo", "password": PASSWORD}, 302)
    assert page.headers["Location"] == "/"


def test_devices_are_listed_and_ended(web: Any) -> None:
    one, two = sign_in(web), sign_in(web, agent=PHONE)
    page = one.get("/account")
    end = page.soup.find("form", action=lambda a: a and a.endswith("/end"))["action"]
    one.post(end, status=302)
    assert two.client.get("/account").status_code == 302
    one.get("/account")
    sign_in(web, "eve").post(end, status=404)
    three = sign_in(web)
    three.post("/account/sign-out-everywhere", status=302)
    assert one.client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; HarmonyOS; ALN) AppleWebKit/537.36 Chrome/114 HuaweiBrowser/15",
            "Huawei Browser on HarmonyOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126", "Edge on Windows"),
        ("<script>alert(1)</script>", "Browser on computer"),
    ],
)
def test_device_names(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_a_one_time_code_sets_the_password_once(web: Any, engine: Any) -> None:
    with engine.app.app_context(), system_session("test", write=True) as session:
        session.delete(session.get(o.Credential, engine.cast.users["ned"]))
        session.flush()
        code = codes.make(session, engine.cast.users["ned"], made_by_id=None)
    browser = web(None)
    good = {
        "username": "ned",
        "code": code.lower().replace("-", " "),
        "password": "three quiet geese",
        "again": "three quiet geese",
    }
    for field, value in (("again", "other"), ("password", "short"), ("password", "1234567890"), ("code", "AAAA-BBBB-CCCC")):
        page = browser.post(
            "/account/code", {**good, "again": value if field == "password" else good["again"], field: value}, 422
        )
        assert page.soup.select("p.error"), field
        assert not page.soup.find("input", type="password", value=bool)
    browser.post("/account/code", good, 302)
    browser.name = "ned"
    assert "No role of yours is in force" in browser.get("/account").words
    web(None).post("/account/code", good, 422)
    sign_in(web, "ned", "three quiet geese", status=302)


def test_a_code_for_an_account_that_reads_files_waits_for_its_confirmation(web: Any, engine: Any) -> None:
    with engine.app.app_context(), system_session("test", write=True) as session:
        code = codes.make(session, engine.cast.users["bo"], made_by_id=engine.cast.users["sam"])
    data = {"username": "bo", "code": code, "password": "three quiet geese", "again": "three quiet geese"}
    assert "waits for its confirmation" in web(None).post("/account/code", data, 422).words
    sign_in(web, "bo", status=302)


def test_changing_the_password_ends_other_devices(web: Any) -> None:
    here, there = sign_in(web), sign_in(web, agent=PHONE)
    new = {"current": PASSWORD, "password": "three quiet geese", "again": "three quiet geese"}
    page = here.post("/account/password", {**new, "current": "wrong"}, 422)
    assert "not your present password" in page.words
    here.post("/account/password", {**new, "password": "Bo bo bo bo bo", "again": "Bo bo bo bo bo"}, 422)
    here.post("/account/password", new, 303)
    here.get("/account")
    assert there.client.get("/account").status_code == 302
    sign_in(web, "bo", status=422)
    sign_in(web, "bo", "three quiet geese", status=302)


NOTE = {
    "draft_form": "visits.new",
    "draft_record": "r1",
    "draft_title": "Li",
    "draft_address": "/account/password",
    "note": "sat by the window",
}


def test_what_was_typed_is_kept_listed_and_taken_up_again(web: Any, engine: Any) -> None:
    bo = web("bo")
    answer = bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf(), "password": "secret"})
    assert answer.json["saved"] is True
    bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf(), "note": "sat by the window, smiling"})
    assert drafts_of(engine) == [("visits.new", "Li", {"note": ["sat by the window, smiling"]})]
    page = bo.get("/account/drafts")
    assert "Li" in page.words
    link = page.soup.find("a", string="Go on writing")["href"]
    assert bo.get(link, 302).headers["Location"].startswith("/account/password?draft=")
    for stranger in ("ben", "ann", "eve", "cora"):
        web(stranger).get(link, 404)
        web(stranger).post(link + "/drop", status=404)
    assert "Li" not in web("ben").get("/account/drafts").words
    bo.post(link + "/drop", status=302)
    assert drafts_of(engine) == []


def test_a_saved_form_forgets_its_draft_and_a_refused_one_keeps_it(web: Any, engine: Any) -> None:
    bo = web("bo")
    bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf()})
    marks = {"draft_form": "visits.new", "draft_record": "r1"}
    bo.post("/role", {**marks, "grant": "none of mine"}, 403)
    assert len(drafts_of(engine)) == 1
    bo.post("/language/en", marks, 302)
    assert drafts_of(engine) == []


@pytest.mark.parametrize("path", ["/account/password", "/visits/new"])  # one that only reads, one that holds the write lock
def test_the_idle_time_out_loses_no_text(web: Any, engine: Any, path: str) -> None:
    bo = sign_in(web)
    token = bo.csrf()
    age(engine, minutes=31)
    kept = bo.client.post("/drafts", data={**NOTE, "csrf_token": token})
    assert kept.status_code == 401  # the page can say so instead of believing it saved
    sent = bo.client.post(path, data={"csrf_token": token, **NOTE, "note": "the whole story", "current": "x"})
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/login")
    again = web(None)
    again.post("/login", {"username": "bo", "password": PASSWORD}, 302)
    again.name = "bo"
    assert "Li" in again.get("/account/drafts").words
    assert drafts_of(engine) == [("visits.new", "Li", {"note": ["the whole story"]})]


def test_a_session_ended_by_hand_keeps_nothing(web: Any, engine: Any) -> None:
    bo = sign_in(web)
    token = bo.csrf()
    with engine.app.app_context(), system_session("test", write=True) as session:
        for row in session.query(o.UserSession):
            row.ended_at = clock.now()
    assert bo.client.post("/account/password", data={"csrf_token": token, **NOTE}).status_code == 302
    assert drafts_of(engine) == []


def test_hostile_drafts(web: Any) -> None:
    bo = web("bo")
    for wrong in (
        {"draft_address": "//evil.example"}, {"draft_address": "https://evil.example"}, {"draft_form": ""}, {"draft_address": "/" + "a" * 300},
        {"note": "a" * 300_000},
    ):  # fmt: skip
        answer = bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf(), **wrong})
        assert answer.status_code == 422, wrong
    bo.get("/account/drafts?draft=x")
    bo.get("/account/password?draft=00000000-0000-7000-8000-000000000000", 404)


def test_in_both_languages(web: Any) -> None:
    for language in ("zh", "en"):
        bo = web("bo", language=language)
        for address in ("/account", "/account/password", "/account/drafts"):
            bo.get(address)
        for address in ("/login", "/account/code"):
            web(None, language=language).get(address)


def test_a_draft_opens_only_on_its_own_page(web: Any, engine: Any) -> None:
    """A note about one record never fills the form of another, and never the same form under another role."""
    bo = web("bo")
    bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf(), "draft_address": "/account/password"})
    link = bo.get("/account/drafts").soup.find("a", string="Go on writing")["href"]
    draft = link.rpartition("/")[2]
    bo.get(f"/account/password?draft={draft}")
    bo.get(f"/clients/new?draft={draft}", 404)
    with engine.app.app_context(), system_session("other grant", write=True) as session:
        session.query(t.Draft).one().grant_id = engine.cast.grants["ben"]
    bo.get(f"/account/password?draft={draft}", 404)


def test_drafts_of_one_form_saved_at_the_same_moment_are_one(web: Any, engine: Any) -> None:
    bo = web("bo")
    token = bo.csrf()
    with bo.client.session_transaction() as cookie:
        sid, secret = cookie["sid"], cookie["csrf_token"]

    def save(number: int) -> int:
        client = engine.app.test_client()
        with client.session_transaction() as cookie:
            cookie["sid"], cookie["csrf_token"] = sid, secret
        return int(client.post("/drafts", data={**NOTE, "csrf_token": token, "note": f"version {number}"}).status_code)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(save, range(8))) == [200] * 8
    assert len(drafts_of(engine)) == 1


def test_a_draft_is_encrypted_and_gone_after_seven_days(web: Any, engine: Any) -> None:
    bo = web("bo")
    bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf()})
    with engine.app.app_context(), system_session("raw") as session:
        row = session.query(t.Draft).one()
        assert b"window" not in row.payload_enc and b"Li" not in row.title_enc[20:]
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=True):
        bo = web("bo")
        assert "Nothing unfinished" in bo.get("/account/drafts").words
        bo.client.post("/drafts", data={**NOTE, "csrf_token": bo.csrf(), "draft_record": "r2"})
        assert len(drafts_of(engine)) == 1  # the old one went with the next
