"""Passwords and sessions as people meet them: what a password must be, one computer and one phone, limits, who may loosen them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models import organisation as o
from tests.cast import PASSWORD
from tests.page import Browser

PC, PHONE = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"
NEW = "three quiet geese"


@pytest.fixture
def engine(sqlite: Any) -> Any:
    """SQLite; the statements behind these pages are tried on both engines by the services' tests."""
    return sqlite


def enter(engine: Any, name: str = "bo", password: str = PASSWORD, agent: str = PC, status: int = 302) -> Browser:
    """Somebody signs in by the page, on a device of that kind."""
    browser = Browser(engine, None)
    browser.headers = {**browser.headers, "User-Agent": agent}
    browser.post("/login", {"username": name, "password": password}, status)
    return browser


def change(browser: Browser, old: str, new: str, status: int = 303) -> Any:
    return browser.post("/account/password", {"current": old, "password": new, "again": new}, status)


def test_a_later_sign_in_ends_the_one_on_a_device_of_its_kind_and_that_one_is_told(engine: Any) -> None:
    first, phone = enter(engine), enter(engine, agent=PHONE)
    first.get("/account")
    second = enter(engine)
    phone.get("/account")
    second.get("/account")
    assert "this one was signed out" in first.get("/account").words  # at the sign-in page
    assert "this one was signed out" not in first.get("/account").words


def test_text_sent_from_the_one_that_ended_is_kept(engine: Any) -> None:
    first = enter(engine, "sam")
    address = f"/admin/accounts/{engine.cast.users['bo']}/disable"
    form = first.get(address).form() | {"reason": "a reason that was typed for long"}
    enter(engine, "sam")
    assert first.post(address, form, 302).headers["Location"].startswith("/login")
    with engine.app.app_context(), system_session("look") as session:
        assert session.get_one(o.User, engine.cast.users["bo"]).disabled_at is None
    assert "What you typed is kept" in first.get("/login").words


def test_what_a_password_must_be(engine: Any) -> None:
    bo = enter(engine)
    said = {
        "short": "At least 10 characters",
        "quietgoosepond": "At least 2 of these",
        "Qwer1234!@#$": "first that are tried",
        "riverside station 7": "must not contain",
        "quiet bo pond 7": "must not contain",
        PASSWORD: "is the old one",
    }
    for password, words in said.items():
        assert words in change(bo, PASSWORD, password, 422).words, password
    held = PASSWORD
    for number in range(5):
        change(bo, held, f"{NEW} {number}")
        held = f"{NEW} {number}"
    assert "had this password before" in change(bo, held, f"{NEW} 1", 422).words
    change(bo, held, PASSWORD)  # five others lie between
    with engine.app.app_context(), system_session("look") as session:
        kept = session.scalars(select(o.FormerPassword)).all()
        assert len(kept) == 4 and all(row.password_hash.startswith("$argon2id$") for row in kept)


def controls(web: Any, status: int = 302, **limits: int) -> Any:
    sec = web("sec")
    form = sec.get("/admin/controls").form()
    return sec.post("/admin/controls", {**form, "reason": "level 3", **limits}, status)


def test_a_password_that_is_too_old_opens_nothing_but_its_change(web: Any, engine: Any) -> None:
    controls(web, password_days=90)
    with engine.app.app_context(), system_session("a hundred days", write=True) as session:
        mine = update(o.Credential).where(o.Credential.user_id == engine.cast.users["bo"])
        session.execute(mine.values(changed_at=clock.now() - timedelta(days=100)))
    bo = enter(engine)
    for address in ("/", "/clients", "/account"):
        assert bo.get(address, 302).headers["Location"] == "/account/password"
    assert "older than the rules allow" in bo.get("/account/password").words
    refused = bo.client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD})
    assert (refused.status_code, refused.json["code"]) == (403, "password_over")
    change(bo, PASSWORD, NEW)
    bo.get("/clients")


def test_sessions_have_the_limits_of_their_day(web: Any, engine: Any) -> None:
    controls(web, idle_minutes=10, longest_hours=1)
    bo = enter(engine)
    with time_machine.travel(clock.now() + timedelta(minutes=9), tick=True):
        bo.get("/account")
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=True):
        assert bo.client.get("/account").status_code == 302
    long = enter(engine)
    with engine.app.app_context(), system_session("busy all the time", write=True) as session:
        session.execute(update(o.UserSession).values(seen_at=clock.now() + timedelta(minutes=61)))
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=True):
        assert long.client.get("/account").status_code == 302


def test_what_is_less_strict_waits_for_a_second_person(web: Any) -> None:
    controls(web, idle_minutes=10)
    page = controls(web, idle_minutes=30, password_least=12)
    assert page.headers["Location"] == "/admin/asked"
    sec, sam, sid = web("sec"), web("sam"), web("sid")
    assert sec.get("/admin/controls").form()["idle_minutes"] == "10"
    one = sam.get("/admin/asked").soup.select_one("main ul.work a")["href"]
    assert "10, then 30" in sam.get(one).words
    sid.get(one, 404)  # an administrator of a county decides nothing for the whole
    sec.post(f"{one}/agree", status=403)
    sam.post(f"{one}/agree", status=302)
    form = sec.get("/admin/controls").form()
    assert (form["idle_minutes"], form["password_least"]) == ("30", "12")
    sam.get("/admin/controls", 403)


def test_an_account_that_nobody_used_falls_asleep_until_a_new_code(web: Any, engine: Any) -> None:
    enter(engine)
    with time_machine.travel(clock.now() + timedelta(days=200), tick=True):
        refused = Browser(engine, None).post("/login", {"username": "bo", "password": PASSWORD}, 422)
        assert "Ask for a new one-time code" in refused.words
        token = Browser(engine, None).client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD})
        assert (token.status_code, token.json["code"]) == (403, "asleep")
        wrong = Browser(engine, None).post("/login", {"username": "bo", "password": "not the password"}, 422)
        assert "one-time code" not in wrong.words.split("Sign in")[0]  # said only to who knows the password
