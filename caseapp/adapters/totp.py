"""Codes of an authenticator: TOTP by RFC 6238 (HMAC-SHA-1, six digits, thirty seconds), what every authenticator app speaks.

The RFC's own vectors are in `tests/adapters/test_totp.py`. SHA-1 is the algorithm of the standard; HMAC does not rest on
its collision resistance.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

DIGITS, SECONDS = 6, 30
ISSUER = "caseapp"


def new_secret() -> str:
    """160 random bits in base32, as long as the hash (RFC 4226 section 4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(at: datetime) -> int:
    """The number of the thirty seconds that an instant lies in, from 1970 on."""
    return int(at.timestamp()) // SECONDS


def code(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a base32 secret for a step (RFC 4226 section 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching(secret: str, typed: str, at: datetime, after: int | None) -> int | None:
    """The step whose code was typed: the present one or a neighbour, for clocks that differ by up to half a minute.

    Only steps after `after` count, so that a code that was seen once is worth nothing. None where none fits.
    """
    now = step_of(at)
    fitting = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(code(secret, step).encode(), typed.encode())]
    return next((step for step in fitting if after is None or step > after), None)


def address(secret: str, username: str) -> str:
    """What a QR code tells an authenticator app (the Key URI format)."""
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?secret={secret}&issuer={quote(ISSUER)}"
