"""The sealed stream of a backup: whatever is altered, moved, left out or cut off does not open."""

import io

import pytest

from caseapp.adapters import keys
from caseapp.adapters.backup import BackupError, Header, Opened, stream

KEY, OTHER, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
HEAD = Header("2026-07-01T00:00:00+00:00", "sqlite")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 32 bytes, a ring of this test's own."""
    monkeypatch.setattr(stream, "CHUNK", 32)
    monkeypatch.setattr(keys, "_ring", keys.KeyRing([(1, KEY)], INDEX))


def sealed(clear: bytes) -> bytes:
    """A whole file."""
    file = io.BytesIO()
    stream.write(file, HEAD, [clear[:5], b"", clear[5:]])
    return file.getvalue()


def read(file: bytes) -> bytes:
    """Everything in it."""
    return b"".join(Opened(io.BytesIO(file)))


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 64, 65, 100])
def test_what_went_in_comes_out(length: int) -> None:
    clear = bytes(range(length))
    file = sealed(clear)
    assert read(file) == clear and (length < 4 or clear not in file)
    opened = Opened(io.BytesIO(file))
    assert opened.header == HEAD
    assert opened.take(length // 2) + b"".join(opened) == clear


def test_two_files_of_the_same_are_different() -> None:
    assert sealed(b"x" * 40)[80:] != sealed(b"x" * 40)[80:]


def test_every_altered_byte_and_every_cut_is_told() -> None:
    file = sealed(bytes(range(70)))
    for at in range(len(file)):
        with pytest.raises(BackupError):
            read(file[:at] + bytes((file[at] ^ 1,)) + file[at + 1 :])
        with pytest.raises(BackupError):
            read(file[:at])
    with pytest.raises(BackupError, match="cut off or altered"):
        read(file + b"more")


def test_chunks_in_another_order_do_not_open() -> None:
    file = sealed(bytes(range(96)))
    body = len(file) - 3 * 48
    head, first, second, third = file[:body], file[body : body + 48], file[body + 48 : body + 96], file[body + 96 :]
    assert read(head + first + second + third) == bytes(range(96))
    for mixed in (head + second + first + third, head + first + third, head + first + second):
        with pytest.raises(BackupError, match="cut off or altered"):
            read(mixed)


def test_it_opens_under_an_old_key_as_long_as_the_ring_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    file = sealed(b"kept")
    monkeypatch.setattr(keys, "_ring", keys.KeyRing([(2, OTHER), (1, KEY)], INDEX))
    assert read(file) == b"kept"
    monkeypatch.setattr(keys, "_ring", keys.KeyRing([(2, OTHER)], INDEX))
    with pytest.raises(BackupError, match="data key 1"):
        read(file)
    monkeypatch.setattr(keys, "_ring", keys.KeyRing([(1, OTHER)], INDEX))
    with pytest.raises(BackupError, match="cut off or altered"):
        read(file)


def test_what_is_no_backup_says_so() -> None:
    with pytest.raises(BackupError, match="no backup of caseapp"):
        read(b"SQLite format 3\0" + bytes(200))
