"""Log lines carry the request, and nothing of a person; /metrics is for whoever shows the token."""

import dataclasses
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from caseapp.adapters import logs
from caseapp.core import trace

TOKEN = "only-for-the-one-who-watches"
NAME = "欧阳测试名"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged while a test runs, as JSON."""
    found = io.StringIO()
    logs.configure("json", found)
    yield found
    logs.configure("text")


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    """The lines as objects."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_each_request_is_a_line_under_the_id_of_its_answer(engine: Any, lines: io.StringIO) -> None:
    """Endpoint, status and time; the same id is in the answer's header and on the page of an error."""
    client = engine.app.test_client()
    found = client.get(f"/clients/{NAME}?q={NAME}", headers={"X-Request-Id": "made-up-by-a-visitor"})
    [line] = read(lines)
    assert line["request"] == found.headers["X-Request-Id"] and len(line["request"]) == 16
    assert (line["status"], line["method"], line["level"]) == (found.status_code, "GET", "info") and line["ms"] >= 0
    assert "given" not in line and NAME not in lines.getvalue()
    missing = client.get("/nowhere")
    assert missing.headers["X-Request-Id"] in missing.text


def test_a_traceback_is_told_without_its_values(lines: io.StringIO) -> None:
    """Where and what kind, never the words of the error."""
    try:
        int(NAME)
    except ValueError:
        logging.getLogger("caseapp").exception("failed")
    [line] = read(lines)
    assert line["error"] == "ValueError" and line["where"][0].startswith("test_logs.py:") and NAME not in lines.getvalue()


def test_the_id_of_a_proxy_stands_beside_our_own() -> None:
    """Only what looks like one: an id with a line break would forge a line."""
    trace.begin("0123456789abcdef0123456789abcdef")
    assert trace.given_id() and trace.request_id() != trace.given_id()
    trace.begin('x"\n{"level": "info"}')
    assert trace.given_id() == ""


def test_numbers_are_for_who_shows_the_token(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token in the settings, or with another, there is no such page; with it, parts and outcomes and no address."""
    client, config = engine.app.test_client(), engine.app.config
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setitem(config, "SETTINGS", dataclasses.replace(config["SETTINGS"], metrics_token=TOKEN))
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get(f"/clients?q={NAME}")
    found = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.status_code == 200 and found.content_type.startswith("text/plain")
    assert 'caseapp_requests_total{method="GET",part="clients",status="302"}' in found.text
    assert "caseapp_request_seconds_bucket" in found.text and NAME not in found.text and "?q=" not in found.text
