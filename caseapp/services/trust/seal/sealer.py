"""Numbers and seals what waits, one sealer at a time; stopped at any moment, it goes on where its last transaction ended."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.models.trust import AuditEntry, AuditNumber, AuditSeal, AuditWaiting
from caseapp.services.trust.seal import canonical

PAUSE = 3.0  # seconds between two looks
LONGEST_WAIT = 10.0  # seconds that an entry may stay without a seal where a sealer runs
BATCH = 2_000  # entries of one seal
LOCK = 0x5EA1  # PostgreSQL's advisory lock of the one sealer
NOTHING = b"\0" * 32  # the head before the first seal


def seal_all() -> int:
    """Seals until nothing waits; how many entries were sealed."""
    found = 0
    while sealed := seal_batch():
        found += sealed
    return found


def seal_batch() -> int:
    """Seals the oldest entries that wait, at most a batch; 0 when none waits or another sealer is at work.

    Digests are reckoned before the write begins, so that on SQLite the lock is held for milliseconds only.
    """
    with system_session("the trail: what waits for a seal") as session:
        waiting = list(session.scalars(select(AuditWaiting.entry_id).order_by(AuditWaiting.entry_id).limit(BATCH)))
        if not waiting:
            return 0
        rows = session.execute(select(*canonical.SELECTED).where(AuditEntry.id.in_(waiting)).order_by(AuditEntry.id))
        entries = [tuple(row) for row in rows]
        before, number, at = _last(session)
    made = _sealed(before, number, at, entries)
    with system_session("the trail: a seal", write=True) as session:
        if not _alone(session) or _last(session) != (before, number, at):
            return 0
        session.execute(insert(AuditNumber), made["numbers"])
        session.execute(insert(AuditSeal), [made["seal"]])
        session.execute(delete(AuditWaiting).where(AuditWaiting.entry_id.in_([row["entry_id"] for row in made["numbers"]])))
    return len(entries)


def _alone(session: Session) -> bool:
    """Whether no other sealer writes now; on SQLite the write lock says so."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


def _last(session: Session) -> tuple[bytes, int, int]:
    """(head, batch, last number) of the newest seal."""
    row = session.execute(
        select(AuditSeal.head, AuditSeal.batch, AuditSeal.last).order_by(AuditSeal.batch.desc()).limit(1)
    ).first()
    return (bytes(row[0]), row[1], row[2]) if row else (NOTHING, 0, 0)


def _sealed(before: bytes, batch: int, last: int, entries: list[tuple[Any, ...]]) -> dict[str, Any]:
    place = canonical.COLUMNS.index("id")
    digests = [canonical.digest(last + step, canonical.text(entry)) for step, entry in enumerate(entries, 1)]
    now = clock.now()
    head = canonical.head(before, batch + 1, last + 1, now, digests)
    signer = keys.ring().signer()
    ids: list[UUID] = [entry[place] for entry in entries]
    return {
        "numbers": [
            {"number": last + step, "entry_id": entry_id, "digest": found}
            for step, (entry_id, found) in enumerate(zip(ids, digests, strict=True), 1)
        ],
        "seal": {
            "batch": batch + 1,
            "first": last + 1,
            "last": last + len(entries),
            "sealed_at": now,
            "head": head,
            "key": signer.public,
            "signature": signer.sign(head),
        },
    }
