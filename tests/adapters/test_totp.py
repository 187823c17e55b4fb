"""Codes of an authenticator against the vectors of RFC 6238 appendix B, and the picture of a secret."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from caseapp.adapters import qr, totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    step = totp.step_of(datetime.fromtimestamp(seconds, UTC))
    assert totp.code(SECRET, step, digits=8) == code
    assert totp.code(SECRET, step) == code[2:]


def test_a_neighbouring_code_is_taken_and_one_further_away_is_not() -> None:
    step = totp.step_of(NOON)
    for shift, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = totp.matching(SECRET, totp.code(SECRET, step + shift), NOON, None)
        assert found == (step + shift if fits else None), shift
    assert totp.matching(SECRET, "", NOON, None) is None


def test_a_code_counts_only_after_the_last_one_taken() -> None:
    step = totp.step_of(NOON)
    typed = totp.code(SECRET, step)
    assert totp.matching(SECRET, typed, NOON, step - 1) == step
    assert totp.matching(SECRET, typed, NOON, step) is None
    assert totp.matching(SECRET, totp.code(SECRET, step - 1), NOON, step) is None
    assert totp.matching(SECRET, totp.code(SECRET, step + 1), NOON + timedelta(seconds=30), step) == step + 1


def test_secrets_are_long_and_never_the_same() -> None:
    made = {totp.new_secret() for _time in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_picture_holds_the_address() -> None:
    address = totp.address(SECRET, "bo")
    assert address == f"otpauth://totp/caseapp:bo?secret={SECRET}&issuer=caseapp"
    side, path = qr.path(address)
    assert path.startswith("M4 4h1v1h-1z")  # the corner of the first finder pattern, behind four light modules
    assert (side - 8 - 17) % 4 == 0  # a QR code has 17 + 4 × version modules a side
    assert qr.path(totp.address(SECRET, "ben"))[1] != path
