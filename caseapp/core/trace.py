"""The id of the request at work: in its log lines, its answer, and what the trail keeps of a refusal."""

import re
import secrets
from contextvars import ContextVar

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)

_current: ContextVar[str] = ContextVar("request", default="")
_given: ContextVar[str] = ContextVar("given", default="")


def begin(given: str | None = None) -> None:
    """Starts a request under a new id. `given` is the id that a proxy in front of us gave it, kept beside where it is one."""
    _current.set(secrets.token_hex(8))
    _given.set(given if given and GIVEN.fullmatch(given) else "")


def request_id() -> str:
    """The id of the request at work, 16 hex digits; empty outside of one."""
    return _current.get()


def given_id() -> str:
    """What a proxy calls the request; empty without one."""
    return _given.get()
