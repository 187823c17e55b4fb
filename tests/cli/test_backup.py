"""Backup, restore and the drill on both engines: what was saved is there again, what is not is told, nothing lies about in clear."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from caseapp import create_app
from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.adapters import backup as backups
from caseapp.adapters.backup import making
from caseapp.cli import main
from caseapp.core import clock
from caseapp.extensions import db, intent
from caseapp.models import casework as c
from caseapp.models import organisation as o
from caseapp.models.trust import AuditEntry
from caseapp.services.trust import seal
from tests import conftest, rows

WHO = ("--as", "sam", "--reason", "weekly")
NAME = "Zebedee Quill"


def call(*words: str) -> tuple[int, str]:
    """Exit code and everything that was said."""
    db.session.remove()
    guard.bind(db.session, None)
    intent.set("write")
    answer = CliRunner().invoke(main, list(words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    db.session.remove()
    return answer.exit_code, answer.output


@pytest.fixture
def filled(app: Flask, cast: Any) -> Flask:
    """A person, a session that is open, a sealed trail."""
    with system_session("a person", write=True) as session:
        rows.client(session, cast, "Riverside", NAME)
        now = clock.now()
        session.add(
            o.UserSession(user_id=cast.users["bo"], token_hash=b"t" * 32, device="PC", kind="web", started_at=now, seen_at=now)
        )
    call("user", "reset", "bo", *WHO)
    seal.seal_all()
    return app


@pytest.fixture
def other(engine: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app on an empty database of the same engine."""
    if engine.name == "sqlite":
        yield create_app(conftest.settings(f"sqlite:///{tmp_path / 'new' / 'other.sqlite3'}", tmp_path))
        return
    server = request.getfixturevalue("postgres_address")
    admin = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE other_restored"))
    made = create_app(conftest.settings(f"{server}/other_restored", tmp_path))
    yield made
    with made.app_context():
        db.engine.dispose()
    with admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE other_restored WITH (FORCE)"))


def beside(app: Flask) -> set[str]:
    """What lies beside the database: files, or databases of its server."""
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        return {found.name for found in path.parent.iterdir()} - {f"{path.name}-wal", f"{path.name}-shm"}
    with db.engine.connect() as connection:
        return set(connection.execute(sa.text("SELECT datname FROM pg_database")).scalars())


def count(model: Any) -> int:
    """Rows of a table."""
    with system_session("look") as session:
        return int(session.scalar(select(func.count()).select_from(model)) or 0)


def test_a_backup_is_verified_and_restored_elsewhere(filled: Flask, other: Flask, tmp_path: Path) -> None:
    before, entries = beside(filled), count(AuditEntry)
    code, said = call("backup", "--out", str(tmp_path / "kept"), *WHO)
    assert code == 0 and "restored and compared" in said and "head of the trail" in said, said
    (file,) = (tmp_path / "kept").iterdir()
    assert file.name.endswith(".caseapp-backup") and NAME.encode() not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    assert beside(filled) == before and count(AuditEntry) == entries + 1
    assert backups.newest(tmp_path / "kept").path == file
    with other.app_context():
        refused, said = call("restore", str(file), "--as", "bo", "--reason", "curious")
        assert refused == 1 and "no role that may" in said
        assert backups.place_of(db.engine.url).is_empty()
        code, said = call("restore", str(file), *WHO)
        assert code == 0 and "The trail is whole" in said, said
        with system_session("look") as session:
            assert session.scalars(select(c.Client.name)).one() == NAME
            assert session.scalar(select(func.count()).where(o.UserSession.ended_at.is_(None))) == 0
            last = session.execute(select(AuditEntry.event, AuditEntry.channel, AuditEntry.reason).order_by(AuditEntry.id)).all()[
                -1
            ]
        assert tuple(last) == ("backup.restored", "command", "weekly") and count(AuditEntry) == entries + 1
        again, said = call("restore", str(file), *WHO)
        assert again == 1 and "in use" in said
        db.engine.dispose()


