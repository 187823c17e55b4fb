"""Promises and happenings of an assistance case in the demo."""

from datetime import date
from typing import Any

from caseapp.cli.demo.source import Row, at
from caseapp.models import casework as c


def task(cases: Any, case: Row, kind: str, made: date, due_on: date) -> None:
    """A promise of the case that is still open."""
    cases.batch.add(
        c.Task, id=cases.source.key(at(made, 935)), kind=kind, client_id=case["client_id"], case_id=case["id"],
        user_id=case["worker_id"], due_on=due_on, state="open", **cases.stamp(case, made, 935),
    )  # fmt: skip


def event(cases: Any, case: Row, step: str, day: date, minutes: int, facts: Row | None = None) -> None:
    """Something that happened and moved the case to no other stage."""
    cases.batch.add(
        c.CaseEvent, id=cases.source.key(at(day, minutes)), case_id=case["id"], step=step, happened_on=day, at=at(day, minutes),
        by_id=case["worker_id"], facts=facts, station_path=case["station_path"], klass=case["klass"], file_id=case["id"],
    )  # fmt: skip
