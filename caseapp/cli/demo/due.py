"""When the next visit is due, for many at once: the pure rules of `queries/casework/due.py` over what the demo knows."""

from datetime import date
from typing import Any

from caseapp.cli.demo.people import Person
from caseapp.cli.demo.source import Row
from caseapp.queries.casework.due import MET, Due, Facts, next_due, rules_in_force
from caseapp.queries.casework.due_facts import CLOSED, LIVE, strictest_risk


def settle(person: Person, rules: tuple[Any, ...] | None = None) -> None:
    """Fills the due columns of a person and the person's case, as `services/casework/due.py` keeps them."""
    rules = rules or rules_in_force()
    case, levels = person.case, tuple(f"{code}:{level}" for code, level in person.levels.items())
    is_told = case is not None and case["klass"] != "P3" and case["status"] in LIVE
    facts = Facts(
        since=person.since,
        tags=dict(person.tags),
        levels=levels,
        level_days=person.level_days,
        risk=strictest_risk([person.row["risk"], case["risk"] if is_told and case else None]),
        plan_days=person.plan_days if is_told else None,
        **_last(person.visits),
    )
    _keep(person.row, facts, next_due(facts, rules) if person.row["state"] == "on_file" else Due(None))
    if case is None:
        return
    facts = Facts(
        since=case["opened_on"] or case["found_on"],
        tags=dict(person.tags),
        levels=(*levels, *person.shut_levels),
        level_days={**person.level_days, **person.shut_levels},
        risk=case["risk"],
        plan_days=person.plan_days,
        closed_on=case["closed_on"] if case["status"] in CLOSED else None,
        **_last(person.case_visits),
    )
    _keep(case, facts, next_due(facts, rules) if case["status"] in (*LIVE, *CLOSED) else Due(None))


def _last(visits: list[tuple[date, str]]) -> dict[str, Any]:
    if not visits:
        return {}
    last = max(day for day, _outcome in visits)
    outcomes = [outcome for day, outcome in visits if day == last]
    met = max((day for day, outcome in visits if outcome == MET), default=None)
    return {"last_on": last, "last_outcome": MET if MET in outcomes else outcomes[-1], "met_on": met}


def _keep(row: Row, facts: Facts, due: Due) -> None:
    row["next_visit_on"], row["next_visit_rule"], row["next_visit_facts"] = due.on, due.rule, due.facts or None
    row["last_visit_on"], row["last_met_on"], row["last_outcome"] = facts.last_on, facts.met_on, facts.last_outcome
