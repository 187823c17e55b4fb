"""Bad input in every member of every call of the API that takes a body: refused by name in the caller's language, nothing written."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests import bad, bodies, laid
from tests.bad import MISSING
from tests.content import Copy, changed, digests
from tests.page import Browser
from tests.routes import ENDS_THE_WALK, address, routes

CALLERS = ("bo", "ann", "ben", "chen", "tao", "cora", "pia")
CJK = re.compile("[\u3400-\u9fff]")
PERSONAL = ("name", "other_names", "number", "phone", "address", "q", "username", "password", "signer_name")
TYPES: dict[str, Any] = {  # what only JSON can send
    "null": None,
    "yes": True,
    "a number": 12345678901234567890,
    "a fraction": 1.5,
    "a list": ["a", 1, None],
    "an object": {"a": {"b": [1]}},
    "a list of lists": [[[]]],
    "a text of a thousand signs": "长" * 1000,
}


class Calls:
    """Every call that takes a body, with a caller who may make it."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.rows = engine, laid.lay(engine)
        self.browsers = {name: Browser(engine, name, "zh") for name in CALLERS}
        self.copy = Copy(engine) if engine.name == "sqlite" else None
        self.before = digests(engine)
        self.faults: list[str] = []
        self.count = 0
        self.known = [
            (rule.endpoint, method, self._place(rule), address(engine.app, rule, self.rows[self._place(rule)]))
            for rule, method in routes(engine.app)
            if str(rule).startswith("/api/") and method in ("POST", "PATCH") and rule.endpoint not in ENDS_THE_WALK
        ]
        if self.copy is None:  # nothing is put back: what makes a newer one of its kind comes after what needs the one laid
            self.known.sort(key=lambda call: call[0].endswith(".new"))

    @staticmethod
    def _place(rule: Any) -> str:
        return "minor" if rule.endpoint.endswith(".purpose") else "Riverside"

    def caller(self, endpoint: str, method: str, url: str, body: Any) -> Browser | None:
        """Who is neither refused nor lost with a body that would do."""
        for browser in self.browsers.values():
            answer = browser.api(method, url, body)
            if answer.status_code < 400:
                self.settle()
            if answer.status_code not in (403, 404):
                return browser
        return None

    def settle(self) -> None:
        """Back to the rows as they were laid, or on from here."""
        if self.copy is not None:
            self.copy.restore()
            self.before.stand_again()
        else:
            self.before = digests(self.engine)

    def send(self, browser: Browser, method: str, url: str, body: Any, where: str) -> Any:
        """Sends a body (bytes as they are) and notes what is wrong with the answer."""
        self.count += 1
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {browser.token}"}
        answer = browser.client.open(url, method=method, data=data, headers=headers, content_type="application/json")
        if answer.status_code < 400:
            self.settle()
            return answer
        if answer.status_code >= 500 or answer.mimetype != "application/problem+json":
            self.faults.append(f"{where}: {answer.status_code} {answer.text[:200]}")
        tables = changed(self.engine, self.before)
        if tables:
            self.faults.append(f"{where}: {answer.status_code} left something in {tables}")
            self.settle()
        return answer


@pytest.fixture
def calls(sqlite: Any) -> Calls:
    """On SQLite."""
    return Calls(sqlite)


def test_bad_input_in_every_member(calls: Calls) -> None:
    each_member(calls, share=2)
    print(f"bad calls on {calls.engine.name}: {calls.count}")
    assert calls.faults == [], "\n".join(calls.faults)
    assert calls.count > 500


def test_bad_calls_on_postgresql(postgres_engine: Any) -> None:
    postgres_engine.fresh()
    calls = Calls(postgres_engine)
    each_member(calls, share=1, always=("NUL",), every=4)
    assert calls.faults == [], "\n".join(calls.faults)


def each_member(calls: Calls, *, share: int, always: tuple[str, ...] = (), every: int = 1) -> None:
    """One member of a good body at a time, with a share of what is bad, which rotates; and one member too many."""
    values = {**TYPES, **bad.texts(calls.rows)}
    kinds, turn, seen = list(values), 0, 0
    for endpoint, method, place, url in calls.known:
        good = bodies.good(endpoint, calls.rows[place])
        browser = calls.caller(endpoint, method, url, good)
        assert browser is not None, f"nobody may call {endpoint}"
        refused(calls, browser, method, url, good, "surprise", "an unknown member", f"{endpoint}, one too many")
        for name in good:
            seen += 1
            if seen % every:
                continue
            for kind in dict.fromkeys([*always, *(kinds[(turn + step) % len(kinds)] for step in range(share))]):
                refused(calls, browser, method, url, good, name, values[kind], f"{endpoint}.{name}, {kind}")
            turn += share


