"""Processes that are there to be killed: the server as `caseapp serve` runs it, and a sealer that never rests.

They come out of a fork server that has read the program already, so that a start costs a second and not ten; the server is otherwise
what is installed: Granian's first process with workers below it. Linux and macOS.
"""

import http.client
import multiprocessing
import os
import random
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from caseapp.cli.drill.postgres import free_port

WARM = ["caseapp.cli.serve", "caseapp.blueprints.all_blueprints"]
STEPS = ("INSERT INTO audit_number", "INSERT INTO audit_seal", "DELETE FROM audit_waiting", "commit")
COMMITTED = "committed"  # the moment after
LOOP = 6.0  # seconds within which Granian takes a second death of one worker for a fault of the program, and ends


def context() -> ForkServerContext:
    """The fork server, which begins with the first process that is asked for."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(WARM)
    return made


class Served:
    """The server of one database: started, killed in whole or in part, waited for."""

    def __init__(self, environment: dict[str, str], folder: Path, *, workers: int) -> None:
        self.port, self.log = free_port(), folder / "server.log"
        self.environment = {**environment, "HOST": "127.0.0.1", "PORT": str(self.port), "WORKERS": str(workers)}
        self.starts = 0
        self._process: Any = None
        self._killed: dict[int, float] = {}

    def start(self) -> None:
        """In a process group of its own, so that all of it can be killed at once."""
        self._process = context().Process(target=_serve, args=(self.environment, str(self.log)), name="drill server")
        self._process.start()
        self.starts += 1

    @property
    def is_up(self) -> bool:
        """Whether its first process lives."""
        return self._process is not None and self._process.is_alive()

    def wait(self, seconds: float = 120.0) -> float:
        """Until /readyz says that all is well; how many seconds that took. RuntimeError when it never does."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if not self.is_up:
                self.start()  # as whatever looks after services would; nothing else is done by hand
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return time.monotonic() - begun
            time.sleep(0.05)
        raise RuntimeError(f"the server did not come back in {seconds:.0f} s: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """The whole group at once, as when the machine's memory is taken away."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.join()
            self._process = None

    def kill_worker(self, dice: random.Random) -> bool:
        """One worker, which Granian replaces; False where none can be killed without Granian taking it for a loop of crashes."""
        now = time.monotonic()
        if any(now - at < LOOP for at in self._killed.values()):
            return False
        there = _children(self._process.pid) if self.is_up else []
        if not there:
            return False
        chosen = dice.choice(there)
        self._killed = {chosen: now}
        with suppress(ProcessLookupError):
            os.kill(chosen, signal.SIGKILL)
        return True


class Sealer:
    """A process that seals without a pause and dies by its own `kill -9` at one step of the transaction that writes a seal."""

    def __init__(self, environment: dict[str, str], step: str) -> None:
        self._process = context().Process(target=_seal, args=(environment, step), name="drill sealer", daemon=True)
        self._process.start()

    def wait(self, seconds: float = 60.0) -> bool:
        """Until it is dead; False where nothing was there to be sealed, and it was killed from outside."""
        self._process.join(seconds)
        died = not self._process.is_alive()
        self._process.kill()
        self._process.join()
        return died


def _children(pid: int) -> list[int]:
    """The processes that a process has started, by /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            if int(words[1]) == pid and words[0] != "Z":
                found.append(int(path.parent.name))
    return found


def _serve(environment: dict[str, str], log: str) -> None:
    """In the new process."""
    os.setsid()
    with Path(log).open("a") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.update(environment)
    from caseapp.cli import serve
    from caseapp.config import from_environment

    serve.run(from_environment(), begins="fork")
    sys.exit(0)


def _seal(environment: dict[str, str], step: str) -> None:
    """In the new process: until it dies."""
    os.environ.update(environment)
    from caseapp.cli.shared import app
    from caseapp.services.trust import seal

    state = {"within": False}

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def _writes(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        state["within"] = state["within"] or statement.startswith(STEPS[0])
        if state["within"] and statement.startswith(step):
            os.kill(os.getpid(), signal.SIGKILL)

    @sa.event.listens_for(sa.Engine, "commit")
    def _ends(connection: Any) -> None:
        if state["within"] and step == COMMITTED:
            connection.connection.driver_connection.commit()
        if state["within"]:
            os.kill(os.getpid(), signal.SIGKILL)

    with app().app_context():
        while True:
            with suppress(sa.exc.DBAPIError):
                seal.seal_all()
            time.sleep(0.01)
