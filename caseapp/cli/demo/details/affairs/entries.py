"""How rows of the matters come into the demo: one row of a case, a dated entry, a promise."""

from datetime import date
from typing import Any

from caseapp.cli.demo.source import Row, at, sealed
from caseapp.models.casework import Task


def entry(cases: Any, case: Row, model: Any, day: date, minutes: int = 660, *, texts: Row | None = None, **values: Any) -> Row:
    """A row of a case written on a day; `texts` are sealed."""
    key = cases.source.key(at(day, minutes))
    table = model.__tablename__
    kept = {f"{name}_enc": sealed(table, f"{name}_enc", key, text) for name, text in (texts or {}).items()}
    found: Row = cases.batch.add(model, id=key, case_id=case["id"], **values, **kept, **cases.stamp(case, day, minutes))
    return found


def promise(cases: Any, case: Row, kind: str, day: date, due_on: date) -> None:
    """Something that the responsible worker still has to do."""
    key = cases.source.key(at(day, 670))
    cases.batch.add(
        Task, id=key, kind=kind, client_id=case["client_id"], case_id=case["id"], user_id=case["worker_id"], due_on=due_on, state="open",
        **cases.stamp(case, day, 670),
    )  # fmt: skip


def end_of(cases: Any, wish: Any) -> date:
    """Until when things happened in a case."""
    found: date = wish.dates.get("evaluating") or wish.dates.get("closed") or cases.source.today
    return found


def is_live(wish: Any) -> bool:
    """Whether the case is still worked on."""
    return wish.status in ("intake", "assessing", "planning", "serving", "evaluating", "closing")
