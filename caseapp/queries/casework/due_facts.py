"""What the reckoning of the next visit needs to know of persons and cases, read in a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from caseapp.core import clock
from caseapp.extensions import db
from caseapp.models.casework import Assessment, Case, Client, Enrolment, Plan, TargetTag, VisitPerson
from caseapp.queries.casework import consents
from caseapp.queries.casework.due import MET, Facts

LIVE = ("assessing", "planning", "serving", "evaluating", "closing")
CLOSED = ("closed", "follow_up")
RESTRICTED = "P3"
RISKS = ("red", "orange", "blue", "green")


def of_clients(clients: Sequence[Client]) -> list[Facts]:
    """What is known of each person, in their order; P3 cases are left out unless the person's own file is P3."""
    ids = [client.id for client in clients]
    if not ids:
        return []
    since, tags, levels = _first_days(ids), _tags(ids), _levels(ids)
    visits = _visits(VisitPerson.client_id, ids, {c.id for c in clients if c.klass == RESTRICTED})
    plans, risks = _from_cases(ids)
    gone = consents.taken_back(ids)
    found = []
    for client in clients:
        last = visits.get(client.id, {})
        found.append(
            Facts(
                since=since.get(client.id) or clock.local(client.created_at).date(),
                tags=tags.get(client.id, {}),
                levels=sorted(levels.get(client.id, {})),
                level_days=levels.get(client.id, {}),
                risk=strictest_risk([client.risk, *risks.get(client.id, ())]),
                plan_days=min(plans.get(client.id, ()), default=None),
                last_on=last.get("on"),
                last_outcome=last.get("outcome"),
                met_on=last.get("met"),
                planned_on=client.planned_visit_on,
                planned_reason=bool(client.planned_reason),
                withdrawn_on=gone.get(client.id),
                off_file=client.state != "on_file" or client.deceased_on is not None,
            )
        )
    return found


def of_cases(cases: Sequence[Case]) -> list[Facts]:
    """What is known of each case: its own visits, risk and plan, and the tags and level of its person."""
    ids = [case.id for case in cases]
    if not ids:
        return []
    visits = _visits(VisitPerson.case_id, ids, set(ids))
    query = select(Plan.case_id, Plan.visit_days).where(Plan.case_id.in_(ids), Plan.state == "approved")
    days = {row[0]: row[1] for row in db.session.execute(query) if row[1]}
    people = [case.client_id for case in cases if case.client_id]
    tags, levels = (_tags(people), _levels(people)) if people else ({}, {})
    own = _tags(ids, TargetTag.case_id)
    own_levels = _levels_of_restricted([case.id for case in cases if case.klass == RESTRICTED])
    gone = consents.taken_back(people)
    left = set(
        db.session.scalars(
            select(Client.id).where(Client.id.in_(people), (Client.state != "on_file") | Client.deceased_on.is_not(None))
        )
    )
    found = []
    for case in cases:
        last = visits.get(case.id, {})
        held = {**(levels.get(case.client_id, {}) if case.client_id else {}), **own_levels.get(case.id, {})}
        found.append(
            Facts(
                since=case.opened_on or case.found_on,
                tags={**(tags.get(case.client_id, {}) if case.client_id else {}), **own.get(case.id, {})},
                levels=sorted(held),
                level_days=held,
                risk=case.risk,
                plan_days=days.get(case.id),
                last_on=last.get("on"),
                last_outcome=last.get("outcome"),
                met_on=last.get("met"),
                planned_on=case.planned_visit_on,
                planned_reason=bool(case.planned_reason),
                closed_on=case.closed_on if case.status in CLOSED else None,
                withdrawn_on=gone.get(case.client_id) if case.client_id else None,
                off_file=case.client_id in left,
            )
        )
    return found


def after_visit(facts: Facts, on: date, outcome: str, risk: str | None = None) -> Facts:
    """The same facts as they would be after a visit; an older plan of the worker no longer counts."""
    newest = facts.last_on is None or on >= facts.last_on
    met = on if outcome == MET and (facts.met_on is None or on > facts.met_on) else facts.met_on
    return replace(
        facts,
        last_on=on if newest else facts.last_on,
        last_outcome=outcome if newest else facts.last_outcome,
        met_on=met,
        risk=risk or facts.risk,
        planned_on=None,
        planned_reason=False,
    )