def test_what_is_written_meanwhile_neither_waits_nor_comes_in(filled: Flask, cast: Any) -> None:
    place = backups.place_of(db.engine.url)
    with place.snapshot() as (look, parts):
        with system_session("somebody works", write=True) as session:
            rows.client(session, cast, "Riverside", "Later")
        saved = b"".join(parts)
    assert count(c.Client) == look.tables["client"] + 1 == 2
    with place.scratch() as trial:
        trial.fill([saved])
        with trial.connected() as connection:
            assert backups.differences(look, connection) == []


def lost(connection: Any) -> None:
    """A row is gone."""
    connection.execute(sa.delete(c.Enrolment))


def changed(connection: Any) -> None:
    """A row says something else."""
    connection.execute(sa.update(c.Client).values(name="Somebody else"))


def cut(connection: Any) -> None:
    """The newest seal is another one."""
    connection.execute(sa.text("DROP TRIGGER audit_seal_kept_update"))
    connection.execute(sa.text("UPDATE audit_seal SET head = signature"))


@pytest.mark.parametrize(
    ("engine", "fault", "words"),
    [
        ("sqlite", lost, "enrolment: 0 rows instead of 1"),
        ("postgresql", lost, "enrolment: 0 rows instead of 1"),  # a dump and a restore take seconds: the comparison is the same
        ("sqlite", changed, "client: a row is not"),
        ("sqlite", cut, "head of the trail"),
    ],
    indirect=["engine"],
)
def test_what_is_not_as_it_was_is_told(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Any], None], words: str
) -> None:
    """Each fault in what was restored fails the backup, which is then not taken for a good one."""
    place = backups.place_of(db.engine.url)
    kind, fill = type(place), type(place).fill

    def filled_wrongly(self: Any, parts: Any) -> None:
        fill(self, parts)
        engine = sa.create_engine(self.url(), poolclass=sa.NullPool).execution_options(intent="write")
        with engine.begin() as connection:
            fault(connection)

    monkeypatch.setattr(kind, "fill", filled_wrongly)
    code, said = call("backup", "--out", str(tmp_path / "kept"), *WHO)
    assert code == 1 and words in said and NAME not in said and "Somebody" not in said, said
    assert backups.newest(tmp_path / "kept").path is None and len(list((tmp_path / "kept").iterdir())) == 1


def test_a_spoilt_file_restores_nothing(filled: Flask, other: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as quick:
        quick.setattr(making, "restored", lambda *_given: None)
        made = backups.make(backups.place_of(db.engine.url), tmp_path / "kept")
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    with other.app_context():
        code, said = call("restore", str(made.path), *WHO)
        assert code == 1 and "cut off or altered" in said
        assert backups.place_of(db.engine.url).is_empty()


def test_a_drill_says_what_would_be_lost(filled: Flask, tmp_path: Path) -> None:
    made = backups.make(backups.place_of(db.engine.url), tmp_path / "kept")
    before = beside(filled)
    call("user", "disable", "bo", *WHO)
    code, said = call("drill", "restore", str(made.path), *WHO)
    assert code == 0 and f"{made.look.total} rows back" in said and "lost would be 1 entries" in said, said
    assert beside(filled) == before
    if db.engine.dialect.name == "postgresql":
        return  # the same way once more, for seconds
    code, said = call("drill", "restore", *WHO)
    assert code == 0 and "lost would be 0 entries" in said


def test_who_may_not_and_where_to(filled: Flask, tmp_path: Path) -> None:
    assert "no role that may" in call("backup", "--out", str(tmp_path), "--as", "bo", "--reason", "mine")[1]
    assert "CASEAPP_BACKUPS" in call("backup", *WHO)[1]
    (tmp_path / "file").write_text("in the way")
    code, _said = call("backup", "--out", str(tmp_path / "file"), *WHO)
    assert code != 0 and list(tmp_path.iterdir()) == [tmp_path / "file"]
