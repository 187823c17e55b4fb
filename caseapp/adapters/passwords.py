"""Argon2id password hashes, sized for a two-core machine (stack.md: 19 MiB, t=2, p=1; OWASP's minimum)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# what an unknown name is compared with, so that it takes as long as a known one
NOBODY = hasher.hash("nobody's password")


def hashed(password: str) -> str:
    """A new hash."""
    return hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without one the same time is spent."""
    try:
        return hasher.verify(stored or NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters and should be made anew."""
    return hasher.check_needs_rehash(stored)
