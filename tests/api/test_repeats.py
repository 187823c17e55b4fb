"""A call sent twice with one `Idempotency-Key` makes one thing and gives one answer, whatever it makes (contract.md section 4)."""

from typing import Any

from caseapp.blueprints.http.guard import access_of
from tests import bodies, laid
from tests.content import Copy, changed, digests
from tests.page import Browser
from tests.routes import ENDS_THE_WALK, address, routes

NOT_KEPT = {"api_tokens.new"}  # a token is shown once; what only reads is left out by its door
CALLERS = ("bo", "ann", "ben", "chen", "tao", "cora")


def reads(app: Any, endpoint: str) -> bool:
    """Whether a call only shows something."""
    with app.app_context():
        access = access_of(endpoint)
    return access is not None and access.reading


def test_a_repeat_gives_the_first_answer_and_makes_nothing(sqlite: Any) -> None:
    rows = laid.lay(sqlite)
    row = rows["Riverside"]
    callers = [Browser(sqlite, name) for name in CALLERS]
    copy, faults, good = Copy(sqlite), [], set()
    for rule, method in routes(sqlite.app):
        if method != "POST" or not str(rule).startswith("/api/") or rule.endpoint in NOT_KEPT or reads(sqlite.app, rule.endpoint):
            continue
        where = rows["minor"] if rule.endpoint.endswith(".purpose") else row
        url, body = address(sqlite.app, rule, where), bodies.good(rule.endpoint, where)
        for caller in callers:
            first = caller.api("POST", url, body, Idempotency_Key="the-same-key")
            if first.status_code >= 400:
                continue
            good.add(rule.endpoint)
            before = digests(sqlite)
            second = caller.api("POST", url, body, Idempotency_Key="the-same-key")
            if (second.status_code, second.text) != (first.status_code, first.text):
                faults.append(
                    f"{rule.endpoint}: {first.status_code} {first.text[:2000]} then {second.status_code} {second.text[:2000]}"
                )
            if changed(sqlite, before):
                faults.append(f"{rule.endpoint} wrote again: {changed(sqlite, before)}")
            other = caller.api("POST", url, {**body, "more": 1}, Idempotency_Key="the-same-key")
            if other.status_code != 422:
                faults.append(f"{rule.endpoint} with another body under the same key: {other.status_code}")
            copy.restore()
            break
    assert faults == [], "\n".join(faults)
    assert len(good) > 20, good
    assert not good & set(ENDS_THE_WALK)
