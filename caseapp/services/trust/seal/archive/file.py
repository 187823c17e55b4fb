"""The file of an archive: seals and entries as lines, packed (zlib) and sealed like a backup (`adapters/backup/stream.py`).

`S <TAB> number of the seal, first, last, moment (ISO), head, key, signature` (hex), then `E <TAB> number <TAB> digest <TAB> the entry's line of
JSON` for each of its entries: the very bytes that the digest was taken of, so that no program of ours is needed to check them.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from caseapp.adapters.backup import stream
from caseapp.services.trust.seal import canonical


@dataclass(frozen=True)
class Sealed:
    """One seal as a file has it."""

    batch: int
    first: int
    last: int
    sealed_at: datetime
    head: bytes
    key: bytes
    signature: bytes

    @classmethod
    def of(cls, row: Any) -> "Sealed":
        """From a row of the database."""
        return cls(row.batch, row.first, row.last, row.sealed_at, bytes(row.head), bytes(row.key), bytes(row.signature))

    def line(self) -> str:
        """As a line."""
        words = [
            self.batch,
            self.first,
            self.last,
            self.sealed_at.isoformat(),
            self.head.hex(),
            self.key.hex(),
            self.signature.hex(),
        ]
        return "S\t" + "\t".join(map(str, words)) + "\n"

    @classmethod
    def read(cls, words: list[str]) -> "Sealed":
        """From the words of a line."""
        batch, first, last, at, head, key, signature = words
        numbers = (int(batch), int(first), int(last))
        return cls(*numbers, datetime.fromisoformat(at), bytes.fromhex(head), bytes.fromhex(key), bytes.fromhex(signature))


@dataclass(frozen=True)
class Entry:
    """One entry: its number, its digest, its line."""

    number: int
    digest: bytes
    text: str

    def line(self) -> str:
        """As a line."""
        return f"E\t{self.number}\t{self.digest.hex()}\t{self.text}\n"

    def holds(self) -> bool:
        """Whether the digest is that of the line."""
        return canonical.digest(self.number, self.text) == self.digest


def write(path: Path, header: stream.Header, parts: Iterable[Sealed | Entry]) -> bytes:
    """Writes the file; its SHA-256. The folder must be there, the file must not."""
    with path.open("xb") as file:
        stream.write(file, header, _packed(parts))
    return sha256(path)


def sha256(path: Path) -> bytes:
    """Of a file, 32 bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def read(path: Path) -> Iterator[Sealed | Entry]:
    """What the file holds, in its order. BackupError where it does not open or is cut off."""
    with path.open("rb") as file:
        left, packer = "", zlib.decompressobj()
        for chunk in stream.Opened(file):
            *lines, left = (left + packer.decompress(chunk).decode()).split("\n")
            yield from map(_read, lines)


def _packed(parts: Iterable[Sealed | Entry]) -> Iterator[bytes]:
    packer = zlib.compressobj()
    for part in parts:
        yield packer.compress(part.line().encode())
    yield packer.flush()


def _read(line: str) -> Sealed | Entry:
    kind, rest = line.split("\t", 1)
    if kind == "S":
        return Sealed.read(rest.split("\t"))
    number, digest, text = rest.split("\t", 2)
    return Entry(int(number), bytes.fromhex(digest), text)
