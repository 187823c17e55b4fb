"""What a packet holds: the ticked sections of a file as plain data, the same bytes as long as nothing has changed.

Codes and days are kept and set in the reader's language when it is shown; nothing here points back to the sender's rows.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from caseapp import reference
from caseapp.extensions import db
from caseapp.models.casework import (
    Assessment,
    Case,
    Client,
    Consent,
    Contact,
    IdentityDocument,
    Referral,
    ReferralRequest,
    ServiceRecord,
    VisitPerson,
)
from caseapp.models.organisation import Organisation
from caseapp.queries.casework import cases, plans
from caseapp.queries.organisation import villages
from caseapp.schemas.casework.referral.write import all_sections

SCHEMA = 1
LAST_VISITS = 6


def build(row: Referral, request: ReferralRequest, case: Case, client: Client, detail: Any) -> dict[str, Any]:
    """The packet as it would be handed over now: a few statements for each ticked section, however long the file.

    `detail` is the mapped class of the domain's typed part.
    """
    station = db.session.get_one(Organisation, row.from_station_id)
    head = {
        "schema": SCHEMA,
        "referral_no": row.referral_no,
        "from": station.name,
        "domain": case.domain,
        "urgency": row.urgency,
        "reason": request.reason,
        "need": request.need,
        "papers": request.papers,
        "case_goes": request.case_goes,
        "moves": request.moves,
        "ground": {
            "basis": request.basis,
            "signer": request.signer,
            "channel": request.channel,
            "signed_on": _day(request.signed_on),
            "child_heard": request.child_heard,
        },
    }
    return head | {"sections": {code: SECTIONS[code](case, client, detail) for code in all_sections(tuple(request.sections))}}


def digest(content: dict[str, Any]) -> str:
    """The mark of a packet's content."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _open_in(case: Case, model: Any) -> Any:
    """Nothing restricted leaves but what lies in a restricted file that is itself referred, under two heads' eyes."""
    return or_(model.klass != "P3", model.case_id == case.id) if case.klass == "P3" else model.klass != "P3"


def _person(_case: Case, client: Client, _detail: Any) -> dict[str, Any]:
    places = villages.names(code for code in (client.residence_code, client.registered_code) if code)
    return {
        "name": client.name,
        "other_names": client.other_names,
        "is_unidentified": client.is_unidentified,
        "features": client.features,
        "sex": client.sex,
        "birth_on": _day(client.birth_on),
        "birth_precision": client.birth_precision,
        "ethnic": client.ethnic,
        "education": client.education,
        "marital": client.marital,
        "residence_code": client.residence_code,
        "residence": places.get(client.residence_code or ""),
        "registered_code": client.registered_code,
        "registered": places.get(client.registered_code or ""),
        "safe_contact": client.safe_contact,
    }


def _document(_case: Case, client: Client, _detail: Any) -> list[dict[str, Any]]:
    query = select(IdentityDocument).where(IdentityDocument.client_id == client.id, IdentityDocument.voided_at.is_(None))
    rows = db.session.scalars(query.order_by(IdentityDocument.id))
    return [{"kind": row.kind, "number": row.number, "valid_to": _day(row.valid_to)} for row in rows]


def _contacts(_case: Case, client: Client, _detail: Any) -> dict[str, Any]:
    query = select(Contact).where(Contact.client_id == client.id).order_by(Contact.position, Contact.id).limit(8)
    names = ("kind", "name", "relation", "phone", "is_emergency")
    return {
        "address": client.address,
        "contacts": [{name: getattr(row, name) for name in names} for row in db.session.scalars(query)],
    }


def _situation(case: Case, client: Client, detail: Any) -> dict[str, Any]:
    typed = cases.detail_of(case, detail)
    known = ("living", "self_care", "health", "disability", "disability_grade", "income_source", "benefits")
    found = {name: getattr(client, name) for name in known}
    return found | {"request": case.request, "needs": getattr(typed, "needs", None) if typed is not None else None}


