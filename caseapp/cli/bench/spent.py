"""Time that a piece of work took: on the wall, of this process, and of a database server on this machine."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Spent:
    """Seconds since some moment; `server` is None where the server is not on this machine, or is not PostgreSQL."""

    wall: float
    process: float
    server: float | None

    def __sub__(self, before: "Spent") -> "Spent":
        server = None if self.server is None or before.server is None else self.server - before.server
        return Spent(self.wall - before.wall, self.process - before.process, server)

    def __str__(self) -> str:
        server = "" if self.server is None else f" + {self.server:.1f} of the server"
        return f"{self.wall:.1f} s, CPU {self.process:.1f}{server}"


class Watch:
    """Reads the clocks."""

    def __init__(self, engine: Engine) -> None:
        self._server = _postmaster(engine)

    def now(self) -> Spent:
        """Seconds so far; two of them are subtracted. Other work of the same server counts too."""
        children = os.times()
        own = time.process_time() + children.children_user + children.children_system
        return Spent(time.monotonic(), own, None if self._server is None else _family(self._server))


def _postmaster(engine: Engine) -> int | None:
    """The process that all others of the server stem from."""
    if engine.dialect.name != "postgresql" or engine.url.host not in (None, "localhost", "127.0.0.1", "::1"):
        return None
    with engine.connect() as connection:
        found = _stat(connection.scalar(sa.text("SELECT pg_backend_pid()")))
    return int(found[1]) if found else None


def _family(parent: int) -> float:
    """CPU seconds of a process, of those it waited for, and of its living children."""
    ticks = 0
    for place in Path("/proc").iterdir():
        held = _stat(int(place.name)) if place.name.isdigit() else []
        if held and int(place.name) == parent:
            ticks += sum(map(int, held[11:15]))
        elif held and int(held[1]) == parent:
            ticks += sum(map(int, held[11:13]))
    return ticks / TICK


def _stat(process: int | None) -> list[str]:
    """The fields of /proc/…/stat after the name: state, parent, … ; nothing where there is no such process."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return []
