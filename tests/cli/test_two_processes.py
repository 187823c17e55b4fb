"""Two real `caseapp serve` on one PostgreSQL, asked in turn as a proxy would: nothing of a session lies in a process."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from caseapp.extensions import db
from caseapp.services.organisation.lockout import FREE
from tests.cast import PASSWORD
from tests.conftest import KEY, use

ROOT = Path(__file__).resolve().parents[2]
WAIT = 120  # seconds; both answer within a few


@pytest.fixture
def addresses(postgres_engine: Any, tmp_path: Path) -> Iterator[list[str]]:
    """Two processes that know of each other nothing but the database and the keys."""
    for engine in use(postgres_engine):
        with engine.app.app_context():
            url = db.engine.url.render_as_string(hide_password=False)
        given = {
            "CASEAPP_ENV": "test",
            "CASEAPP_DATABASE_URL": url,
            "CASEAPP_DATA_KEYS": KEY,
            "PYTHONUTF8": "1",
            "HOST": "127.0.0.1",
        }
        processes, ports = [], []
        for name in ("one", "two"):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                ports.append(free.getsockname()[1])
            own = {"CASEAPP_INSTANCE": str(tmp_path / name), "PORT": str(ports[-1])}
            with (tmp_path / f"{name}.log").open("w") as log:
                command = [sys.executable, "-m", "caseapp.cli", "serve"]
                kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEAPP_")}
                processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env={**kept, **given, **own}, stdout=log, stderr=log, start_new_session=True
                    )
                )
        try:
            found = [f"http://127.0.0.1:{port}" for port in ports]
            for address in found:
                _wait_for(address, tmp_path)
            yield found
        finally:
            for process in processes:  # with its workers, and at once: nothing is in a process that would have to be put away
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(WAIT)


def _wait_for(address: str, folder: Path) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5)  # noqa: S310 - our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("".join(log.read_text() for log in folder.glob("*.log")))


class Visitor:
    """A browser whose every request goes to the other process than the one before."""

    def __init__(self, addresses: list[str]) -> None:
        self.turns = cycle(addresses)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), Stays())

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """(status, text); a redirect is not followed, so that the turns stay ours."""
        sent = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(next(self.turns) + path, sent, {"Accept-Language": "en"})  # noqa: S310 - our own
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's form."""
        status, text = self.ask(path)
        assert status == 200, (status, text[:300])
        tags = [dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', text)]
        return {tag["name"]: tag.get("value", "") for tag in tags if "name" in tag}


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def test_every_request_may_go_to_another_process(addresses: list[str]) -> None:
    bo = Visitor(addresses)
    form = bo.form("/login")
    assert bo.ask("/login", form | {"username": "bo", "password": PASSWORD})[0] in (302, 303)
    for _process in addresses:
        assert bo.ask("/clients")[0] == 200
    assert bo.ask("/clients/search", bo.form("/clients/search") | {"q": "nobody"})[0] == 200  # a token of the other one
    csrf = bo.form("/account/password")["csrf_token"]
    marks = {
        "draft_form": "visits.new",
        "draft_title": "kept by one",
        "draft_address": "/account/password",
        "note": "half a sentence",
    }
    status, said = bo.ask("/drafts", {"csrf_token": csrf, **marks})
    assert (status, '"saved":true' in said.replace(" ", "")) == (200, True)
    for _process in addresses:
        assert "kept by one" in bo.ask("/account/drafts")[1]

    guesser = Visitor(addresses)
    codes = [
        guesser.ask("/login", guesser.form("/login") | {"username": "ben", "password": f"guess {n}"})[0] for n in range(FREE + 1)
    ]
    assert codes[:FREE] == [codes[0]] * FREE and codes[FREE] == 429 != codes[0]
    gone = bo.form("/account/password")
    assert bo.ask("/logout", {"csrf_token": gone["csrf_token"]})[0] in (302, 303)
    assert [bo.ask("/clients")[0] for _process in addresses] == [302, 302]
