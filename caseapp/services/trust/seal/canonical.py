"""The bytes that a digest is taken of: every column of an entry, written in one way on both engines."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from caseapp.models.trust import AuditEntry

# by name: a column that is added later changes no digest of an entry that has none of it, because nulls are left out
COLUMNS: tuple[str, ...] = tuple(sorted(inspect(AuditEntry).column_attrs.keys()))
SELECTED = tuple(getattr(AuditEntry, name) for name in COLUMNS)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)


_DUMPS = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


def text(values: tuple[Any, ...]) -> str:
    """The entry's columns, in the order of `COLUMNS`, as one line of JSON."""
    return _DUMPS({name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None})


def digest(number: int, entry: str) -> bytes:
    """SHA-256 over the number and the line of an entry; 32 bytes."""
    return hashlib.sha256(f"caseapp entry 1\n{number}\n{entry}".encode()).digest()


def head(before: bytes, batch: int, first: int, sealed_at: datetime, digests: list[bytes]) -> bytes:
    """SHA-256 over the head before, the number of the batch, its first number, its time and all its digests."""
    found = hashlib.sha256(f"caseapp seal 1\n{batch}\n{first}\n{len(digests)}\n{_plain(sealed_at)}\n".encode() + before)
    found.update(b"".join(digests))
    return found.digest()
