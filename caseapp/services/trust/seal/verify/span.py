"""A span of consecutive seals added up again, entry by entry; spans are joined by the head that each begins from.

A span begins from the head as it is stored in the seal before it, which the span before compares with what it reckons: so spans
may be looked at in any order and by several processes (`in_process`), and together say what one look from the first would say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from caseapp.adapters import keys
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeal
from caseapp.services.trust.seal import canonical
from caseapp.services.trust.seal.sealer import NOTHING
from caseapp.services.trust.seal.verify.report import Report

AT_ONCE = 5_000  # rows read at a time
SETTLING = timedelta(hours=1)  # after the first seal, while the trail from before there were seals is taken in
LATE = timedelta(minutes=15)  # no transaction lasts so long: an entry that says it is older was slipped in

SEAL = (AuditSeal.batch, AuditSeal.first, AuditSeal.last, AuditSeal.sealed_at, AuditSeal.head, AuditSeal.key, AuditSeal.signature)
ID, AT = canonical.COLUMNS.index("id"), canonical.COLUMNS.index("at")
Numbered = Iterator[tuple[int, tuple[Any, ...] | None, bytes]]


@dataclass(frozen=True)
class Span:
    """The seals after `after` up to `to`, and what holds for each: our keys, when the trail had settled, the seal kept elsewhere."""

    after: int
    to: int
    known: frozenset[bytes]
    settled: datetime | None
    kept: tuple[int, str] | None = None  # batch and head of a checkpoint


def in_process(address: str, span: Span) -> Report:
    """The same in a process of its own, which opens the database by its address."""
    engine = create_engine(address).execution_options(intent="read")
    try:
        with Session(engine, info={"system": "the trail is verified"}) as session:
            return look(session, span)
    finally:
        engine.dispose()


def look(session: Session, span: Span) -> Report:
    """Adds the span up."""
    report = Report()
    before = session.execute(select(*SEAL).where(AuditSeal.batch <= span.after).order_by(AuditSeal.batch.desc()).limit(1)).first()
    head, expected, batch = (bytes(before.head), before.last + 1, before.batch) if before else (NOTHING, 1, 0)
    oldest = _oldest(before.sealed_at, span.settled) if before else None
    seals = select(*SEAL).where(AuditSeal.batch > span.after, AuditSeal.batch <= span.to).order_by(AuditSeal.batch)
    last = session.scalar(select(AuditSeal.last).where(AuditSeal.batch <= span.to).order_by(AuditSeal.batch.desc()).limit(1)) or 0
    entries = _numbered(session, expected, last)
    for seal in session.execute(seals.execution_options(yield_per=AT_ONCE)):
        report.seals += 1
        batch += 1
        if seal.batch != batch or seal.first != expected:
            report.add("gap", f"seal {seal.batch}: it should be seal {batch} from number {expected}")
            batch = seal.batch
        digests = _batch(entries, seal.first, seal.last, oldest, report)
        if canonical.head(head, seal.batch, seal.first, seal.sealed_at, digests) != bytes(seal.head):
            report.add("reordered", f"seal {seal.batch}: numbers {seal.first} to {seal.last} are not those that were sealed")
        if bytes(seal.key) not in span.known or not keys.is_signed(bytes(seal.key), bytes(seal.head), bytes(seal.signature)):
            report.add("signature", f"seal {seal.batch}: its signature is not ours")
        head, expected = bytes(seal.head), seal.last + 1
        oldest = _oldest(seal.sealed_at, span.settled)
        if span.kept is not None and (seal.batch, head.hex()) != span.kept and seal.batch == span.kept[0]:
            report.add("checkpoint", f"seal {seal.batch}: another one was kept elsewhere")
    report.head = head
    return report


def settled_at(session: Session) -> datetime | None:
    """From when on an entry may not claim to be older than the seal ahead of it; None before the first seal."""
    first = session.scalar(select(AuditSeal.sealed_at).order_by(AuditSeal.batch).limit(1))
    return first + SETTLING if first else None


def _oldest(sealed_at: datetime, settled: datetime | None) -> datetime | None:
    """What an entry of the next seal may say of its time."""
    return sealed_at - LATE if settled is not None and sealed_at > settled else None


def _numbered(session: Session, first: int, last: int) -> Numbered:
    """(number, the entry's columns or None where it is gone, stored digest) in order of numbers."""
    query = (
        select(AuditNumber.number, AuditNumber.digest, *canonical.SELECTED)
        .select_from(AuditNumber)
        .outerjoin(AuditEntry, AuditEntry.id == AuditNumber.entry_id)
        .where(AuditNumber.number.between(first, last))
        .order_by(AuditNumber.number)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        entry = tuple(row[2:])
        yield row[0], entry if entry[ID] is not None else None, bytes(row[1])


def _batch(entries: Numbered, first: int, last: int, oldest: datetime | None, report: Report) -> list[bytes]:
    """The stored digests of a batch; says which entries are gone, are not what their digest says, or are older than can be."""
    digests, expected = [], first
    while expected <= last:
        found = next(entries, None)
        if found is None:
            report.add("removed", f"numbers {expected} to {last}")
            break
        number, entry, stored = found
        if number > expected:
            report.add("removed", f"number {expected}" if number == expected + 1 else f"numbers {expected} to {number - 1}")
        report.entries += 1
        if entry is None:
            report.add("removed", f"number {number}: its entry is gone")
        elif canonical.digest(number, canonical.text(entry)) != stored:
            report.add("changed", f"number {number}: entry {entry[ID]}")
        elif oldest is not None and entry[AT] < oldest:
            report.add("late", f"number {number}: it says that it was written before the seal ahead of it")
        digests.append(stored)
        expected = number + 1
    return digests
