"""The lock-out: wrong passwords counted per account and address, so that nobody elsewhere can lock out the owner.

An attempt is counted before the password is looked at; guesses sent at the same moment all count. An address that sends
many attempts on many accounts is slowed as a whole, but for the accounts that have signed in from it before. A device that an
account has signed in on carries a mark and counts for itself, so that nobody in the same office can shut its owner out either.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_

from caseapp.access.system import system_session
from caseapp.adapters import keys
from caseapp.core import clock
from caseapp.core.errors import TooMany
from caseapp.core.text import lazy_ngettext
from caseapp.models.organisation import SignInGuard
from caseapp.services.trust import buckets

FREE = 5  # wrong attempts before the first block (domain.md 5.5: 5 failures, 10 to 30 minutes)
BLOCKS = (10, 20, 30)  # minutes, each further wrong attempt the next
FORGET = timedelta(hours=24)
AT_HOME = timedelta(days=30)  # how long an address counts as one of an account's own
REMEMBERED = 8  # accounts of one device: the computer that an office shares
MARK = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32}){0,8}")
FROM_ONE_ADDRESS = 120  # attempts in five minutes: a whole office in the morning, no dictionary


@dataclass(frozen=True)
class Whence:
    """Where an attempt comes from: the address, and the mark that a device was given when somebody signed in on it."""

    address: str
    mark: str = ""


def marked(username: str, mark: str) -> str:
    """The mark of a device with one more account that signed in on it: a random part, then a keyed digest for each, the latest
    first. It names nobody and opens nothing."""
    device, *known = mark.split(".") if MARK.fullmatch(mark) else [secrets.token_hex(16)]
    own = _seal(username, device)
    return ".".join([device, own, *(one for one in known if one != own)][: 1 + REMEMBERED])


def _seal(username: str, device: str) -> str:
    return keys.ring().index("device", f"{username.strip().lower()}|{device}").hex()[:32]


def _place(username: str, whence: Whence | str) -> str:
    """A device that this account has signed in on counts for itself: guesses from the same office do not shut its owner out."""
    if isinstance(whence, str):
        return whence
    if MARK.fullmatch(whence.mark):
        device, *known = whence.mark.split(".")
        if _seal(username, device) in known:
            return f"device {device}"
    return whence.address


def attempt(username: str, whence: Whence | str) -> None:
    """Counts an attempt on an account from an address, or from a device it knows. Raises TooMany while it is blocked or the address is too fast."""
    place = _place(username, whence)
    address = whence if isinstance(whence, str) else whence.address
    now, key = clock.now(), _key(username, place)
    with system_session("sign-in attempt", write=True) as session:
        # the address's row comes first and is locked: attempts from one address follow one another, however many arrive
        crowded = buckets.count(session, "sign-in", address, most=FROM_ONE_ADDRESS, seconds=300)
        row = session.get(SignInGuard, key, with_for_update=True)
        if row is None:
            row = SignInGuard(key=key, failures=0, window_at=now)
            session.add(row)
        at_home = place != address or (row.passed_at and now - row.passed_at < AT_HOME)
        wait = 0 if at_home else crowded
        if row.blocked_until and row.blocked_until > now:
            wait = max(wait, int((row.blocked_until - now).total_seconds()) + 1)
        elif now - row.window_at > FORGET:
            row.failures, row.window_at = 0, now
        if not wait:
            row.failures += 1
            row.blocked_until = _blocked_until(row.failures)
            if row.blocked_until:
                session.execute(delete(SignInGuard).where(*_forgotten(now)), execution_options={"synchronize_session": False})
    if wait:
        minutes = (wait + 59) // 60
        raise TooMany(
            lazy_ngettext(
                "Too many wrong attempts from here. Wait %(num)s minute; from another place the account stays open.",
                "Too many wrong attempts from here. Wait %(num)s minutes; from another place the account stays open.",
                minutes,
            ),
            retry_after=wait,
            code="locked_out",
        )


def passed(username: str, whence: Whence | str) -> None:
    """Forgets the count after the right password, and remembers that it came from here."""
    key, now = _key(username, _place(username, whence)), clock.now()
    with system_session("sign-in passed", write=True) as session:
        row = session.get(SignInGuard, key, with_for_update=True)
        if row is not None:
            row.failures, row.blocked_until, row.window_at, row.passed_at = 0, None, now, now


def _forgotten(now: datetime) -> tuple[Any, ...]:
    """What neither blocks nor is at home any more."""
    return (SignInGuard.window_at < now - 2 * FORGET, or_(SignInGuard.passed_at.is_(None), SignInGuard.passed_at < now - AT_HOME))


def _blocked_until(failures: int) -> datetime | None:
    if failures < FREE:
        return None
    return clock.now() + timedelta(minutes=BLOCKS[min(failures - FREE, len(BLOCKS) - 1)])


def _key(username: str, address: str) -> str:
    return keys.ring().index("sign-in", f"{username.strip().lower()}|{address}").hex()
