"""Looks through the whole trail for what was changed, removed, inserted or put in another order, and says where."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeal, AuditWaiting
from caseapp.services.trust.seal import canonical
from caseapp.services.trust.seal.sealer import NOTHING

MOST = 100  # faults that are told one by one
AT_ONCE = 5_000  # rows read at a time
LATE = timedelta(minutes=15)  # no transaction lasts so long: an entry that says it is older was slipped in
SETTLING = timedelta(hours=1)  # after the first seal, while the trail from before there were seals is taken in

SEAL = (AuditSeal.batch, AuditSeal.first, AuditSeal.last, AuditSeal.sealed_at, AuditSeal.head, AuditSeal.key, AuditSeal.signature)
ID, AT = canonical.COLUMNS.index("id"), canonical.COLUMNS.index("at")
Numbered = Iterator[tuple[int, tuple[Any, ...] | None, bytes]]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: the number of an entry, or of a seal."""

    kind: str  # changed removed inserted late reordered gap signature checkpoint
    where: str


@dataclass
class Report:
    """What was looked at, and what was found; `waiting` entries are not sealed yet, the oldest written at `oldest`."""

    entries: int = 0
    seals: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    head: bytes = NOTHING
    faults: list[Fault] = field(default_factory=list)

    def add(self, kind: str, where: str) -> None:
        """Notes a fault; past a hundred of them only that there are more."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(kind, where))


@dataclass(frozen=True)
class Checkpoint:
    """The newest seal as it is kept elsewhere: whoever has it sees that what was sealed then still stands."""

    batch: int
    last: int
    head: str
    key: str
    signature: str
    made_at: str

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.__dict__, indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """From a file; ValueError when it is none, or its signature is not that of its key."""
        try:
            found = cls(**json.loads(text))
            signed = keys.is_signed(bytes.fromhex(found.key), bytes.fromhex(found.head), bytes.fromhex(found.signature))
        except (TypeError, ValueError, AttributeError) as error:
            raise ValueError("this file is no checkpoint of a trail") from error
        if not signed:
            raise ValueError("the signature of this checkpoint is not that of its key")
        return found


def checkpoint() -> Checkpoint | None:
    """The newest seal; None before the first."""
    with system_session("the trail: a checkpoint") as session:
        row = session.execute(select(*SEAL).order_by(AuditSeal.batch.desc()).limit(1)).first()
    if row is None:
        return None
    head, key, signature = (bytes(value).hex() for value in (row.head, row.key, row.signature))
    return Checkpoint(row.batch, row.last, head, key, signature, clock.now().isoformat(timespec="seconds"))


def verify(kept: Checkpoint | None = None, trusted: Collection[bytes] = ()) -> Report:
    """Adds the whole chain up again, entry by entry.

    `kept` is a checkpoint from elsewhere, without which a tail that was cut off together with its seals cannot be missed.
    `trusted` are public keys of earlier times beside the one of now.
    """
    report = Report()
    known = {keys.ring().signer().public, *trusted}
    if kept is not None and bytes.fromhex(kept.key) not in known:
        report.add("checkpoint", "its key is not one of ours")
    with system_session("the trail is verified") as session:
        entries = _numbered(session)
        before, expected, settled = NOTHING, 1, None
        oldest: datetime | None = None  # what an entry of the next seal may say of its time
        for seal in session.execute(select(*SEAL).order_by(AuditSeal.batch)).all():
            report.seals += 1
            if seal.batch != report.seals or seal.first != expected:
                report.add("gap", f"seal {seal.batch}: it should be seal {report.seals} from number {expected}")
                report.seals = seal.batch
            digests = _batch(entries, seal.first, seal.last, oldest, report)
            if canonical.head(before, seal.batch, seal.first, seal.sealed_at, digests) != bytes(seal.head):
                report.add("reordered", f"seal {seal.batch}: numbers {seal.first} to {seal.last} are not those that were sealed")
            if bytes(seal.key) not in known or not keys.is_signed(bytes(seal.key), bytes(seal.head), bytes(seal.signature)):
                report.add("signature", f"seal {seal.batch}: its signature is not ours")
            before, expected = bytes(seal.head), seal.last + 1
            settled = settled or seal.sealed_at + SETTLING
            oldest = seal.sealed_at - LATE if seal.sealed_at > settled else None
            if kept is not None and seal.batch == kept.batch and before.hex() != kept.head:
                report.add("checkpoint", f"seal {seal.batch}: another one was kept elsewhere")
        for number, _entry, _digest in entries:
            report.add("inserted", f"number {number}: no seal holds it")
        if kept is not None and kept.batch > report.seals:
            report.add("checkpoint", f"seals {report.seals + 1} to {kept.batch} are gone")
        report.head = before
        _outside(session, report)
    return report


def _numbered(session: Session) -> Numbered:
    """(number, the entry's columns or None where it is gone, stored digest) in order of numbers."""
    query = (
        select(AuditNumber.number, AuditNumber.digest, *canonical.SELECTED)
        .select_from(AuditNumber)
        .outerjoin(AuditEntry, AuditEntry.id == AuditNumber.entry_id)
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
        elif canonical.digest(number, entry) != stored:
            report.add("changed", f"number {number}: entry {entry[ID]}")
        elif oldest is not None and entry[AT] < oldest:
            report.add("late", f"number {number}: it says that it was written before the seal ahead of it")
        digests.append(stored)
        expected = number + 1
    return digests


def _outside(session: Session, report: Report) -> None:
    """Entries without a number: those that wait, and those that came in past the trigger."""
    waits = select(AuditWaiting.entry_id)
    report.waiting = session.scalar(select(func.count()).select_from(AuditWaiting)) or 0
    report.oldest = session.scalar(select(func.min(AuditEntry.at)).where(AuditEntry.id.in_(waits)))
    past = (
        select(AuditEntry.id)
        .outerjoin(AuditNumber, AuditNumber.entry_id == AuditEntry.id)
        .where(AuditNumber.number.is_(None), AuditEntry.id.not_in(waits))
        .limit(MOST)
    )
    entry: UUID
    for entry in session.scalars(past):
        report.add("inserted", f"entry {entry}: it was never numbered and does not wait")
    gone = (
        select(AuditWaiting.entry_id).outerjoin(AuditEntry, AuditEntry.id == AuditWaiting.entry_id).where(AuditEntry.id.is_(None))
    )
    for entry in session.scalars(gone.limit(MOST)):
        report.add("removed", f"entry {entry}: it waited for its number")
