"""Plays the drill against one database: writers write, something is killed, it comes back by itself, and everything is looked at."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from caseapp.cli.drill.crash import checks
from caseapp.cli.drill.crash.served import COMMITTED, STEPS, Sealer, Served
from caseapp.cli.drill.crash.writers import Writer, signed_in
from caseapp.cli.drill.postgres import Server
from caseapp.core import clock
from caseapp.extensions import db

LONGEST = 1.5  # seconds that writers have before the next kill, by chance from a tenth of it
VERIFIED = 10  # the whole trail is added up after so many kills, and at the end


@dataclass(frozen=True)
class Cast:
    """Who writes: (user name, password, a division where their station's people live)."""

    people: tuple[tuple[str, str, str], ...]


@dataclass
class Outcome:
    """Figures of one database's drill."""

    engine: str
    kills: Counter[str] = field(default_factory=Counter)
    within: int = 0  # of the sealer's deaths: within the transaction that writes a seal
    written: int = 0
    again: int = 0  # writes that had no answer at first, sent again under their key
    refused: int = 0
    slowest: float = 0.0  # seconds until it was back
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line of figures."""
        each = ", ".join(f"{count} of {what}" for what, count in sorted(self.kills.items()))
        return (
            f"crash, {self.engine}: {self.kills.total()} kills ({each}; {self.within} within a seal), {self.written} writes acknowledged, "
            f"{self.again} sent again, {self.refused} answers 503, back within {self.slowest:.1f} s, {len(self.faults)} faults"
        )


class Play:
    """One drill: in the app of the database that is written to."""

    def __init__(
        self, environment: dict[str, str], folder: Path, cast: Cast, seed: int, server: Server | None, *, workers: int = 2
    ) -> None:
        self.dice, self.server, self.environment = random.Random(seed), server, environment
        self.served = Served(environment, folder, workers=workers)
        self.outcome = Outcome(db.engine.dialect.name)
        self._cast, self._seed = cast, seed
        self.writers: list[Writer] = []
        self.begun = clock.now()
        self._known = checks.before(self.begun)

    def run(self, kills: list[str], say: Callable[[str], None] = lambda _words: None) -> Outcome:
        """Kills what the list names, one after the other."""
        try:
            self.served.start()
            self.served.wait()
            self.writers = [
                Writer(self.served.port, f"{place}", signed_in(self.served.port, name, password), self._seed * 100 + place, home)
                for place, (name, password, home) in enumerate(self._cast.people)
            ]
            for writer in self.writers:
                writer.start()
            self._under_way()
            for number, what in enumerate(kills, 1):
                self._one(what)
                self._look(whole=number % VERIFIED == 0)
                if number % VERIFIED == 0:
                    say(self.outcome.line())
                if self.outcome.faults:
                    break
            for writer in self.writers:
                writer.stop()
        finally:
            self.served.kill()
        self._look(whole=True, over=True)
        return self.outcome

    def _under_way(self, seconds: float = 60.0) -> None:
        """Until somebody's visit is answered for: on a slow machine nothing would be there yet that could be lost."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(writer.faults or any(call.kind != "client" for call in writer.acknowledged()) for writer in self.writers):
                return
            time.sleep(0.05)

    def _one(self, what: str) -> None:
        """Writers write for a while, then something dies; back is everything once the server says so."""
        time.sleep(self.dice.uniform(LONGEST / 10, LONGEST))
        if what == "worker":
            while not self.served.kill_worker(self.dice):
                time.sleep(0.2)
        elif what == "server":
            self.served.kill()
        elif what == "sealer":
            step = self.dice.choice((*STEPS, COMMITTED))
            self.outcome.within += Sealer(self.environment, step).wait() and step != COMMITTED
        elif what == "postgresql" and self.server is not None:
            self.server.kill()
            time.sleep(self.dice.uniform(0, 0.5))
            self.server.start()
        elif what == "connection" and self.server is not None:
            _kill_backend(self.server, self.dice)
        self.outcome.kills[what] += 1
        self.outcome.slowest = max(self.outcome.slowest, self.served.wait())

    def _look(self, *, whole: bool, over: bool = False) -> None:
        for attempt in range(20):
            try:
                self._check(whole=whole, over=over)
                return
            except sa.exc.DBAPIError:  # PostgreSQL is still recovering from the last kill
                db.session.rollback()
                db.engine.dispose()
                if attempt == 19:
                    raise
                time.sleep(0.5)

    def _check(self, *, whole: bool, over: bool) -> None:
        # calls are taken down before the database is read: an answer that comes meanwhile is of the next look
        calls = [call for writer in self.writers for call in list(writer.calls)]
        found = checks.lost(calls if over or whole else calls[-200:])
        if over:
            found += checks.halves(calls, self.begun, self._known)
            found += [f"{call.key} never got through" for call in calls if call.answer is None]
        if whole:
            found += checks.chain(sealed=over)
        outcome = self.outcome
        outcome.faults = found + [words for writer in self.writers for words in writer.faults]
        outcome.written = sum(len(writer.acknowledged()) for writer in self.writers)
        outcome.again = sum(call.again > 0 for call in calls)
        outcome.refused = sum(writer.refused for writer in self.writers)


def _kill_backend(server: Server, dice: random.Random) -> None:
    """One of PostgreSQL's own processes that serve a connection: the server takes all of them for spoilt and recovers."""
    engine = sa.create_engine(f"{server.address}/postgres", poolclass=sa.NullPool)
    with engine.connect() as connection:
        mine = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        pids = list(connection.execute(sa.text(mine)).scalars())
    if pids:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(pids), signal.SIGKILL)
