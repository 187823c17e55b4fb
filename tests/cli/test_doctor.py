"""The doctor: each thing that is not as it should be is named in plain words, and the exit code goes by the worst."""

import http.server
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.adapters import backup as backups
from caseapp.adapters import keys
from caseapp.adapters.backup import making
from caseapp.blueprints.http.headers import FIXED
from caseapp.cli import main
from caseapp.cli.doctor import around, safe
from caseapp.cli.doctor.finding import Finding, Level
from caseapp.core import clock
from caseapp.extensions import db, intent
from caseapp.models import seal_ddl
from caseapp.models.trust import AuditEntry
from caseapp.services.trust import audit, seal
from tests import rows
from tests.engines import owned


def doctor(*words: str, language: str = "en") -> tuple[int, str]:
    """Exit code and everything that was said."""
    db.session.remove()
    guard.bind(db.session, None)
    intent.set("read")
    answer = CliRunner().invoke(main, ["doctor", "--language", language, *words])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def write(*statements: Any) -> None:
    """As somebody who owns the database."""
    with owned() as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def here(sqlite: Any) -> Iterator[Flask]:
    """The app on SQLite alone."""
    with sqlite.app.app_context():
        yield sqlite.app
        db.session.rollback()


def test_in_both_languages_on_both_engines(app: Flask, engine: Any) -> None:
    code, said = doctor()
    assert "[in order] The tables are those of this version." in said and "[in order] The trail is whole" in said
    assert "[please look] There is no backup." in said and "[in order] Bureaus read published figures" in said
    if engine.name == "postgresql":  # the tests' own server does without
        assert code == 2 and "[broken] What is saved may be lost when the power fails: PostgreSQL runs with fsync" in said
    else:
        assert code == 1 and "broken" not in said
    again, spoken = doctor(language="zh")
    assert again == code and len(spoken.splitlines()) == len(said.splitlines())
    assert not [line for line in spoken.splitlines() if line.isascii()]


