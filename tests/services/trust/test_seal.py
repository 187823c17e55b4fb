"""The sealed trail: numbers without gaps, and each way to tamper with it is found and placed, on both engines."""

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.models import seal_ddl
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeal, AuditWaiting
from caseapp.services.trust import seal
from caseapp.services.trust.seal.verify import whole
from tests.engines import owned

Lay = Callable[..., list[UUID]]


@pytest.fixture
def lay(app: Any, cast: Any) -> Lay:
    """Entries written as any writer writes them."""

    def write(count: int, **more: Any) -> list[UUID]:
        made = [
            {
                "id": uuid7(),
                "at": clock.now(),
                "kind": "read",
                "event": "file.opened",
                "user_id": cast.users["bo"],
                "channel": "page",
                "station_path": "/p/",
                "reason": "\u8d70\u8bbf",
                "fields": ["phone", "address"],
                "changes": {"rows": [{"table": "client", "fields": {"risk": ["green", "red"]}}], "events": ["é"]},
                "people": uuid7().bytes,
                "count": 1,
                **more,
            }
            for _number in range(count)
        ]
        with system_session("entries", write=True) as session:
            session.execute(insert(AuditEntry), made)
        return [row["id"] for row in made]

    return write


@pytest.fixture
def sealed(lay: Lay) -> list[UUID]:
    """Three seals of four entries each."""
    seal.seal_all()
    found = []
    for _batch in range(3):
        found += lay(4)
        assert seal.seal_batch() == 4
    return found


def tamper(*statements: Any) -> None:
    """As somebody who owns the database."""
    with owned() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            seal_ddl.drop(connection)
        for statement in statements:
            connection.execute(statement)


def faults(report: seal.Report) -> list[str]:
    """Their kinds."""
    return [fault.kind for fault in report.faults]


def number_of(entry: UUID) -> int:
    """What it was numbered."""
    with system_session("look") as session:
        return session.scalars(select(AuditNumber.number).where(AuditNumber.entry_id == entry)).one()


def test_numbers_have_no_gaps_and_nothing_waits(sealed: list[UUID], lay: Lay) -> None:
    with system_session("look") as session:
        numbers = list(session.scalars(select(AuditNumber.number).order_by(AuditNumber.number)))
    assert numbers == list(range(1, len(numbers) + 1)) and [number_of(entry) for entry in sealed] == numbers[-12:]
    lay(2)
    report = seal.verify()
    assert (report.faults, report.entries, report.waiting) == ([], len(numbers), 2) and report.oldest is not None


