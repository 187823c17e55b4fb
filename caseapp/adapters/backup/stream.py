"""A sealed stream: what is written can only be read with the data keys, whole and unaltered.

File: a head in clear (magic, version, key id, 16 bytes salt, length and JSON of `Header`), then chunks of AES-256-GCM, or of SM4-GCM under a key of SM4. The key is
made of a data key and the salt for this file alone (HKDF-SHA256, RFC 5869), so a nonce may count: eleven bytes number, one byte that
says whether it is the last chunk (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). The head is associated
data of every chunk. A chunk that was moved, altered, left out or cut off does not open.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from caseapp.adapters import keys
from caseapp.adapters.backup.errors import BackupError

MAGIC = b"caseapp-backup\n"
VERSION = 1
CHUNK = 1024 * 1024  # bytes in clear; 16 more when sealed
TAG = 16
PURPOSE = "caseapp backup"
FIXED = struct.Struct(f">{len(MAGIC)}sBB16sH")
CUT = "This backup was cut off or altered: it does not open."


@dataclass(frozen=True)
class Header:
    """What stands in clear: nothing that says how much, or about whom."""

    made_at: str  # ISO 8601, UTC
    engine: str  # sqlite or postgresql

    @property
    def moment(self) -> datetime:
        """When the snapshot was taken."""
        return datetime.fromisoformat(self.made_at)


def write(file: BinaryIO, header: Header, parts: Iterable[bytes]) -> None:
    """Seals `parts`, one after the other, into the file under the newest data key."""
    number, salt, key = keys.ring().new_file_key(PURPOSE)
    told = json.dumps(asdict(header)).encode()
    head = FIXED.pack(MAGIC, VERSION, number, salt, len(told)) + told
    file.write(head)
    cipher, count, waiting = keys.cipher(key), 0, bytearray()
    for part in parts:
        waiting += part
        while len(waiting) > CHUNK:  # what is left may be the last one, so it waits
            file.write(cipher.encrypt(_nonce(count, False), bytes(waiting[:CHUNK]), head))
            count += 1
            del waiting[:CHUNK]
    file.write(cipher.encrypt(_nonce(count, True), bytes(waiting), head))


class Opened:
    """A backup that is read: `header`, then `take` and iteration give what was sealed, each chunk checked before it is given."""

    def __init__(self, file: BinaryIO) -> None:
        fixed = file.read(FIXED.size)
        if len(fixed) < FIXED.size or not fixed.startswith(MAGIC):
            raise BackupError("This file is no backup of caseapp.")
        _magic, version, number, salt, length = FIXED.unpack(fixed)
        if version != VERSION:
            raise BackupError(f"This backup has format {version}; this program reads format {VERSION}.")
        told = file.read(length)
        try:
            self._cipher = keys.cipher(keys.ring().file_key(PURPOSE, number, salt))
        except KeyError as error:
            raise BackupError(f"This backup was made under data key {number}, which CASEAPP_DATA_KEYS does not hold.") from error
        self._head, self._file, self._left = fixed + told, file, b""
        self._chunks = self._opened()
        self._left = next(self._chunks)  # the head is believed once a chunk opened with it
        self.header = Header(**json.loads(told))

    def take(self, count: int) -> bytes:
        """The next so many bytes."""
        while len(self._left) < count:
            more = next(self._chunks, None)
            if more is None:
                raise BackupError(CUT)
            self._left += more
        found, self._left = self._left[:count], self._left[count:]
        return found

    def __iter__(self) -> Iterator[bytes]:
        """Everything that was not taken yet."""
        left, self._left = self._left, b""
        yield left
        yield from self._chunks

    def _opened(self) -> Iterator[bytes]:
        count, sealed = 0, self._file.read(CHUNK + TAG)
        while True:
            after = self._file.read(CHUNK + TAG)
            try:
                yield self._cipher.decrypt(_nonce(count, not after), sealed, self._head)
            except (InvalidTag, ValueError) as error:
                raise BackupError(CUT) from error
            if not after:
                return
            count, sealed = count + 1, after


def _nonce(count: int, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes((is_last,))
