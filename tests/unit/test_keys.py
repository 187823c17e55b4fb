"""Sealed fields: bound to table, column and row; readable under old keys; the index differs for each purpose."""

import pytest
from cryptography.exceptions import InvalidTag
from uuid_utils.compat import uuid7

from caseapp.adapters import keys
from caseapp.config import BadSettings, data_keys, from_environment

OLD, NEW, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


def test_a_ciphertext_moved_elsewhere_does_not_open() -> None:
    ring, row, other = keys.KeyRing([(1, OLD)], INDEX), uuid7(), uuid7()
    sealed = ring.seal(b"secret", keys.bound("client", "note_enc", row))
    assert ring.open(sealed, keys.bound("client", "note_enc", row)) == b"secret"
    for place in (("client", "note_enc", other), ("client", "address_enc", row), ("visit", "note_enc", row)):
        with pytest.raises(InvalidTag):
            ring.open(sealed, keys.bound(*place))


def test_old_keys_still_open_and_new_ones_seal() -> None:
    place = keys.bound("client", "note_enc", uuid7())
    before = keys.KeyRing([(1, OLD)], INDEX).seal(b"secret", place)
    ring = keys.KeyRing([(2, NEW), (1, OLD)], INDEX)
    assert ring.open(before, place) == b"secret"
    assert ring.seal(b"secret", place)[1] == 2
    assert ring.seal(b"secret", place) != ring.seal(b"secret", place)


def test_the_index_is_one_per_purpose() -> None:
    ring = keys.KeyRing([(1, OLD)], INDEX)
    assert ring.index("phone", "13800002206") == ring.index("phone", "13800002206")
    assert ring.index("phone", "2206") != ring.index("last_four", "2206")


def test_tokens_are_ours_or_refused() -> None:
    ring = keys.KeyRing([(1, OLD)], INDEX)
    token = ring.token("cursor:client.name_key", b"[]")
    assert ring.untoken("cursor:client.name_key", token) == b"[]"
    for bad in (token[:-2] + "AA", "", "x", "=" * 40):
        with pytest.raises(ValueError, match="not a token"):
            ring.untoken("cursor:client.name_key", bad)
    with pytest.raises(ValueError, match="not a token"):
        ring.untoken("cursor:case.id", token)


def test_settings_that_must_not_be_started_with() -> None:
    good = {"CASEAPP_SECRET_KEY": "k3J9x0Q2m7Zr5T8w1Yb4Nc6Vd", "CASEAPP_DATA_KEYS": "1:" + OLD.hex()}
    assert from_environment(good).env == "production"
    for change in (
        {"CASEAPP_SECRET_KEY": ""},
        {"CASEAPP_SECRET_KEY": "a" * 40},
        {"CASEAPP_DATA_KEYS": ""},
        {"CASEAPP_DATA_KEYS": "short"},
        {"CASEAPP_ENV": "staging"},
        {"CASEAPP_ENV": "demo", "HOST": "0.0.0.0"},  # noqa: S104 - the very thing that is refused
        {"PORT": "many"},
    ):
        with pytest.raises(BadSettings):
            from_environment({**good, **change})
    assert [number for number, _key in data_keys(f"{NEW.hex()},{OLD.hex()}")] == [2, 1]