def _risk(case: Case, _client: Client, _detail: Any) -> dict[str, Any]:
    return {"risk": case.risk, "risk_reason": case.risk_reason}


def _assessments(case: Case, client: Client, _detail: Any) -> list[dict[str, Any]]:
    """The newest finished result of each instrument: points and level, never the answers."""
    query = select(Assessment).where(
        Assessment.client_id == client.id, Assessment.state == "complete", Assessment.voided_at.is_(None)
    )
    query = query.where(_open_in(case, Assessment))
    newest = {row.instrument: row for row in db.session.scalars(query.order_by(Assessment.assessed_on, Assessment.id))}
    return [
        {
            "instrument": row.instrument,
            "version": row.instrument_version,
            "assessed_on": _day(row.assessed_on),
            "total": row.total,
            "level": row.level or row.computed_level,
            "confirmed": row.confirmed_at is not None,
            "assess_again_by": _day(row.due_on),
        }
        for _code, row in sorted(newest.items())
    ]


def _plan(case: Case, _client: Client, _detail: Any) -> dict[str, Any] | None:
    plan = plans.current(case)
    if plan is None:
        return None
    goals = [
        {
            "text": goal.text,
            "now": goal.now,
            "target": goal.target,
            "due_on": _day(goal.due_on),
            "progress": goal.progress,
            "outcome": goal.outcome,
        }
        for goal in plan.goals
        if not goal.dropped
    ]
    items = [{"item": item.item, "how_often": item.how_often, "who": item.who} for item in plan.items]
    return {"aim": plan.aim, "state": plan.state, "starts_on": _day(plan.starts_on), "goals": goals, "items": items}


def _visits(case: Case, client: Client, _detail: Any) -> dict[str, Any]:
    """How often, the last ones by outcome, and which services were given: no note of a visit leaves the station."""
    mine = (VisitPerson.client_id == client.id, VisitPerson.voided.is_(False), _open_in(case, VisitPerson))
    count, first, last = db.session.execute(
        select(func.count(VisitPerson.id), func.min(VisitPerson.happened_on), func.max(VisitPerson.happened_on)).where(*mine)
    ).one()
    latest = select(VisitPerson.happened_on, VisitPerson.outcome).where(*mine)
    latest = latest.order_by(VisitPerson.happened_on.desc(), VisitPerson.id.desc()).limit(LAST_VISITS)
    given = (
        select(ServiceRecord.item, func.count(ServiceRecord.id), func.max(ServiceRecord.happened_on))
        .where(ServiceRecord.case_id == case.id, ServiceRecord.voided_at.is_(None))
        .group_by(ServiceRecord.item)
        .order_by(ServiceRecord.item)
    )
    return {
        "count": count,
        "first_on": _day(first),
        "last_on": _day(last),
        "latest": [{"on": _day(on), "outcome": outcome} for on, outcome in db.session.execute(latest)],
        "services": [{"item": item, "times": times, "last_on": _day(on)} for item, times, on in db.session.execute(given)],
    }


def _papers(_case: Case, client: Client, _detail: Any) -> list[dict[str, Any]]:
    """Which papers lie at the sender's: consents by day; the papers that go along are named by hand."""
    query = select(Consent).where(Consent.client_id == client.id).order_by(Consent.signed_on, Consent.id)
    return [
        {"basis": row.basis, "signed_on": _day(row.signed_on), "withdrawn_on": _day(row.withdrawn_on)}
        for row in db.session.scalars(query)
    ]


SECTIONS: dict[str, Callable[[Case, Client, Any], Any]] = {
    "person": _person,
    "document": _document,
    "contacts": _contacts,
    "situation": _situation,
    "risk": _risk,
    "assessments": _assessments,
    "plan": _plan,
    "visits": _visits,
    "papers": _papers,
}
if set(SECTIONS) != set(reference.codes("referral_section").codes()):
    raise RuntimeError("every section of a packet that can be ticked needs its builder")
