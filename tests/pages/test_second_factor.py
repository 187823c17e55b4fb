"""The second factor as people meet it: set up, asked for at sign-in, demanded of a role, lost and taken away by two."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from caseapp.access.system import system_session
from caseapp.adapters import totp
from caseapp.core import clock
from caseapp.models import organisation as o
from caseapp.models import trust as t
from tests.cast import PASSWORD
from tests.page import Browser


@pytest.fixture
def engine(sqlite: Any) -> Any:
    """SQLite; the last test walks the whole way on PostgreSQL."""
    return sqlite


class Phone:
    """The authenticator of somebody: the codes of their secret, now and a while later."""

    def __init__(self, engine: Any, name: str) -> None:
        with engine.app.app_context(), system_session("the phone") as session:
            row = session.scalars(select(o.SecondFactor).where(o.SecondFactor.user_id == engine.cast.users[name])).one()
            self.secret = row.secret

    def code(self, steps: int = 0) -> str:
        return totp.code(self.secret, totp.step_of(clock.now()) + steps)


def first_step(web: Any, name: str = "bo", status: int = 302, **more: Any) -> Any:
    browser = web(None)
    browser.page = browser.post("/login", {"username": name, "password": PASSWORD}, status, **more)
    browser.name = name
    return browser


def set_up(web: Any, engine: Any, name: str = "bo") -> tuple[Phone, list[str]]:
    """A second factor by the page of the own account, and its recovery codes."""
    browser = web(name)
    browser.post("/account/second-factor/begin", {"password": PASSWORD}, 303)
    phone = Phone(engine, name)
    page = browser.get("/account/second-factor")
    assert phone.secret in page.words.replace(" ", "")
    assert page.soup.find("svg", role="img").find("path")["d"].startswith("M4 4")
    page = browser.post("/account/second-factor/confirm", {"code": phone.code(-1)})
    return phone, [line.text for line in page.soup.select("ul.mono li")]


def demand(web: Any, *roles: str, days: int = 0) -> None:
    page = web("sec").get("/admin/controls")
    version = page.soup.find("input", {"name": "version"})["value"]
    web("sec").post("/admin/controls", {"roles": list(roles), "days": days, "reason": "level 3", "version": version}, 302)


def events(engine: Any, name: str) -> list[str]:
    with engine.app.app_context(), system_session("look") as session:
        query = select(t.AuditEntry.event).where(t.AuditEntry.user_id == engine.cast.users[name]).order_by(t.AuditEntry.id)
        return list(session.scalars(query))


def test_the_password_alone_no_longer_opens_anything(web: Any, engine: Any) -> None:
    phone, codes = set_up(web, engine)
    assert len(set(codes)) == 10
    bo = first_step(web)
    assert bo.page.headers["Location"].startswith("/login/second")
    with bo.client.session_transaction() as cookie:
        assert "sid" not in cookie
    assert bo.client.get("/clients").headers["Location"].startswith("/login")
    page = bo.post("/login/second", {"code": "000000"}, 422)
    assert "wrong, used already or too old" in page.words
    assert not page.soup.find("svg", role="img")  # the secret is never shown again
    bo.post("/login/second", {"code": f" {phone.code()[:3]} {phone.code()[3:]} "}, 302)
    assert "Bo" in bo.get("/account").words
    told = events(engine, "bo")
    assert [event for event in told if event.split(".")[0] in ("factor", "sign_in")] == [
        "factor.enrolled", "sign_in.half", "factor.failed", "sign_in.ok",
    ]  # fmt: skip


def test_a_code_that_was_used_is_refused_by_page_and_api(web: Any, engine: Any) -> None:
    phone, _codes = set_up(web, engine)
    used = phone.code()
    first_step(web).post("/login/second", {"code": used}, 302)
    first_step(web).post("/login/second", {"code": used}, 422)
    api = web(None)
    for body, code in (({}, "factor_required"), ({"code": used}, "factor_wrong")):
        answer = api.client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD, **body})
        assert (answer.status_code, answer.json["code"]) == (401, code)
    answer = api.client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD, "code": phone.code(1)})
    assert answer.status_code == 201


def test_a_recovery_code_opens_once(web: Any, engine: Any) -> None:
    _phone, codes = set_up(web, engine)
    with engine.app.app_context(), system_session("look") as session:
        kept = [row.digest for row in session.scalars(select(o.RecoveryCode))]
    assert not any(code.replace("-", "").encode() in digest for code in codes for digest in kept)
    page = first_step(web)
    page.post("/login/second", {"code": codes[3].lower()}, 302)
    assert "used up" in page.get("/account").words
    assert "9" in page.get("/account/second-factor").words
    first_step(web).post("/login/second", {"code": codes[3]}, 422)
    first_step(web).post("/login/second", {"code": codes[4]}, 302)


def test_new_recovery_codes_make_the_old_ones_worthless(web: Any, engine: Any) -> None:
    phone, old = set_up(web, engine)
    bo = web("bo")
    bo.post("/account/second-factor/codes", {"code": "123456"}, 422)
    new = [line.text for line in bo.post("/account/second-factor/codes", {"code": phone.code()}).soup.select("ul.mono li")]
    assert len(new) == 10
    assert not set(new) & set(old)
    first_step(web).post("/login/second", {"code": old[0]}, 422)
    first_step(web).post("/login/second", {"code": new[0]}, 302)


def test_a_known_password_buys_no_guesses(web: Any, engine: Any) -> None:
    """Password right, code wrong, and again: the count is not forgotten in between, and elsewhere the account is slowed as a whole."""
    set_up(web, engine)
    answers = []
    for _time in range(3):
        browser = web(None)
        answers.append(browser.client.post("/login", data={"username": "bo", "password": PASSWORD, "csrf_token": browser.csrf()}))
        answers.append(browser.client.post("/login/second", data={"code": "000000", "csrf_token": browser.csrf()}))
    assert [answer.status_code for answer in answers] == [302, 422, 302, 422, 302, 429]
    statuses = []
    for number in range(12):
        place = {"environ_base": {"REMOTE_ADDR": f"192.0.2.{number + 1}"}}
        browser = first_step(web, **place)
        data = {"code": "000000", "csrf_token": browser.csrf()}
        statuses.append(browser.client.post("/login/second", data=data, **place).status_code)
    assert statuses == [422] * 8 + [429] * 4  # ten guesses in all, two of them above


def test_half_a_sign_in_ends_by_itself(web: Any, engine: Any) -> None:
    phone, _codes = set_up(web, engine)
    bo = first_step(web)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        assert bo.get("/login/second", 302).headers["Location"].startswith("/login")
        assert bo.post("/login/second", {"code": phone.code()}, 302).headers["Location"].startswith("/login")
        assert bo.client.get("/account").status_code == 302
    assert web(None).get("/login/second", 302).headers["Location"].startswith("/login")


def test_a_role_that_needs_it_is_reminded_and_then_sets_it_up_before_it_gets_in(web: Any, engine: Any) -> None:
    demand(web, "worker", days=5)
    bo = first_step(web)
    page = bo.get("/account")
    assert "your role needs a second factor" in page.words
    first_step(web, "ann").get("/clients")  # no role of hers
    with time_machine.travel(clock.now() + timedelta(days=5, minutes=1), tick=True):
        api = web(None).client.post("/api/v1/tokens", json={"username": "bo", "password": PASSWORD})
        assert (api.status_code, api.json["code"]) == (403, "factor_missing")
        bo = first_step(web)
        assert bo.client.get("/clients").headers["Location"].startswith("/login")
        page = bo.get("/login/second")
        assert page.soup.find("svg", role="img")
        phone = Phone(engine, "bo")
        bo.post("/login/second", {"code": "000000"}, 422)
        page = bo.post("/login/second", {"code": phone.code(-1)})
        assert len(page.soup.select("ul.mono li")) == 10
        bo.get("/clients")
        bo.post("/account/second-factor/remove", {"code": phone.code()}, 409)
        assert first_step(web).page.headers["Location"].startswith("/login/second")
        demand(web)  # less strict: another administrator agrees
        yes = web("sam").get("/admin/asked").soup.select_one("main ul.work a")["href"]
        web("sam").post(f"{yes}/agree", status=302)
        bo.post("/account/second-factor/remove", {"code": phone.code()}, 303)
        assert first_step(web).page.headers["Location"] == "/"


def test_beginning_anew_makes_the_picture_before_worthless(web: Any, engine: Any) -> None:
    bo = web("bo")
    bo.post("/account/second-factor/begin", {"password": "wrong"}, 422)
    bo.post("/account/second-factor/begin", {"password": PASSWORD}, 303)
    seen = Phone(engine, "bo")
    bo.post("/account/second-factor/begin", {"password": PASSWORD}, 303)
    bo.post("/account/second-factor/confirm", {"code": seen.code()}, 422)
    bo.post("/account/second-factor/confirm", {"code": Phone(engine, "bo").code()})
    bo.post("/account/second-factor/begin", {"password": PASSWORD}, 422)  # who has one gives it up first, with a code


def test_a_lost_one_is_taken_away_by_two_people(web: Any, engine: Any) -> None:
    set_up(web, engine)
    session_before = web("bo")
    account = f"/admin/accounts/{engine.cast.users['bo']}/second-factor"
    sam, sec = web("sam"), web("sec")
    version = sam.get(account).soup.find("input", {"name": "version"})["value"]
    sam.post(account, {"reason": "phone lost", "version": version}, 302)
    assert "waits for a second person" in sam.post(account, {"reason": "again", "version": version}, 409).words
    assert first_step(web).page.headers["Location"].startswith("/login/second")  # not yet
    one = sec.get("/admin/confirmations").soup.find("a", href=re.compile("/admin/asked/."))["href"]
    assert "phone lost" in sec.get(one).words
    yes = sec.get(one).soup.find("form", action=re.compile("agree"))["action"]
    assert sam.get(one).soup.find("form", action=re.compile("agree")) is None
    sam.post(yes, status=403)
    web("ann").post(yes, status=404)  # nothing of hers
    web("bo").post(yes, status=403)
    sec.post(yes, status=302)
    sec.post(yes, status=409)
    assert session_before.client.get("/account").status_code == 302
    assert first_step(web).page.headers["Location"] == "/"
    assert "asked.asked" in events(engine, "sam")
    assert "asked.done" in events(engine, "sec")


def test_nobody_decides_on_the_own_reset_and_a_no_leaves_it(web: Any, engine: Any) -> None:
    for name in ("sec", "bo"):
        set_up(web, engine, name)
        account = f"/admin/accounts/{engine.cast.users[name]}/second-factor"
        version = web("sam").get(account).soup.find("input", {"name": "version"})["value"]
        web("sam").post(account, {"reason": "lost", "version": version}, 302)
    with engine.app.app_context(), system_session("look") as session:
        resets = {row.about_user_id: row.id for row in session.scalars(select(t.AskedAct))}
    own, bos = resets[engine.cast.users["sec"]], resets[engine.cast.users["bo"]]
    web("sec").post(f"/admin/asked/{own}/agree", status=403)
    web("sec").post(f"/admin/asked/{bos}/refuse", {"note": "not he"}, 302)
    web("sec").post(f"/admin/asked/{bos}/agree", status=409)
    web("sam").post(f"/admin/asked/{own}/take-back", status=302)
    assert "taken back" in web("sam").get("/admin/asked").words
    assert first_step(web).page.headers["Location"].startswith("/login/second")


def test_the_rules_are_the_security_administrators_alone(web: Any) -> None:
    for name in ("sam", "dee", "ann", "cora", "bo"):
        web(name).get("/admin/controls", 403)
    page = web("sec").post("/admin/controls", {"roles": ["worker"], "days": 99, "reason": "x", "version": 0}, 422)
    assert "0 to 60" in page.words
    demand(web, "worker", "auditor")
    web("sec").post("/admin/controls", {"days": 0, "reason": "an old page", "version": 0}, 409)


def test_in_both_languages(web: Any, engine: Any) -> None:
    set_up(web, engine)
    demand(web, "station_head")
    for language in ("zh", "en"):
        web("bo", language=language).get("/account/second-factor")
        web("bo", language=language).get("/account/second-factor/remove")
        web("ann", language=language).get("/account/second-factor")
        web("sec", language=language).get("/admin/controls")
        half = first_step(web)
        half.headers = {"Accept-Language": language}
        half.get("/login/second")


def test_the_same_on_postgresql(postgres_engine: Any) -> None:
    """What locks a row, and what is written beside the request, on the other engine."""
    postgres_engine.fresh()
    web = lambda name, **more: Browser(postgres_engine, name, **more)  # noqa: E731
    phone, codes = set_up(web, postgres_engine)
    used = phone.code()
    first_step(web).post("/login/second", {"code": used}, 302)
    first_step(web).post("/login/second", {"code": used}, 422)
    first_step(web).post("/login/second", {"code": codes[0]}, 302)
    first_step(web).post("/login/second", {"code": codes[0]}, 422)
    demand(web, "station_head")
    assert first_step(web, "ann").get("/login/second").soup.find("svg", role="img")
