"""What one request costs: CPU of this process, statements, and the part of the row rules in it."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from caseapp.access import guard
from caseapp.access.system import system_session
from caseapp.extensions import CaseSession

NOT_COUNTED = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")


@dataclass
class Cost:
    """One request: milliseconds of CPU, of them under the row rules, and the statements with their parameters."""

    cpu: float = 0.0
    rules: float = 0.0
    statements: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Figure:
    """A page measured several times; medians, milliseconds."""

    name: str
    cpu: float
    statements: int
    plain: float
    rules: float
    slowest: float


class Meter:
    """Counts while a request runs; hangs itself on the engine and around the listener of the row rules."""

    def __init__(self) -> None:
        self.cost: Cost | None = None

    @contextmanager
    def attached(self) -> Iterator["Meter"]:
        """Listens until the block ends."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.remove(CaseSession, "do_orm_execute", guard.only_visible_rows)
        event.listen(CaseSession, "do_orm_execute", self._rules)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._statement)
            event.remove(CaseSession, "do_orm_execute", self._rules)
            event.listen(CaseSession, "do_orm_execute", guard.only_visible_rows)

    def once(self, job: Callable[[], Any]) -> Cost:
        """One request."""
        self.cost = Cost()
        start = time.process_time()
        job()
        self.cost.cpu = (time.process_time() - start) * 1000
        return self.cost

    def _statement(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if self.cost is not None and not statement.lstrip().upper().startswith(NOT_COUNTED):
            self.cost.statements.append((statement, parameters))

    def _rules(self, state: Any) -> None:
        start = time.process_time()
        guard.only_visible_rows(state)
        if self.cost is not None:
            self.cost.rules += (time.process_time() - start) * 1000


def measure(app: Flask, meter: Meter, name: str, prepare: Callable[[], Callable[[], Any]], times: int) -> Figure:
    """A page asked for `times` times after three that warm it up; `prepare` is not counted and gives the request."""
    for _warm in range(3):
        prepare()()
    costs = []
    for _turn in range(times):
        job = prepare()
        costs.append(meter.once(job))
    with app.app_context():
        plain = plain_sql(costs[-1].statements, times)
    return Figure(
        name,
        statistics.median(cost.cpu for cost in costs),
        max(len(cost.statements) for cost in costs),
        plain,
        statistics.median(cost.rules for cost in costs),
        max(cost.cpu for cost in costs),
    )


def plain_sql(statements: list[tuple[str, Any]], times: int) -> float:
    """CPU of the same reads through the bare driver: the statements of a request with their values, every row fetched."""
    reads = [(text, values) for text, values in statements if text.lstrip().upper().startswith(("SELECT", "WITH"))]
    taken = []
    with system_session("bench: the same reads") as session:
        connection = session.connection()
        cursor: Any = connection.connection.cursor()
        for _turn in range(times + 1):
            start = time.process_time()
            for text, values in reads:
                cursor.execute(text, values)
                cursor.fetchall()
            taken.append((time.process_time() - start) * 1000)
        cursor.close()
    return statistics.median(taken[1:])
