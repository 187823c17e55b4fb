"""What a browser is told and held to: headers on every answer, a token for every change, cookies that say nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caseapp import create_app
from tests import laid
from tests.cast import PASSWORD
from tests.conftest import settings
from tests.page import Browser
from tests.routes import address, routes

SELF = "'self'"


@pytest.fixture
def places(sqlite: Any) -> Any:
    """Rows for every address, by place."""
    return laid.lay(sqlite)


@pytest.mark.parametrize("name", ["bo", "sam", None])
def test_every_answer_carries_the_headers(sqlite: Any, places: Any, name: str | None) -> None:
    """Also refusals and answers of the API: a strict policy without inline script or style, nothing kept, nothing framed."""
    browser, faults, seen = Browser(sqlite, name), [], set()
    for rule, method in routes(sqlite.app):
        if method != "GET":
            continue
        answer = browser.client.get(address(sqlite.app, rule, places["Riverside"]), headers=browser.headers)
        seen.add(answer.status_code)
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        right = (
            policy["default-src"] == "'none'"
            and policy["script-src"] == policy["style-src"] == policy["form-action"] == SELF
            and policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            and answer.headers["Cache-Control"] == "no-store"
            and answer.headers["X-Content-Type-Options"] == "nosniff"
            and answer.headers["X-Frame-Options"] == "DENY"
            and answer.headers["Referrer-Policy"] == "same-origin"
            and "Server" not in answer.headers
        )
        if not right:
            faults.append(f"{rule.endpoint}: {dict(answer.headers)}")
    assert faults == []
    assert {200, 302, 404} & seen


def test_static_files_with_their_hash_are_kept_and_nothing_else_is(sqlite: Any) -> None:
    client = sqlite.app.test_client()
    page = Browser(sqlite, None).get("/login")
    sheet = page.soup.find("link", rel="stylesheet")["href"]
    assert "immutable" in client.get(sheet).headers["Cache-Control"]
    assert client.get(sheet.partition("?")[0]).headers["Cache-Control"] == "no-store"


def test_no_page_takes_a_change_without_its_token(sqlite: Any, places: Any) -> None:
    """Whoever is signed in, whatever the form: a page elsewhere cannot send it, without a token or with another's."""
    faults, count = [], 0
    for name, token in (("ann", {}), ("sam", {"csrf_token": "forged"}), ("bo", {"csrf_token": Browser(sqlite, "ann").csrf()})):
        browser = Browser(sqlite, name)
        for rule, method in routes(sqlite.app):
            if method == "GET" or rule.rule.startswith("/api/"):
                continue
            count += 1
            url = address(sqlite.app, rule, places["Riverside"])
            status = browser.client.open(url, method=method, data=token, headers=browser.headers).status_code
            if status != 400:
                faults.append(f"{name} {method} {rule.endpoint}: {status}")
        browser.get("/account")  # still signed in: nothing was done
    assert faults == [] and count > 200


def test_a_cookie_opens_no_call_and_a_token_no_page(sqlite: Any) -> None:
    """The API needs no form token because it never looks at cookies."""
    bo = Browser(sqlite, "bo")
    assert bo.client.get("/api/v1/me").status_code == 401
    assert bo.client.post("/api/v1/clients", json={}).status_code == 401
    stranger = sqlite.app.test_client()
    assert stranger.get("/clients", headers={"Authorization": f"Bearer {bo.token}"}).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_in_production_from_open_lines(sqlite: Any, tmp_path: Path) -> None:
    plain = settings(f"sqlite:///{tmp_path / 'x.sqlite3'}", tmp_path)
    for changed, is_secure in (
        (plain, False),
        (replace(plain, env="production"), False),  # an office whose browser runs on the server
        (replace(plain, env="production", host="0.0.0.0"), True),  # noqa: S104 - named, not bound
        (replace(plain, env="production", proxies=1), True),
    ):
        app = create_app(changed)
        assert app.config["SESSION_COOKIE_SECURE"] is is_secure
    cookie = sqlite.app.test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_the_lock_out_counts_by_the_visitors_address_behind_a_proxy(sqlite: Any, tmp_path: Path) -> None:
    """Else one guesser behind the same proxy would lock out everybody; and nobody chooses an address by sending a header."""
    plain = sqlite.app.config["SETTINGS"]
    wrong, right = {"username": "bo", "password": "wrong"}, {"username": "bo", "password": PASSWORD}
    for proxies, elsewhere in ((1, 201), (0, 429)):
        sqlite.fresh()
        app = sqlite.app if proxies == 0 else create_app(replace(plain, proxies=1))
        client = app.test_client()
        found = [
            client.post("/api/v1/tokens", json=wrong, headers={"X-Forwarded-For": "203.0.113.1"}).status_code for _n in range(6)
        ]
        assert found == [401] * 5 + [429]
        other = {"X-Forwarded-For": "198.51.100.2"}
        assert client.post("/api/v1/tokens", json=right, headers=other).status_code == elsewhere
        spoofed = {"X-Forwarded-For": "198.51.100.9, 203.0.113.1"}
        assert client.post("/api/v1/tokens", json=right, headers=spoofed).status_code == 429