def test_what_the_database_tells(here: Flask, sqlite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with system_session("a person", write=True) as session:
        rows.client(session, sqlite.cast, "Riverside", "Zebedee Quill", note="kept sealed")
        future = AuditEntry(at=clock.now() + timedelta(hours=2), kind="event", event="x", channel="command", station_path="/22/")
        session.add(future)
    assert "The clock went back: the newest entry of the trail is 7" in doctor()[1]
    monkeypatch.setattr(keys, "_ring", keys.KeyRing([(1, bytes(32))], bytes(32)))
    code, said = doctor()
    assert code == 2 and "Sealed fields do not open under CASEAPP_DATA_KEYS, in: client." in said
    assert "Zebedee" not in said and "kept" not in said
    write(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert "[broken] The tables are not those of this version: migrations are at 0001" in doctor()[1]


def test_a_trail_that_was_changed_or_is_not_sealed(here: Flask) -> None:
    entry = {"kind": "event", "event": "x", "channel": "command", "station_path": "/22/", "at": clock.now()}
    with system_session("an entry", write=True) as session:
        session.add(AuditEntry(**entry))
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=True):
        assert "[please look] Entries of the trail wait for their seal since 300 s" in doctor()[1]
    seal.seal_all()
    assert "[in order] The trail is whole: 1 entries." in doctor()[1]
    with owned() as connection:
        seal_ddl.drop(connection)
        connection.execute(sa.update(AuditEntry).values(event="y"))
    code, said = doctor()
    assert code == 2 and "[broken] The trail was changed: 1 faults." in said


def test_a_long_trail_is_looked_at_by_its_newest_seal(here: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe, "QUICK", 1)
    with system_session("entries", write=True) as session:
        for _number in range(2):
            session.add(AuditEntry(at=clock.now(), kind="event", event="x", channel="command", station_path="/22/"))
    seal.seal_all()
    assert "--whole-trail adds up all 2 entries" in doctor()[1] and "The trail is whole: 2" in doctor("--whole-trail")[1]
    with owned() as connection:
        seal_ddl.drop(connection)
        connection.execute(sa.text("UPDATE audit_seal SET head = key"))
    assert "[broken] The newest seal of the trail does not hold" in doctor()[1]


def test_backups_and_their_age(here: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(here.config["SETTINGS"], backups=tmp_path, env="production")
    assert [found.level for found in safe.saved(settings)] == [Level.BROKEN]
    monkeypatch.setattr(making, "restored", lambda *_given: None)  # what is asked here is its age
    made = backups.make(backups.place_of(db.engine.url), tmp_path)
    begun = clock.now()
    for hours, level in ((1, Level.FINE), (25, Level.FINE), (27, Level.LOOK), (24 * 7, Level.LOOK), (24 * 8 + 1, Level.BROKEN)):
        with time_machine.travel(begun + timedelta(hours=hours), tick=False):
            (found,) = safe.saved(settings)
            assert found.level == level and f"{hours} hours old" in found.words
    made.path.with_name(f"caseapp-9{backups.ENDING}").write_bytes(b"none")
    first, second = safe.saved(settings)
    assert first.level == Level.LOOK and "1 newer files" in first.words and second.level == Level.FINE


def test_a_backup_that_only_the_trail_remembers(here: Flask, sqlite: Any) -> None:
    intent.set("write")
    guard.bind(db.session, sqlite.cast.actor("sam"))
    db.session.rollback()
    audit.begin(db.session, "backup")
    audit.record(db.session, "backup.made", reason="weekly")
    db.session.commit()
    (found,) = safe.saved(here.config["SETTINGS"])
    assert found.level == Level.LOOK and "0 hours ago" in found.words


class Usage(NamedTuple):
    """As shutil tells it."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "level"), [(50_000_000_000, Level.FINE), (5_000_000_000, Level.LOOK), (200_000_000, Level.BROKEN)]
)
def test_a_disk_that_fills(here: Flask, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100_000_000_000, 0, free))
    assert [found.level for found in around.disk(here.config["SETTINGS"])] == [level]


def test_what_a_broken_off_backup_left(here: Flask) -> None:
    path = Path(str(db.engine.url.database))
    left = path.with_name(f"{path.name}.{backups.MARK}-1")
    left.touch()
    try:
        assert f"Left over from a backup that was broken off: {left.name}" in doctor()[1]
    finally:
        left.unlink()


def test_secrets_and_pages_in_clear(here: Flask) -> None:
    settings = here.config["SETTINGS"]
    two = replace(settings, env="production", data_keys=((2, bytes(32)), settings.data_keys[0]), host="0.0.0.0")  # noqa: S104
    assert [found.level for found in around.secrets(two)] == [Level.FINE, Level.LOOK]
    assert [found.level for found in around.secrets(replace(two, index_key=bytes(32)))] == [Level.FINE]
    assert next(around.reached(two, None)).level == Level.BROKEN
    assert next(around.reached(replace(two, proxies=1), None)).level == Level.FINE


GOOD = {name.lower(): value for name, value in FIXED.items()}
HSTS = {"strict-transport-security": "max-age=31536000"}


@pytest.mark.parametrize(
    ("headers", "days", "is_local", "levels"),
    [
        (GOOD | HSTS, 90.0, False, [Level.FINE]),
        (GOOD, 90.0, False, [Level.BROKEN]),
        (GOOD | HSTS, 20.0, False, [Level.LOOK, Level.FINE]),
        (GOOD, None, True, [Level.FINE]),
        (GOOD, None, False, [Level.BROKEN, Level.FINE]),
        (GOOD | HSTS | {"content-security-policy": "default-src *"}, 90.0, False, [Level.BROKEN]),
        ({}, 90.0, False, [Level.BROKEN]),
    ],
)
def test_headers_as_they_arrive(
    here: Flask, headers: dict[str, str], days: float | None, is_local: bool, levels: list[Level]
) -> None:
    found: list[Finding] = list(around.judged("https://x", headers, days, is_local=is_local))
    assert [one.level for one in found] == levels


@contextmanager
def served(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that answers without any header of ours; its port."""

    class Bare(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Nothing."""

    class Quiet(http.server.HTTPServer):
        def handle_error(self, *_who: Any) -> None:
            """A visitor who turns round at the certificate is what is tried."""

    server = Quiet(("127.0.0.1", 0), Bare)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_address_that_answers_badly_or_not(here: Flask, tmp_path: Path) -> None:
    settings = here.config["SETTINGS"]
    with served() as port:
        (found,) = around.reached(settings, f"http://127.0.0.1:{port}")
        assert found.level == Level.BROKEN and "Content-Security-Policy" in found.words
    (found,) = around.reached(settings, f"http://127.0.0.1:{port}")
    assert found.level == Level.BROKEN and "does not answer" in found.words
    (found,) = around.reached(settings, "ftp://127.0.0.1")
    assert "no address" in found.words
    with served(self_signed(tmp_path)) as port:
        (found,) = around.reached(settings, f"https://127.0.0.1:{port}")
    assert found.level == Level.BROKEN and "do not believe the certificate" in found.words


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, socket.gethostname()[:60])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
