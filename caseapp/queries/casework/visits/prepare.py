"""What the visit form needs before it is drawn: open cases, plan, usual services, who else lives there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from caseapp import reference
from caseapp.extensions import db
from caseapp.models.casework import (
    Case,
    Client,
    HouseholdMember,
    Plan,
    PlanItem,
    ServiceRecord,
    TargetTag,
    Visit,
    VisitPerson,
)
from caseapp.queries.casework.visits.due import LIVE_STATUSES
from caseapp.queries.casework.visits.read import last_persons


@dataclass(frozen=True)
class Preparation:
    """What the visit form shows before anything is typed."""

    client: Client
    last: VisitPerson | None
    last_visit: Visit | None
    number: int
    cases: list[Case]
    goals: list[Any]
    presets: list[str]
    domains: frozenset[str]  # whose service items and findings are offered first
    company: list[Client] = field(default_factory=list)


def prepare(client: Client) -> Preparation:
    """Last time, goals still open, cases, usual services and the household, for the visit form."""
    last = last_persons([client.id]).get(client.id)
    number = db.session.scalar(
        select(func.count(VisitPerson.id)).where(VisitPerson.client_id == client.id, VisitPerson.voided.is_(False))
    )
    open_cases = _open_cases(client)
    goals, promised = _plan(open_cases)
    presets = promised or _usual(client)
    return Preparation(
        client,
        last,
        last.visit if last else None,
        (number or 0) + 1,
        open_cases,
        goals,
        presets,
        domains_of([client.id]) | {case.domain for case in open_cases},
        _company(client),
    )


def domains_of(client_ids: Sequence[Any]) -> frozenset[str]:
    """The service domains of the target groups that some of these persons belong to."""
    query = select(TargetTag.code).where(TargetTag.client_id.in_(sorted(client_ids)), TargetTag.status != "cancelled").distinct()
    groups = reference.target_groups()
    return frozenset(groups[code].domain for code in db.session.scalars(query) if code in groups)


def _open_cases(client: Client) -> list[Case]:
    mine = Case.client_id == client.id
    if client.household_id:
        mine = mine | (Case.household_id == client.household_id)
    query = select(Case).where(mine, Case.status.in_(LIVE_STATUSES)).order_by(Case.id)
    return list(db.session.scalars(query))


def _plan(open_cases: Sequence[Case]) -> tuple[list[Any], list[str]]:
    """Goals not yet reached and catalogue items promised by the plans in force."""
    if not open_cases:
        return [], []
    query = (
        select(Plan)
        .where(Plan.case_id.in_([c.id for c in open_cases]), Plan.state.in_(("approved", "in_review", "draft")))
        .options(selectinload(Plan.goals), selectinload(Plan.items))
        .order_by(Plan.number.desc())
    )
    plans = list(db.session.scalars(query))
    goals = [g for plan in plans[:2] for g in plan.goals if not g.dropped and g.progress < 4 and g.outcome is None]
    items: list[PlanItem] = [item for plan in plans if plan.state == "approved" for item in plan.items]
    return goals[:4], list(dict.fromkeys(item.item for item in items))[:6]


def _usual(client: Client) -> list[str]:
    """What was done on the last three days with a service."""
    query = (
        select(ServiceRecord)
        .where(ServiceRecord.client_id == client.id, ServiceRecord.voided_at.is_(None), ServiceRecord.kind == "visit")
        .order_by(ServiceRecord.happened_on.desc(), ServiceRecord.id)
        .limit(9)
    )
    rows = list(db.session.scalars(query))
    days = sorted({row.happened_on for row in rows}, reverse=True)[:1]
    return list(dict.fromkeys(row.item for row in rows if row.happened_on in days))


def usual_items(station_path: str, most: int = 200) -> Counter[str]:
    """How often each catalogue item was used of late at a place, so that the usual ones come first."""
    latest = (
        select(ServiceRecord.item)
        .where(ServiceRecord.station_path == station_path)
        .order_by(ServiceRecord.happened_on.desc())
        .limit(most)
        .subquery()
    )
    query = select(latest.c.item, func.count()).select_from(latest).group_by(latest.c.item)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def _company(client: Client) -> list[Client]:
    """Others on file of the same household, who may have been there too."""
    if not client.household_id:
        return []
    query = (
        select(Client)
        .join(HouseholdMember, HouseholdMember.client_id == Client.id)
        .where(
            HouseholdMember.household_id == client.household_id,
            HouseholdMember.left_on.is_(None),
            HouseholdMember.lives_here.is_(True),
            Client.id != client.id,
            Client.state == "on_file",
        )
        .order_by(HouseholdMember.position, Client.id)
        .limit(8)
    )
    return list(db.session.scalars(query))
