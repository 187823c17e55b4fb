"""Keys change while people work: killed at any moment a rotation goes on, both keys open meanwhile, numbers are found throughout."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core.phones import parse
from caseapp.extensions import db
from caseapp.models.casework import Contact, IdentityDocument
from caseapp.models.trust import KeyRotation
from caseapp.queries.casework.clients import indexes, search
from caseapp.services.trust import keys as service
from tests import conftest, laid

OLD = [(1, bytes.fromhex(conftest.KEY))]
SM4 = (2, bytes(range(16)))
BLIND = bytes(range(32, 64))


@pytest.fixture
def old(app: Flask) -> Iterator[None]:
    """The ring of the tests, put back at the end."""
    settings = app.config["SETTINGS"]
    yield
    keys.configure(settings.data_keys, settings.index_key, settings.seal_key)


def with_key(app: Flask, *data: tuple[int, bytes], blind: tuple[bytes, ...] = ()) -> None:
    """The ring of this process from now on."""
    keys.configure([*data, *OLD], app.config["SETTINGS"].index_key, None, blind)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_written_meanwhile_stays(app: Flask, engine: Any, old: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of a row and its writing somebody else saved it: theirs stands."""
    laid.lay(engine)
    with_key(app, SM4)
    real, met = service._write, []

    def late(session: Any, table: Any, key: Any, row: Any, changed: dict[str, Any]) -> int:
        if table.name == "contact" and not met:
            met.append(row[0])
            theirs = keys.ring().seal(b"13900000000", keys.bound("contact", "phone_enc", row[0]))
            session.execute(update(table).where(key == row[0]).values(phone_enc=theirs))
        return real(session, table, key, row, changed)

    monkeypatch.setattr(service, "_write", late)
    service.rotate()
    with system_session("after") as session:
        assert session.get_one(Contact, met[0]).phone == "13900000000"


def _rotate_slowly(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    from caseapp import create_app

    service.BATCH = 2
    with create_app().app_context():
        service.rotate()


def test_killed_it_goes_on_and_everything_comes_under_the_new_key(app: Flask, engine: Any, old: None, tmp_path: Path) -> None:
    """From AES to SM4 on a row of every kind, with `kill -9` in the midst; then the old key may go."""
    laid.lay(engine)
    environment = {
        "CASEAPP_ENV": "test",
        "CASEAPP_DATABASE_URL": app.config["SETTINGS"].database_url,
        "CASEAPP_INSTANCE": str(tmp_path),
        "CASEAPP_DATA_KEYS": f"2:sm4:{SM4[1].hex()},1:{conftest.KEY}",
    }
    before = contents()
    with_key(app, SM4)
    counted = service.status().fields
    assert set(counted) == {1} and counted[1] > 100
    process = multiprocessing.get_context("fork").Process(target=_rotate_slowly, args=(environment,))
    process.start()
    until = time.monotonic() + 60
    while ended() < 8 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert set(service.status().fields) == {1, 2}, "it was not killed in the midst"
    assert contents() == before
    done = service.rotate()
    assert done.shut == {} and service.status().fields == {2: counted[1]}
    assert sum(service.rotate().written.values()) == 0
    keys.configure([SM4], app.config["SETTINGS"].index_key)
    assert contents() == before


def contents() -> dict[tuple[str, Any], list[bytes | None]]:
    """Every sealed field, opened."""
    found = {}
    with system_session("everything") as session:
        for table, key, columns in service.sealed():
            for row in session.execute(select(key, *columns)):
                places = [keys.bound(table.name, column.name, row[0]) for column in columns]
                pairs = zip(places, row[1:], strict=True)
                found[table.name, row[0]] = [raw and keys.ring().open(bytes(raw), place) for place, raw in pairs]
    return found


def ended() -> int:
    """Tables that are done."""
    with system_session("how far") as session:
        return session.scalar(select(func.count()).select_from(KeyRotation).where(KeyRotation.ended_at.is_not(None))) or 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_numbers_are_found_while_blind_indexes_are_rebuilt(app: Flask, engine: Any, as_: Any, old: None) -> None:
    """Old digests are looked for beside new ones until the rebuild is over; then the old blind key may go."""
    laid.lay(engine)
    with system_session("whose") as session:
        contact = session.scalars(select(Contact).where(Contact.phone_index.is_not(None)).order_by(Contact.id).limit(1)).one()
        number = parse(contact.phone).number
    index_key = app.config["SETTINGS"].index_key

    def found() -> list[Any]:
        ids = [row.id for row in search.find(number, as_("bo"))]
        db.session.rollback()  # on SQLite a rebuild would wait for it
        return ids

    before = found()
    with_key(app, blind=(BLIND, index_key))
    assert not service.status().blind_done and found() == before != []
    made = service.rebuild()
    assert made.written["contact"] > 0 and made.written["identity_document"] > 0 and service.status().blind_done
    with_key(app, blind=(BLIND,))
    assert found() == before
    with system_session("after") as session:
        for paper in session.scalars(select(IdentityDocument).where(IdentityDocument.number_index.is_not(None))):
            assert paper.number is None or paper.number_index == indexes.document_index(paper.kind, paper.number)
    assert sum(service.rebuild().written.values()) == 0
