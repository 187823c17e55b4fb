"""Promises of an assistance case in the demo."""

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
