"""Archives of the trail: taken out with proof, let go of only then, missed when one is lost, on both engines."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from caseapp.access.system import system_session
from caseapp.core import clock
from caseapp.models.trust import AuditArchive, AuditEntry, AuditNumber, AuditSeen
from caseapp.services.trust import seal
from caseapp.services.trust.seal import archive
from caseapp.services.trust.seal.archive import making
from tests.services.trust.test_seal import Lay, faults, lay, tamper

__all__ = ["lay"]


@pytest.fixture
def old(lay: Lay, cast: Any) -> list[Any]:
    """Two seals of four entries, and a day later one of three; the ids of the first eight."""
    seal.seal_all()
    found = []
    for _batch in range(2):
        found += lay(4)
        seal.seal_all()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        lay(3)
        seal.seal_all()
    return found


def count(model: Any) -> int:
    with system_session("look") as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_what_is_archived_is_let_go_and_still_proved(old: list[Any], cast: Any, tmp_path: Path) -> None:
    with system_session("seen", write=True) as session:
        for days in (0, 2):
            day = clock.today() + timedelta(days=days)
            facts = {"role": "worker", "last_at": clock.now(), "station_path": "/p/"}
            session.add(AuditSeen(file_id=old[0], user_id=cast.users["bo"], seen_on=day, **facts))
    before, until = seal.verify(), clock.now() + timedelta(days=1) - timedelta(minutes=1)
    assert archive.make(tmp_path, clock.now() - timedelta(days=9)) is None
    made = archive.make(tmp_path, until)
    assert made is not None and (made.first, made.last) == (1, before.entries - 3)
    assert (count(AuditEntry), count(AuditNumber), count(AuditSeen)) == (3, 3, 1)
    assert not any(one.bytes in made.path.read_bytes() for one in old)  # sealed: no id stands in clear
    alone, whole = seal.verify(), seal.verify(archives=[made.path])
    assert (alone.faults, alone.entries, alone.archived, alone.unread) == ([], 3, made.last, made.last)
    assert (whole.faults, whole.entries, whole.unread, whole.head) == ([], before.entries, 0, before.head)
    assert seal.verify(processes=2).faults == [] and archive.make(tmp_path, until) is None

    kept = made.path.read_bytes()
    made.path.write_bytes(kept[:-40] + bytes(40))
    assert faults(seal.verify(archives=[made.path])) == ["archive"]
    with pytest.raises(DBAPIError, match="append-only"), system_session("an attempt", write=True) as session:
        session.execute(delete(AuditArchive))


def test_nothing_goes_without_an_archive_that_is_ours(old: list[Any], tmp_path: Path) -> None:
    """The trigger lets go of what a row names; a row that somebody forged for it is found, and so is what went."""
    forged = {
        "number": 1, "first_batch": 1, "last_batch": 2, "first": 1, "last": 6, "made_at": clock.now(), "file_name": "x",
        "sha256": b"x" * 32, "before": bytes(32), "head": b"x" * 32, "key": b"k" * 32, "signature": b"s" * 64,
    }  # fmt: skip
    with system_session("a forger", write=True) as session:
        session.execute(sa.insert(AuditArchive), [forged])
        session.execute(delete(AuditEntry).where(AuditEntry.id.in_(select(AuditNumber.entry_id).where(AuditNumber.number <= 6))))
    assert faults(seal.verify()) == ["archive", *["removed"] * 6]
    with pytest.raises(archive.NotWhole):
        archive.make(tmp_path, clock.now())
    assert list(tmp_path.iterdir()) == []


def test_stopped_in_the_middle_it_goes_on(old: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the row was written and before the entries went, then in the middle of letting go."""
    whole, until = seal.verify().entries, clock.now() + timedelta(hours=1)

    def killed(*_rows: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(making, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.make(tmp_path, until)
    assert count(AuditEntry) == whole and seal.verify().faults == []
    monkeypatch.setattr(making, "AT_ONCE", 3)
    assert archive.make(tmp_path, until) is None  # nothing new; what was left is let go of
    assert count(AuditEntry) == 3 and seal.verify(archives=tmp_path.iterdir()).entries == whole


def test_a_part_with_a_fault_stays_where_it_is(old: list[Any], tmp_path: Path) -> None:
    tamper(sa.update(AuditEntry).where(AuditEntry.id == old[2]).values(reason="else"))
    with pytest.raises(archive.NotWhole):
        archive.make(tmp_path, clock.now() + timedelta(hours=1))
    assert count(AuditArchive) == 0 and faults(seal.verify()) == ["changed"]
