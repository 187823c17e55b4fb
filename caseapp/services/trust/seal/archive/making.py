"""Takes the old part of the trail out into a file, looks whether all of it is there, and only then lets go of it.

Stopped at any moment it goes on: a file without a row is no archive and is made anew, a row whose entries are still there
is let go of first.
"""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.adapters.backup.stream import Header
from caseapp.core import clock
from caseapp.models.trust import AuditArchive, AuditEntry, AuditNumber, AuditSeal, AuditSeen
from caseapp.services.trust.seal import canonical
from caseapp.services.trust.seal.archive import checked, file
from caseapp.services.trust.seal.verify import span as spans
from caseapp.services.trust.seal.verify.report import Report

MOST = 2_000_000  # entries of one file
AT_ONCE = 10_000  # numbers let go of in one transaction


class NotWhole(Exception):
    """The part that was to be taken out has faults: it stays where it is, to be looked at."""

    def __init__(self, report: Report) -> None:
        super().__init__("the trail has faults")
        self.report = report


@dataclass(frozen=True)
class Made:
    """One archive: its file, the numbers in it."""

    path: Path
    first: int
    last: int


def make(folder: Path, until: datetime, trusted: Collection[bytes] = (), most: int = MOST) -> Made | None:
    """Archives whole seals that were made before `until`, at most so many entries; None where there is none.

    Raises NotWhole where the part has a fault or the written file does not hold it all, OSError where the folder cannot be written.
    """
    ours = frozenset({keys.ring().signer().public, *trusted})
    _let_go_of_all()
    with system_session("the trail: what is old") as session:
        report = Report()
        before = checked.known(session, ours, report)
        last = _last(session, before, until, most)
        if report.faults:
            raise NotWhole(report)
        if last is None:
            return None
        found = spans.look(session, spans.Span(before.batch, last.batch, ours, spans.settled_at(session)))
        if found.faults:
            raise NotWhole(found)
        first = before.last + 1
        path = folder / f"caseapp-trail-{first:012d}-{last.last:012d}.archive"
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        header = Header(clock.now().isoformat(timespec="seconds"), session.get_bind().dialect.name)
        digest = file.write(unfinished, header, _parts(session, before.batch, last.batch))
        row = _row(before, last, path.name, digest)
        trial = checked.Known([AuditArchive(**row)])
        checked.check(session, trial, [unfinished], ours, found)
        if found.faults:
            raise NotWhole(found)
    _onto_disk(unfinished, path)
    with system_session("the trail: an archive", write=True) as session:
        session.execute(insert(AuditArchive), [row])
    _let_go_of_all()
    _forget_who_saw(until)
    return Made(path, first, last.last)


def _last(session: Session, before: checked.Known, until: datetime, most: int) -> Any:
    """The last seal that goes into the file."""
    query = select(AuditSeal.batch, AuditSeal.last, AuditSeal.head).where(
        AuditSeal.batch > before.batch, AuditSeal.sealed_at < until, AuditSeal.last <= before.last + most
    )
    return session.execute(query.order_by(AuditSeal.batch.desc()).limit(1)).first()


def _parts(session: Session, after: int, to: int) -> Iterator[file.Sealed | file.Entry]:
    """Each seal and then its entries."""
    seals = select(AuditSeal).where(AuditSeal.batch > after, AuditSeal.batch <= to).order_by(AuditSeal.batch)
    for seal in session.scalars(seals.execution_options(yield_per=500)):
        yield file.Sealed.of(seal)
        query = select(AuditNumber.number, AuditNumber.digest, *canonical.SELECTED).join(
            AuditEntry, AuditEntry.id == AuditNumber.entry_id
        )
        query = query.where(AuditNumber.number.between(seal.first, seal.last)).order_by(AuditNumber.number)
        for row in session.execute(query):
            yield file.Entry(row[0], bytes(row[1]), canonical.text(tuple(row[2:])))


def _row(before: checked.Known, last: Any, name: str, digest: bytes) -> dict[str, Any]:
    row = {
        "number": len(before.rows) + 1,
        "first_batch": before.batch + 1,
        "last_batch": last.batch,
        "first": before.last + 1,
        "last": last.last,
        "made_at": clock.now(),
        "file_name": name,
        "sha256": digest,
        "before": before.head,
        "head": bytes(last.head),
    }
    signer = keys.ring().signer()
    return row | {"key": signer.public, "signature": signer.sign(checked.signed_part(row))}


def _onto_disk(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb+") as held:
        os.fsync(held.fileno())
    unfinished.replace(path)


def _let_go_of_all() -> None:
    """Removes what archives hold, a part at a time; the database refuses anything else."""
    with system_session("the trail: what is archived") as session:
        last = session.scalar(select(AuditArchive.last).order_by(AuditArchive.number.desc()).limit(1)) or 0
    while True:
        with system_session("the trail: what is archived goes", write=True) as session:
            query = select(AuditNumber.number, AuditNumber.entry_id).where(AuditNumber.number <= last)
            rows = session.execute(query.order_by(AuditNumber.number).limit(AT_ONCE)).all()
            if not rows:
                return
            first, to = rows[0].number, rows[-1].number
            held = select(AuditNumber.entry_id).where(AuditNumber.number.between(first, to))
            session.execute(delete(AuditEntry).where(AuditEntry.id.in_(held)))
            session.execute(delete(AuditNumber).where(AuditNumber.number.between(first, to)))


def _forget_who_saw(until: datetime) -> None:
    """The index of who saw a file goes with the entries it leads to."""
    with system_session("the trail: who saw what is archived", write=True) as session:
        session.execute(delete(AuditSeen).where(AuditSeen.seen_on < clock.local(until).date()))
