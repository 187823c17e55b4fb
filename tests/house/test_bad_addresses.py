"""Addresses, methods and headers that no page of ours would send, and our own faults: never a 5xx for the first, few words for the last."""

import re
from typing import Any

import pytest

from tests import bad, laid
from tests.bodies import NUMBER
from tests.house.test_code_rules import CODE
from tests.page import Browser
from tests.routes import address, once_each

GATHERED = ("village", "tag", "worker", "risk", "state", "order", "due_before", "status", "live", "show", "day", "month")
TRAIL = ("kind", "username", "file_no", "from_on", "to_on", "parent", "period", "area", "domain", "cursor", "limit", "draft")


@pytest.fixture
def rows(sqlite: Any) -> Any:
    """The rows on SQLite."""
    return laid.lay(sqlite)


def asked_names() -> list[str]:
    """Every name that some page takes from its address, read from the code itself, and those of filters."""
    found = {*GATHERED, *TRAIL}
    for path in sorted((CODE / "blueprints").rglob("*.py")):
        found |= set(re.findall(r"""(?:args(?:\.get)?[\[(]|asked\()["'](\w+)["']""", path.read_text(encoding="utf-8")))
    return sorted(found)


def ask_everything(engine: Any, rows: Any, names: tuple[str, ...]) -> list[str]:
    """Every page and list with something bad for each name it might ask for, twice; what answered 5xx, and why."""
    values = {kind: value for kind, value in bad.texts(rows).items() if isinstance(value, str) and len(value) < 1000}
    kinds, asked, faults = list(values), asked_names(), []
    assert len(asked) > 25
    for name in names:
        browser = Browser(engine, name)
        headers = {**browser.headers, "Authorization": f"Bearer {browser.token}"}
        for turn, (rule, method) in enumerate(once_each(engine.app)):
            if method != "GET":
                continue
            url = address(engine.app, rule, rows["Riverside"]).partition("?")[0]
            for step in range(2):
                query = {one: values[kinds[(turn + step * 7 + place) % len(kinds)]] for place, one in enumerate(asked)}
                query = query if step else dict.fromkeys(asked, "a\x00b")
                if browser.client.get(url, query_string=query, headers=headers).status_code < 500:
                    continue
                each = {one: browser.client.get(url, query_string={one: query[one]}, headers=headers) for one in asked}
                faults.append(f"{name} {url}: {[(one, query[one]) for one in asked if each[one].status_code >= 500]}")
    return faults


def test_bad_words_in_addresses(sqlite: Any, rows: Any) -> None:
    assert ask_everything(sqlite, rows, ("bo", "cora")) == []


def test_bad_words_in_addresses_on_postgresql(postgres_engine: Any) -> None:
    postgres_engine.fresh()
    assert ask_everything(postgres_engine, laid.lay(postgres_engine), ("bo",)) == []


@pytest.mark.parametrize(
    "path",
    [
        "/clients/%00",
        "/clients/%ff%fe",
        "/clients/..%2f..%2fetc%2fpasswd",
        "/elderly/cases/%E2%80%AE/plan",
        "//elsewhere.example/clients",
        "/" + "a" * 20_000,
        "/clients?" + "q=a&" * 5_000,
        "/clients?%00=%00&%ff=%ff&=&&&",
        "/clients?limit[]=1&limit[a]=2",
        "/language/%00",
        "/static/../caseapp/config.py",
        "/static/%2e%2e/config.py",
        "/api/v1/clients/not-a-uuid",
        "/api/v1/statistics/tables/%00%ff",
        "/api/v1/clients?cursor=" + "A" * 1_900,
        "/login?next=//elsewhere.example",
        "/login?next=%0d%0aSet-Cookie:%20a=b",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"])
def test_odd_addresses_and_methods(sqlite: Any, path: str, method: str) -> None:
    browser = Browser(sqlite, None)
    answer = browser.client.open(path, method=method, headers={"Authorization": "Bearer " + "x" * 43})
    assert answer.status_code < 500
    assert "elsewhere.example" not in answer.headers.get("Location", "")
    assert "Set-Cookie" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "x" * 5_000},
        {"Accept-Language": "zh-CN;q=nan, *;q=-1, \xff"},
        {"Accept": "*/*;q=x, ;;;"},
        {"Cookie": "caseapp=" + "a" * 4_000 + "; session=\xff"},
        {"Cookie": "caseapp=eyJzaWQiOiJ4In0.Zz.zz"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic ====="},
        {"Authorization": "Bearer " + "\xff" * 43},
        {"If-Match": '"' + "9" * 400 + '"'},
        {"If-None-Match": "*", "Range": "bytes=-1", "If-Modified-Since": "yesterday"},
        {"Idempotency-Key": "\xff" * 20},
        {"Host": "elsewhere.example"},
        {"X-Forwarded-For": "'; --", "X-Forwarded-Host": "elsewhere.example"},
        {"User-Agent": "\xff" * 2_000},
        {"Referer": "https://elsewhere.example/\xff"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=" + "b" * 5_000},
        {"Content-Type": "text/html; charset=no-such"},
        {"Accept-Encoding": "gzip;q=x, br;q=2, \xff"},
        {"X-Fragment": "1"},
    ],
)
def test_odd_headers(sqlite: Any, headers: dict[str, str]) -> None:
    bo = Browser(sqlite, "bo")
    for path in ("/", "/clients", "/login", "/api/v1/me", "/api/v1/clients", "/static/css/caseapp.css", "/healthz"):
        for method in ("GET", "POST"):
            for more in ({}, {"Authorization": f"Bearer {bo.token}"}):
                answer = bo.client.open(path, method=method, data=b"a=b", headers={**more, **headers})
                assert answer.status_code < 500, f"{method} {path}"
                assert "elsewhere.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(("language", "lang"), [("zh", "zh-CN"), ("en", "en")])
def test_a_fault_of_ours_says_so_and_nothing_more(sqlite: Any, language: str, lang: str, caplog: Any, monkeypatch: Any) -> None:
    """A page in the reader's language with a number to ask by; no word of what failed, on the page or in the log."""
    views, secret = sqlite.app.view_functions, f"{NUMBER} lives at 3 East lane"
    for endpoint in ("account.index", "api_me.show"):

        def broken() -> None:
            raise RuntimeError(secret)

        broken.access = views[endpoint].access  # type: ignore[attr-defined]
        monkeypatch.setitem(views, endpoint, broken)
    bo = Browser(sqlite, "bo", language)
    bo.csrf = lambda: ""  # type: ignore[method-assign]
    page = bo.get("/account", status=500)
    assert page.soup.html["lang"] == lang
    assert page.soup.select_one(".mono").text
    call = bo.client.get("/api/v1/me", headers={"Authorization": f"Bearer {bo.token}"})
    assert (call.status_code, call.mimetype) == (500, "application/problem+json")
    assert NUMBER not in page.text + call.text + caplog.text
    assert "RuntimeError" in caplog.text
