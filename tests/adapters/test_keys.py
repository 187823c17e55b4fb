"""Sealed fields: bound to table, column and row; told when altered; readable under old keys; one index for each purpose."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from uuid_utils.compat import uuid7

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.extensions import db
from caseapp.models.casework import Client
from tests import rows

OLD, NEW, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


def test_a_ciphertext_moved_elsewhere_does_not_open() -> None:
    ring, row, other = keys.KeyRing([(1, OLD)], INDEX), uuid7(), uuid7()
    sealed = ring.seal(b"secret", keys.bound("client", "note_enc", row))
    assert ring.open(sealed, keys.bound("client", "note_enc", row)) == b"secret"
    for place in (("client", "note_enc", other), ("client", "address_enc", row), ("visit", "note_enc", row)):
        with pytest.raises(InvalidTag):
            ring.open(sealed, keys.bound(*place))


def test_every_altered_byte_is_told() -> None:
    ring, place = keys.KeyRing([(1, OLD)], INDEX), keys.bound("client", "note_enc", uuid7())
    sealed = ring.seal(b"the whole story", place)
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :]
        with pytest.raises((InvalidTag, KeyError)):
            ring.open(altered, place)
    for length in range(len(sealed)):
        with pytest.raises(InvalidTag):
            ring.open(sealed[:length], place)
    with pytest.raises(InvalidTag):
        ring.open(sealed + b"\0", place)


def test_old_keys_still_open_and_new_ones_seal() -> None:
    place = keys.bound("client", "note_enc", uuid7())
    before = keys.KeyRing([(1, OLD)], INDEX).seal(b"secret", place)
    ring = keys.KeyRing([(2, NEW), (1, OLD)], INDEX)
    assert ring.open(before, place) == b"secret"
    assert ring.seal(b"secret", place)[1] == 2
    assert ring.seal(b"secret", place) != ring.seal(b"secret", place), "equal texts do not look equal"
    with pytest.raises(KeyError):
        keys.KeyRing([(2, NEW)], INDEX).open(before, place)
    with pytest.raises(InvalidTag):
        keys.KeyRing([(1, NEW)], INDEX).open(before, place)


def test_sm4_is_that_of_the_standard_and_lies_beside_aes() -> None:
    """The example of RFC 8998, appendix A.1; then a ring of both."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    about, clear = (
        bytes.fromhex("feedfacedeadbeef" * 2 + "abaddad2"),
        b"".join(bytes((x,)) * 8 for x in b"\xaa\xbb\xcc\xdd\xee\xff\xee\xaa"),
    )
    made = keys.cipher(key).encrypt(nonce, clear, about)
    assert made.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
    )
    place = keys.bound("client", "note_enc", uuid7())
    ring = keys.KeyRing([(2, key), (1, OLD)], INDEX)
    sealed = ring.seal(b"secret", place)
    assert sealed[:2] == bytes((keys.SM4, 2)) and ring.open(sealed, place) == b"secret"
    assert ring.open(keys.KeyRing([(1, OLD)], INDEX).seal(b"before", place), place) == b"before"
    for at in range(len(sealed)):
        with pytest.raises((InvalidTag, KeyError)):
            ring.open(sealed[:at] + bytes((sealed[at] ^ 3,)) + sealed[at + 1 :], place)
    with pytest.raises(InvalidTag):
        ring.open(bytes((keys.AES,)) + sealed[1:], place)


def test_the_index_is_one_per_purpose() -> None:
    ring = keys.KeyRing([(1, OLD)], INDEX)
    assert ring.index("phone", "13800002206") == ring.index("phone", "13800002206")
    assert ring.index("phone", "2206") != ring.index("last_four", "2206")
    assert ring.index("phone", "2206") != keys.KeyRing([(1, OLD)], NEW).index("phone", "2206")
    assert keys.KeyRing([(2, NEW), (1, OLD)], INDEX).index("phone", "2206") == ring.index("phone", "2206"), "found after rotation"


def test_tokens_are_ours_or_refused() -> None:
    ring = keys.KeyRing([(1, OLD)], INDEX)
    token = ring.token("cursor:client.name_key", b"[]")
    assert ring.untoken("cursor:client.name_key", token) == b"[]"
    for bad in (token[:-2] + "AA", "", "x", "=" * 40, "长", "\x00", token + token, "A" * 2000):
        with pytest.raises(ValueError, match="not a token"):
            ring.untoken("cursor:client.name_key", bad)
    with pytest.raises(ValueError, match="not a token"):
        ring.untoken("cursor:case.id", token)


@pytest.fixture
def ring() -> Iterator[None]:
    """The keys of the process, put back afterwards."""
    before = keys.ring()
    yield
    keys._ring = before


def people(engine: Any) -> tuple[Any, Any]:
    """Two persons with a note and an address each."""
    with engine.app.app_context(), system_session("rows", write=True) as session:
        found = [rows.client(session, engine.cast, "Riverside", name) for name in ("Wang", "Sun")]
        for row in found:
            row.note, row.address = f"note of {row.name}", f"address of {row.name}"
        return found[0].id, found[1].id


def read(engine: Any, key: Any, name: str) -> Any:
    """A field of a person, read in a session of its own."""
    with engine.app.app_context(), system_session("look") as session:
        return getattr(session.scalars(select(Client).where(Client.id == key)).one(), name)


def test_fields_moved_in_the_database_do_not_open(sqlite: Any) -> None:
    """Whoever can write to the file cannot show one person's note as another's, nor an address as a note."""
    wang, sun = people(sqlite)
    with sqlite.app.app_context():
        path = db.engine.url.database
    with closing(sqlite3.connect(str(path))) as raw, raw:
        stolen = raw.execute("SELECT note_enc FROM client WHERE name = 'Wang'").fetchone()[0]
        raw.execute("UPDATE client SET note_enc = ? WHERE name = 'Sun'", (stolen,))
        raw.execute("UPDATE client SET note_enc = address_enc WHERE name = 'Wang'")
    assert read(sqlite, sun, "address") == "address of Sun"
    for key in (wang, sun):
        with pytest.raises(InvalidTag):
            read(sqlite, key, "note")


def test_no_clear_text_lies_in_the_file(sqlite: Any) -> None:
    people(sqlite)
    with sqlite.app.app_context():
        path = str(db.engine.url.database)
        db.engine.dispose()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:
        held = file.read()
    assert b"Wang" in held, "the file was read"
    assert b"note of" not in held and b"address of" not in held


def test_rows_written_under_an_old_key_are_read_and_rewritten_under_the_new_one(sqlite: Any, ring: None) -> None:
    keys.configure([(1, OLD)], INDEX)
    wang, _sun = people(sqlite)
    keys.configure([(2, NEW), (1, OLD)], INDEX)
    assert read(sqlite, wang, "note") == "note of Wang"
    with sqlite.app.app_context(), system_session("rotate", write=True) as session:
        row = session.scalars(select(Client).where(Client.id == wang)).one()
        row.note = "another note"
        assert (row.note_enc[1], row.address_enc[1]) == (2, 1)
    keys.configure([(2, NEW)], INDEX)
    assert read(sqlite, wang, "note") == "another note"
    with pytest.raises(KeyError):
        read(sqlite, wang, "address")
