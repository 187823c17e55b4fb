"""`caseapp drill attack`, on its parts: it asks every route, sends the same for the same seed, and sees what must never be answered."""

import random
from itertools import islice
from typing import Any

import pytest
from flask import Response
from uuid_utils.compat import uuid7

from caseapp.cli.drill.attack import values
from caseapp.cli.drill.attack.aims import SPARED, Aims
from caseapp.cli.drill.attack.judge import faults

GOOD = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def aims(app: Any, ids: Any) -> Aims:
    return Aims(app, ids, random.Random(7))


def test_every_route_is_asked_in_each_round_and_a_seed_says_all(sqlite_engine: Any) -> None:
    app, ids = sqlite_engine.app, {"client": [uuid7()], "case": [uuid7()], "user": [uuid7()]}
    first = aims(app, ids)
    sent = list(islice(first.stream(), 2 * len(first.rules)))
    assert sent == list(islice(aims(app, ids).stream(), len(sent)))
    wanted = {rule.endpoint for rule in app.url_map.iter_rules()} - SPARED
    assert {rule.endpoint for rule, _method in first.rules} == wanted and len(first.rules) > 700
    assert {one.kind for one in sent} == {"plain", "values", "method", "headers", "mass", "size"}
    assert {"POST", "GET", "PATCH", "DELETE", "TRACE"} <= {one.method for one in sent}
    assert any(str(ids["client"][0]) in one.path for one in sent) and any(one.json for one in sent)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("status 500", Response("", 500, GOOD)),
        ("a stranger's word", Response(f"<p>{values.PLANTED}3</p>", 200, GOOD)),
        ("a template ran", Response(f"<p>{values.PRODUCT}</p>", 200, GOOD)),
        ("markup went through", Response(f"<p>{values.MARKUP}</p>", 200, GOOD)),
        ("inner words", Response("sqlalchemy.exc.DataError", 200, GOOD)),
        ("led elsewhere", Response("", 302, {**GOOD, "Location": "//evil.example/x"})),
        ("led elsewhere", Response("", 302, {**GOOD, "Location": "https://evil.example"})),
        ("a header slipped in", Response("", 200, {**GOOD, "X-Zzq": "1"})),
        ("may be kept by a cache", Response("<p>", 200, {"X-Content-Type-Options": "nosniff"})),
        ("no nosniff", Response("<p>", 200, {"Cache-Control": "no-store"})),
    ],
)
def test_what_must_never_be_answered_is_found(fault: str, answer: Response) -> None:
    assert list(faults(answer, is_signed_in=True, reflected=False)) == [fault]


def test_a_right_answer_and_an_echo_are_no_findings() -> None:
    right = Response("<p>&lt;img src=x</p>", 302, {**GOOD, "Location": "/login?next=/x"})
    echo = Response(f"<p>{values.PLANTED}</p>", 422, GOOD)
    assert not list(faults(right, is_signed_in=True, reflected=False)) and not list(
        faults(echo, is_signed_in=True, reflected=True)
    )