def refused(calls: Calls, browser: Browser, method: str, url: str, good: Any, name: str, value: Any, where: str) -> None:
    """Sends a body with one member that is bad; if it is refused, then by name, in Chinese, without repeating it."""
    body = {member: held for member, held in good.items() if member != name}
    if value is not MISSING:
        body[name] = value
    answer = calls.send(browser, method, url, body, where)
    if answer.status_code != 422:
        if name == "surprise":
            calls.faults.append(f"{where}: {answer.status_code}")
        return
    said = answer.json["fields"]
    if not said:
        calls.faults.append(f"{where}: no member is named")
    for sentence in sentences(said):
        if not CJK.search(sentence):
            calls.faults.append(f"{where}: not in Chinese: {sentence!r}")
        if name in PERSONAL and isinstance(value, str) and len(value.strip()) > 3 and value.strip() in sentence:
            calls.faults.append(f"{where}: repeats what was sent: {sentence!r}")


def sentences(said: Any) -> Iterator[str]:
    """The sentences of nested messages; each branch ends in a list of them."""
    if isinstance(said, dict):
        for inner in said.values():
            yield from sentences(inner)
    else:
        assert isinstance(said, list), said
        yield from said


BROKEN: dict[str, tuple[bytes, set[int]]] = {
    "no object": (b'["a"]', {422, 428}),
    "a text": (b'"a"', {422, 428}),
    "a number": (b"5", {422, 428}),
    "null": (b"null", {422, 428}),
    "nothing": (b"", {415, 422, 428}),
    "half an object": (b'{"a": ', {400}),
    "a hundred thousand brackets": (b"[" * 100_000, {400}),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {400}),
    "no UTF-8": (b'{"name": "\xff\xfe"}', {400}),
    "half a sign": (b'{"name": "\\ud800"}', {400}),
    "a member twice": (b'{"name": "a", "name": "b"}', {400}),
    "no number": (b'{"version": NaN}', {400}),
    "ten megabytes": (b'{"name": "' + b"a" * 10_000_000 + b'"}', {413}),
}


CONTENT_TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "")


def test_what_is_no_body_of_ours(calls: Calls) -> None:
    """What cannot be read is told apart from what cannot be taken, by every call alike: each kind at every third call, in turn."""
    kinds = list(BROKEN.items())
    for turn, (endpoint, method, place, url) in enumerate(calls.known):
        browser = calls.caller(endpoint, method, url, bodies.good(endpoint, calls.rows[place]))
        assert browser is not None, f"nobody may {endpoint}"
        for kind, (body, statuses) in kinds[turn % 3 :: 3]:
            answer = calls.send(browser, method, url, body, f"{endpoint}, {kind}")
            takes_nothing = kind == "nothing" and bodies.good(endpoint, calls.rows[place]) == {}
            if answer.status_code not in statuses and not (takes_nothing and answer.status_code < 300):
                calls.faults.append(f"{endpoint}, {kind}: {answer.status_code}")
            if takes_nothing:
                calls.settle()
        for content in CONTENT_TYPES[turn % 2 :: 2]:
            headers = {"Authorization": f"Bearer {browser.token}"}
            answer = browser.client.open(url, method=method, data=b"name=a", headers=headers, content_type=content)
            if answer.status_code != 415:
                calls.faults.append(f"{endpoint}, {content}: {answer.status_code}, not 415")
    assert calls.faults == [], "\n".join(calls.faults)


@pytest.mark.parametrize("length", ["-1", "many", "99999999999999999999"])
def test_a_body_that_lies_about_its_length(sqlite: Any, length: str) -> None:
    bo = Browser(sqlite, "bo")
    answer = bo.client.post(
        "/api/v1/clients",
        data=b'{"name": "a"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {bo.token}"},
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert answer.status_code in (400, 413, 422)
