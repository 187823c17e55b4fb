"""The archives that the database knows, and whether a file is the one, whole, with every entry as it was sealed."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.adapters import keys
from caseapp.adapters.backup.errors import BackupError
from caseapp.models.trust import AuditArchive, AuditSeal
from caseapp.services.trust.seal import canonical
from caseapp.services.trust.seal.archive import file
from caseapp.services.trust.seal.sealer import NOTHING
from caseapp.services.trust.seal.verify.report import Report

PLAIN = ("number", "first_batch", "last_batch", "first", "last", "file_name")
HASHES = ("sha256", "before", "head")


@dataclass(frozen=True)
class Known:
    """The archives in their order, as far as they follow each other and are signed by us; the last seal and number in them."""

    rows: list[Any]
    batch: int = 0
    last: int = 0
    head: bytes = NOTHING


def signed_part(row: dict[str, Any]) -> bytes:
    """What the signature of an archive is over."""
    told = "\n".join([*(str(row[name]) for name in PLAIN), *(row[name].hex() for name in HASHES)])
    return hashlib.sha256(f"caseapp archive 1\n{told}".encode()).digest()


def known(session: Session, trusted: Collection[bytes], report: Report) -> Known:
    """What lies in archives. One that is not signed by us, or does not follow, is a fault, and nothing after it counts."""
    found = Known([])
    for row in session.scalars(select(AuditArchive).order_by(AuditArchive.number)):
        values = {name: getattr(row, name) for name in (*PLAIN, *HASHES, "key", "signature")}
        values = {name: bytes(value) if isinstance(value, bytes | memoryview) else value for name, value in values.items()}
        follows = (row.first_batch, row.first, values["before"]) == (found.batch + 1, found.last + 1, found.head)
        ours = values["key"] in trusted and keys.is_signed(values["key"], signed_part(values), values["signature"])
        if not follows or not ours:
            report.add(
                "archive", f"archive {row.number}: {'it is not signed by us' if follows else 'it does not follow the one before'}"
            )
            break
        found = Known([*found.rows, row], row.last_batch, row.last, values["head"])
    return found


def check(session: Session, archives: Known, paths: Iterable[Path], trusted: Collection[bytes], report: Report) -> set[int]:
    """Adds up every file that is one of the archives; the numbers of those that were looked at."""
    by_sum = {bytes(row.sha256): row for row in archives.rows}
    looked = set()
    for path in paths:
        row = by_sum.get(file.sha256(path))
        if row is None:
            report.add("archive", f"{path.name}: it is none of the archives of this trail, or was changed")
            continue
        looked.add(row.number)
        seals = {seal.batch: seal for seal in _stored(session, row.first_batch, row.last_batch)}
        try:
            _add_up(file.read(path), bytes(row.before), seals, trusted, report)
        except (BackupError, ValueError) as error:
            report.add("archive", f"{path.name}: {error}")
            continue
        for batch in sorted(seals):
            report.add("archive", f"seal {batch}: the archive {path.name} does not hold it")
    return looked


def _stored(session: Session, first: int, last: int) -> list[file.Sealed]:
    query = select(AuditSeal).where(AuditSeal.batch.between(first, last)).order_by(AuditSeal.batch)
    return [file.Sealed.of(row) for row in session.scalars(query)]


def _add_up(
    parts: Iterable[file.Sealed | file.Entry],
    head: bytes,
    stored: dict[int, file.Sealed],
    trusted: Collection[bytes],
    report: Report,
) -> None:
    """Takes each seal that holds out of `stored`."""
    seal: file.Sealed | None = None
    entries: list[file.Entry] = []

    def close() -> None:
        nonlocal head
        if seal is None:
            return
        report.seals += 1
        reckoned = canonical.head(head, seal.batch, seal.first, seal.sealed_at, [entry.digest for entry in entries])
        numbers = [entry.number for entry in entries] == list(range(seal.first, seal.last + 1))
        if not numbers or reckoned != seal.head or stored.pop(seal.batch, None) != seal:
            report.add("archive", f"seal {seal.batch}: the archive and the chain differ")
        elif seal.key not in trusted or not keys.is_signed(seal.key, seal.head, seal.signature):
            report.add("signature", f"seal {seal.batch}: its signature is not ours")
        head = seal.head
        entries.clear()

    for part in parts:
        if isinstance(part, file.Sealed):
            close()
            seal = part
        else:
            report.entries += 1
            if not part.holds():
                report.add("changed", f"number {part.number}: in the archive")
            entries.append(part)
    close()