def test_one_sealer_at_a_time(app: Any, lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that read the same state: the second finds that the first was there, and seals nothing twice."""
    seal.seal_all()
    lay(3)
    from caseapp.services.trust.seal import sealer

    first, made = sealer._sealed, []

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(sealer, "_sealed", first)
        made.append(seal.seal_batch())  # the other one, meanwhile
        return first(*arguments)

    monkeypatch.setattr(sealer, "_sealed", slow)
    assert seal.seal_batch() == 0 and made == [3]
    assert seal.verify().faults == []


@pytest.mark.parametrize(
    "change", [{"reason": "else"}, {"people": None}, {"count": 2}, {"changes": None}, {"user_id": None}, {"at": "later"}]
)
def test_a_changed_entry_is_named(sealed: list[UUID], change: dict[str, Any]) -> None:
    values = {name: clock.now() + timedelta(seconds=1) if value == "later" else value for name, value in change.items()}
    tamper(sa.update(AuditEntry).where(AuditEntry.id == sealed[5]).values(values))
    report = seal.verify()
    assert faults(report) == ["changed"] and str(sealed[5]) in report.faults[0].where


def test_a_removed_entry_is_missed_with_and_without_its_number(sealed: list[UUID]) -> None:
    first, second = number_of(sealed[2]), number_of(sealed[6])
    tamper(
        sa.delete(AuditEntry).where(AuditEntry.id.in_([sealed[2], sealed[6]])),
        sa.delete(AuditNumber).where(AuditNumber.entry_id == sealed[6]),
    )
    report = seal.verify()
    assert faults(report) == ["removed", "removed", "reordered"]
    assert f"number {first}:" in report.faults[0].where and report.faults[1].where == f"number {second}"


def test_an_inserted_entry_stands_out(sealed: list[UUID], lay: Lay) -> None:
    """Past the trigger it was never numbered; with a number of its own no seal holds it."""
    tamper()
    [stray] = lay(1)
    tamper(sa.delete(AuditWaiting).where(AuditWaiting.entry_id == stray))
    report = seal.verify()
    assert faults(report) == ["inserted"] and str(stray) in report.faults[0].where
    tamper(insert(AuditNumber).values(number=number_of(sealed[-1]) + 1, entry_id=stray, digest=b"x" * 32))
    assert faults(seal.verify()) == ["inserted"]


def test_an_entry_that_claims_an_earlier_day_stands_out(lay: Lay) -> None:
    """Inserted properly, but long after the time that it tells."""
    lay(1)
    seal.seal_all()
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        lay(1)
        seal.seal_all()
        assert seal.verify().faults == []
        lay(1, at=clock.now() - timedelta(hours=1))
        seal.seal_all()
        assert faults(seal.verify()) == ["late"]


def test_other_order_other_digest_other_signature(sealed: list[UUID]) -> None:
    """Whoever rewrites digests too is found by the head; whoever rewrites the head, by the signature."""
    one, other = number_of(sealed[1]), number_of(sealed[2])
    swap = [(one, 10**9), (other, one), (10**9, other)]
    tamper(*(sa.update(AuditNumber).where(AuditNumber.number == old).values(number=new) for old, new in swap))
    assert faults(seal.verify()) == ["changed", "changed", "reordered"]
    tamper(*(sa.update(AuditNumber).where(AuditNumber.number == old).values(number=new) for old, new in swap))
    assert faults(seal.verify()) == []
    forged = keys.Signer(b"f" * 32)
    with system_session("look") as session:
        head = session.scalars(select(AuditSeal.head).where(AuditSeal.batch == 2)).one()
    tamper(sa.update(AuditSeal).where(AuditSeal.batch == 2).values(key=forged.public, signature=forged.sign(bytes(head))))
    assert faults(seal.verify()) == ["signature"] and seal.verify(trusted=[forged.public]).faults == []


def test_a_cut_off_tail_is_seen_by_a_checkpoint_only(sealed: list[UUID]) -> None:
    """That is why checkpoints are kept elsewhere."""
    made = seal.checkpoint()
    assert made is not None
    kept = seal.Checkpoint.read(made.text())
    assert seal.verify(kept).faults == []
    tamper(
        sa.delete(AuditEntry).where(AuditEntry.id.in_(sealed[8:])),
        sa.delete(AuditNumber).where(AuditNumber.entry_id.in_(sealed[8:])),
        sa.delete(AuditSeal).where(AuditSeal.batch == kept.batch),
    )
    assert seal.verify().faults == [] and faults(seal.verify(kept)) == ["checkpoint"]
    with pytest.raises(ValueError, match="signature"):
        seal.Checkpoint.read(made.text().replace(made.head[:6], "000000"))


def test_the_database_itself_refuses(sealed: list[UUID]) -> None:
    """An update or deletion by whatever statement, without anybody's rights being asked."""
    statements = [
        sa.update(AuditEntry).values(reason="x"),
        sa.delete(AuditEntry),
        sa.update(AuditNumber).values(digest=b"x"),
        sa.delete(AuditNumber),
        sa.update(AuditSeal).values(head=b"x"),
        sa.delete(AuditSeal),
    ]
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), system_session("an attempt", write=True) as session:
            session.execute(statement)


def test_a_sealer_that_dies_in_the_middle_leaves_nothing_half(engine: Any, lay: Lay) -> None:
    """Its connection goes between the numbers and the seal; the next look seals the same entries without a hand."""
    seal.seal_all()
    made = lay(3)
    died = []

    def die(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "INSERT INTO audit_seal" in statement and not died:
            died.append(True)
            if connection.dialect.name != "postgresql":
                raise RuntimeError("killed")
            pid = connection.connection.dbapi_connection.info.backend_pid
            with owned(write=False) as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    try:
        with pytest.raises((RuntimeError, DBAPIError)):
            seal.seal_batch()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", die)
    with system_session("look") as session:
        assert session.scalars(select(AuditNumber.entry_id).where(AuditNumber.entry_id.in_(made))).all() == []
    assert died and seal.seal_all() == 3
    report = seal.verify()
    assert (report.faults, report.waiting) == ([], 0)


def test_spans_find_together_what_one_look_finds(sealed: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of two processes, here done by threads: each opens the database by its address and begins from a stored head."""
    monkeypatch.setattr(whole, "ProcessPoolExecutor", lambda count, mp_context: ThreadPoolExecutor(count))
    assert pickle.loads(pickle.dumps(span := whole.Span(0, 3, frozenset({b"k"}), clock.now()))) == span  # noqa: S301 - our own
    one, two = seal.verify(processes=1), seal.verify(processes=2)
    assert one == two and one.faults == []
    tamper(
        sa.update(AuditEntry).where(AuditEntry.id.in_([sealed[1], sealed[10]])).values(reason="else"),
        sa.delete(AuditEntry).where(AuditEntry.id == sealed[6]),
    )
    assert seal.verify(processes=3).faults == seal.verify(processes=1).faults != []
