"""Keeps the next visit of persons and cases: reckoned anew after whatever may change it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from caseapp.extensions import db
from caseapp.models.casework import Case, Client
from caseapp.queries.casework import due_facts
from caseapp.queries.casework.due import Due, Facts, next_due, rules_in_force
from caseapp.services.casework import reckoned
from caseapp.services.casework.cases.next_step import set_next_steps


def refresh_due(client: Client) -> None:
    """Brings the next visit of one person, and of the cases about that person or the household, up to date, and what those ask for next.

    To be called after a visit, a tag, an assessment, a plan, a change of risk, a consent, and the end of an enrolment.
    """
    refresh_all([client])


def refresh_all(clients: Sequence[Client]) -> None:
    """The same for several persons at once, in a constant number of reading statements."""
    if not clients:
        return
    db.session.flush()
    rules = rules_in_force()
    for client, facts in zip(clients, due_facts.of_clients(clients), strict=True):
        _keep(client, facts, next_due(facts, rules))
    _refresh_cases(_cases_of(clients), rules)


def refresh_case(case: Case) -> None:
    """The next visit of one case, from its own visits, risk and plan."""
    db.session.flush()
    _refresh_cases([case], rules_in_force())


def plan_visit(rows: Iterable[Client | Case], on: date | None, reason: str | None = None) -> None:
    """Notes the day that a worker chose (None: the rule decides); `refresh_*` has to follow."""
    for row in rows:
        reckoned.write(row, {"planned_visit_on": on, "planned_reason": reason})


def _cases_of(clients: Sequence[Client]) -> list[Case]:
    """Their own, and those of their households."""
    mine = Case.client_id.in_([client.id for client in clients])
    homes = {client.household_id for client in clients if client.household_id is not None}
    return list(db.session.scalars(select(Case).where(or_(mine, Case.household_id.in_(homes)) if homes else mine)))


def _refresh_cases(cases: Sequence[Case], rules: Sequence[Any]) -> None:
    for case, facts in zip(cases, due_facts.of_cases(cases), strict=True):
        visited = case.subject_kind != "community" and case.status in (*due_facts.LIVE, *due_facts.CLOSED)
        _keep(case, facts, next_due(facts, rules) if visited else Due(None))
    set_next_steps(cases)


def _keep(row: Client | Case, facts: Facts, due: Due) -> None:
    reckoned.write(
        row,
        {
            "next_visit_on": due.on,
            "next_visit_rule": due.rule,
            "next_visit_facts": due.facts or None,
            "last_visit_on": facts.last_on,
            "last_met_on": facts.met_on,
            "last_outcome": facts.last_outcome,
        },
    )