def strictest_risk(codes: Iterable[str | None]) -> str | None:
    """The highest of some risk levels."""
    return min((code for code in codes if code in RISKS), key=RISKS.index, default=None)


def _first_days(ids: list[UUID]) -> dict[UUID, date]:
    query = (
        select(Enrolment.client_id, func.max(Enrolment.from_on)).where(Enrolment.client_id.in_(ids)).group_by(Enrolment.client_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _tags(ids: list[UUID], key: Any = TargetTag.client_id) -> dict[UUID, dict[str, date | None]]:
    """Tags that hold, by person (without those of restricted cases) or by the restricted case they live with."""
    query = select(key, TargetTag.code, TargetTag.from_on).where(
        key.in_(ids),
        TargetTag.case_id.is_(None) if key is TargetTag.client_id else TargetTag.case_id.is_not(None),
        TargetTag.status != "cancelled",
        TargetTag.from_on <= clock.today(),
        (TargetTag.to_on.is_(None)) | (TargetTag.to_on >= clock.today()),
    )
    found: dict[UUID, dict[str, date | None]] = {}
    for row in db.session.execute(query.order_by(TargetTag.code)):
        found.setdefault(row[0], {})[row[1]] = row[2]
    return found


def _levels(ids: list[UUID]) -> dict[UUID, dict[str, date]]:
    """Of each person: "instrument:level" of the newest confirmed result of every instrument, and its day."""
    return _newest(Assessment.client_id, Assessment.client_id.in_(ids), Assessment.klass != RESTRICTED)


def _levels_of_restricted(ids: list[UUID]) -> dict[UUID, dict[str, date]]:
    """The same of each restricted case, by what was found in it. A restricted result in an open case sets no date that
    others could read: it asks by tasks of its own class instead."""
    return _newest(Assessment.case_id, Assessment.case_id.in_(ids), Assessment.klass == RESTRICTED) if ids else {}


def _newest(key: Any, *which: Any) -> dict[UUID, dict[str, date]]:
    query = (
        select(key, Assessment.instrument, Assessment.level, Assessment.assessed_on)
        .where(*which, Assessment.level.is_not(None), Assessment.voided_at.is_(None))
        .order_by(Assessment.assessed_on, Assessment.id)
    )
    last: dict[UUID, dict[str, tuple[str, date]]] = {}
    for owner, instrument, level, day in db.session.execute(query):
        last.setdefault(owner, {})[instrument] = f"{instrument}:{level}", day  # the newest stays
    return {owner: dict(levels.values()) for owner, levels in last.items()}


def _visits(key: Any, ids: Sequence[UUID], restricted: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """Last attendance and last meeting of each; those in P3 files count only for files that are P3 themselves."""
    query = (
        select(key, VisitPerson.outcome, func.max(VisitPerson.happened_on), VisitPerson.klass)
        .where(key.in_(ids), VisitPerson.voided.is_(False))
        .group_by(key, VisitPerson.outcome, VisitPerson.klass)
    )
    found: dict[UUID, dict[str, Any]] = {}
    for owner, outcome, day, klass in db.session.execute(query):
        if klass == RESTRICTED and owner not in restricted:
            continue
        last = found.setdefault(owner, {})
        if outcome == MET and (last.get("met") is None or day > last["met"]):
            last["met"] = day
        # on one day a meeting outweighs a try
        if last.get("on") is None or day > last["on"] or (day == last["on"] and outcome == MET):
            last["on"], last["outcome"] = day, outcome
    return found


def _from_cases(ids: list[UUID]) -> tuple[dict[UUID, list[int]], dict[UUID, list[str]]]:
    """Visit intervals of plans in force and risks of open cases, by person."""
    query = (
        select(Case.client_id, Case.risk, Plan.visit_days)
        .outerjoin(Plan, (Plan.case_id == Case.id) & (Plan.state == "approved"))
        .where(Case.client_id.in_(ids), Case.status.in_(LIVE), Case.klass != RESTRICTED)
    )
    plans: dict[UUID, list[int]] = {}
    risks: dict[UUID, list[str]] = {}
    for client_id, risk, days in db.session.execute(query):
        if client_id is None:
            continue
        risks.setdefault(client_id, []).append(risk)
        if days:
            plans.setdefault(client_id, []).append(days)
    return plans, risks
