"""A crisis in the demo: the suicide risk list in an ordinary file, the head told, steps noted, contacts that went on."""

from datetime import date
from typing import Any

from caseapp import reference
from caseapp.cli.demo.source import Row, at, sealed
from caseapp.models import casework as c

ANSWERS = {"ideation": 2, "plan": 1, "means": 1, "loss": 1, "pain": 1, "alone": 1, "holding": 1}
STEPS = ("stay", "call_head", "means", "family", "hotline", "next")
FOUND, BETWEEN = 655, 6  # minutes after midnight, and from one step to the next


def crisis(cases: Any, case: Row, person: Any, day: date) -> None:
    """High risk on that day; everything it left behind is of class P3, in a file that is not."""
    answers = {item.code: ANSWERS.get(item.code, 0) for item in reference.instrument("suicide_risk").items}
    result = cases.assessed(case, person, "suicide_risk", day, answers)
    for number, step in enumerate(STEPS):
        minute = FOUND + BETWEEN * number
        facts = {"result": str(result["id"]), "protocol": "suicide", "step": step, "done": True}
        cases.batch.add(
            c.CaseEvent, id=cases.source.key(at(day, minute)), case_id=case["id"], step="protocol_step", happened_on=day,
            at=at(day, minute), by_id=case["worker_id"], facts={**facts, "time": f"{minute // 60:02}:{minute % 60:02}"},
            **_place(case),
        )  # fmt: skip
    _task(cases, case, result, "crisis_told", day, day, ended=day, by=cases.station.head)
    (rule,) = reference.rules_for("level", f"suicide_risk:{result['level']}")
    made, due_on = day, rule.first_due(day)
    while due_on < cases.source.today:
        _task(cases, case, result, "crisis_contact", made, due_on, ended=due_on, by=case["worker_id"])
        made, due_on = due_on, rule.due_after(due_on)
    _task(cases, case, result, "crisis_contact", made, due_on, by=case["worker_id"])


def _task(cases: Any, case: Row, result: Row, kind: str, made: date, due_on: date, *, by: Any, ended: date | None = None) -> None:
    key = cases.source.key(at(made, FOUND + 50))
    is_told = kind == "crisis_told"
    cases.batch.add(
        c.Task, id=key, kind=kind, client_id=case["client_id"], case_id=case["id"], assessment_id=result["id"],
        user_id=None if is_told else by, for_role="station_head" if is_told else None, due_on=due_on, state="done" if ended else "open",
        note_enc=sealed("task", "note_enc", key, None), ended_at=at(ended, FOUND + 90) if ended else None,
        ended_by_id=by if ended else None, created_at=at(made, FOUND + 50), created_by_id=case["worker_id"], **_place(case),
    )  # fmt: skip


def _place(case: Row) -> Row:
    return {"station_path": case["station_path"], "klass": "P3", "file_id": case["id"]}
