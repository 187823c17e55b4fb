"""Makes a backup in a folder, verifies it by restoring, and finds the newest of a folder."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from caseapp.adapters.backup.errors import BackupError
from caseapp.adapters.backup.look import Look, differences
from caseapp.adapters.backup.places import Place, sync_folder
from caseapp.adapters.backup.stream import Header, Opened, write
from caseapp.core import clock

ENDING = ".caseapp-backup"
UNVERIFIED = ".unverified"


@dataclass(frozen=True)
class Made:
    """A backup that was made and verified; times in seconds, size in bytes."""

    path: Path
    look: Look
    size: int
    writing: float
    verifying: float


@dataclass(frozen=True)
class Newest:
    """The newest backup of a folder that opens under the keys of now; `unread` newer ones do not."""

    path: Path | None
    made_at: datetime | None
    unread: int = 0


def make(place: Place, folder: Path) -> Made:
    """Writes a backup and restores it once into a scratch place. Raises BackupError; what did not verify keeps a name of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    now = clock.now()
    final = folder / f"caseapp-{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z{ENDING}"
    raw = final.with_name(final.name + UNVERIFIED)
    try:
        with place.snapshot() as (look, parts), _new(raw) as file:
            write(file, Header(now.isoformat(), place.engine), _with(look, parts))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        raw.unlink(missing_ok=True)
        raise
    written = time.monotonic()
    with place.scratch() as trial:
        restored(raw, trial)
    raw.replace(final)
    sync_folder(folder)
    return Made(final, look, final.stat().st_size, written - begun, time.monotonic() - written)


def restored(path: Path, place: Place) -> Look:
    """Puts a backup into an empty place and compares it with what was looked at when it was made. Raises BackupError."""
    with checked(path) as (opened, look):
        if opened.header.engine != place.engine:
            raise BackupError(f"This backup is one of {opened.header.engine}; the database is {place.engine}.")
        place.fill(opened)
    with place.connected() as connection:
        faults = place.faults() + differences(look, connection)
    if faults:
        raise BackupError("What was restored is not what was saved: " + "; ".join(faults[:20]))
    return look


@contextmanager
def checked(path: Path) -> Iterator[tuple[Opened, Look]]:
    """A backup opened up to the look that was taken with it."""
    with path.open("rb") as file:
        opened = Opened(file)
        yield opened, Look.unpacked(opened.take(int.from_bytes(opened.take(8), "big")))


def newest(folder: Path) -> Newest:
    """The newest verified backup of a folder; each is asked whether its beginning opens."""
    unread = 0
    for path in sorted(folder.glob(f"*{ENDING}"), reverse=True):
        try:
            with path.open("rb") as file:
                return Newest(path, Opened(file).header.moment, unread)
        except (BackupError, OSError):
            unread += 1
    return Newest(None, None, unread)


def _with(look: Look, parts: Iterable[bytes]) -> Iterator[bytes]:
    packed = look.packed()
    yield len(packed).to_bytes(8, "big") + packed
    yield from parts


@contextmanager
def _new(path: Path) -> Iterator[Any]:
    """A new file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
