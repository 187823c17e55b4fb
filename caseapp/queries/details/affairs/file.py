"""What the partials of a case show, by its matter."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from caseapp import reference
from caseapp.core import clock, dates
from caseapp.extensions import db
from caseapp.models import casework as c
from caseapp.models.casework import Case
from caseapp.models.details import affairs as m
from caseapp.queries.casework import households
from caseapp.queries.details.affairs import rows
from caseapp.queries.details.affairs.clocks import CoolingOff, legs
from caseapp.queries.organisation import settings

VIOLENCE = "MF04"


def facts(case: Case) -> dict[str, Any]:
    """`matter`, `part` (whose partials are shown), `kind`, and what that part reads."""
    detail = rows.one(m.AffairsDetail, case)
    if detail is None:
        return {"matter": None, "part": None, "kind": None}
    part = "violence" if detail.kind == VIOLENCE else detail.matter
    return {"matter": detail.matter, "part": part, "kind": detail.kind, **PARTS[part](case)}


def must_report(case: Case, row: m.ViolenceMatter | None) -> bool:
    """Whether violence against this person must be reported to the police: under 18, or without full capacity (art. 14)."""
    if case.client is not None and is_under_age(case.client):
        return True
    entry = reference.codes("affairs_capacity").get(row.capacity if row is not None else None)
    return entry is not None and bool(entry.facts["must_report"])


def _family(case: Case) -> dict[str, Any]:
    own = rows.one(m.FamilyMatter, case)
    return {"own": own, "cooling": cooling(case, own)}


def cooling(case: Case, own: m.FamilyMatter | None) -> CoolingOff | None:
    """The two terms of a divorce application, while there is one."""
    if own is None or own.applied_on is None:
        return None
    at = settings.At(case.station_path)
    return CoolingOff(own.applied_on, at["affairs.cooling_off_days"], at["affairs.certificate_days"])


def _violence(case: Case) -> dict[str, Any]:
    own = rows.one(m.ViolenceMatter, case)
    paths = rows.entries(m.ViolencePath, case, m.ViolencePath.happened_on)
    answers: dict[str, m.ViolencePath] = {}
    for path in paths:
        if path.voided_at is None:
            answers.setdefault(path.path, path)
    reports = rows.entries(m.PoliceReport, case, m.PoliceReport.reported_at)
    return {
        "own": own,
        "safety_plan": rows.one(m.SafetyPlan, case),
        "paths": paths,
        "answers": answers,
        "reports": reports,
        "duty": must_report(case, own),
        "reported": next((report for report in reports if report.voided_at is None), None),
        "witnesses": children_at_home(case),
        "family": rows.one(m.FamilyMatter, case),
    }


def is_under_age(client: c.Client) -> bool:
    """Whether somebody is under 18 today, as far as the birth is known."""
    if client.birth_on is None or client.birth_precision == "unknown":
        return client.klass == "minor"
    return dates.age_on(client.birth_on, clock.today()) < int(reference.default("client.minor_age"))


def children_at_home(case: Case) -> list[tuple[Any, Any]]:
    """Members of the household under 18: (member, person on file or None)."""
    lives_in = case.client.household_id if case.client is not None else case.household_id
    _house, members, people, _links = households.around(lives_in)
    grown = reference.default("client.minor_age")
    found = []
    for member in members:
        client = people.get(member.client_id) if member.client_id is not None else None
        if member.client_id == case.client_id and case.client_id is not None:
            continue
        if client is not None:
            is_child = is_under_age(client)
        else:
            is_child = member.birth_year is not None and clock.today().year - member.birth_year < grown
        if is_child and not member.deceased and member.left_on is None:
            found.append((member, client))
    return found


def _funeral(case: Case) -> dict[str, Any]:
    return {"own": None, "talks": rows.entries(m.FuneralAdvice, case, m.FuneralAdvice.happened_on)}


def _disability(case: Case) -> dict[str, Any]:
    looks = select(m.NeedsLook).where(m.NeedsLook.case_id == case.id).options(selectinload(m.NeedsLook.needs))
    found = list(db.session.scalars(looks.order_by(m.NeedsLook.looked_on.desc(), m.NeedsLook.id.desc()).limit(20)))
    return {
        "own": rows.one(m.DisabilityMatter, case),
        "card": card(case),
        "looks": found,
        "last_look": next((look for look in found if look.voided_at is None), None),
    }


def card(case: Case) -> c.IdentityDocument | None:
    """The disability card of the person of a case, if its number is on file."""
    if case.client_id is None:
        return None
    query = select(c.IdentityDocument).where(
        c.IdentityDocument.client_id == case.client_id,
        c.IdentityDocument.kind == "DISABLED",
        c.IdentityDocument.voided_at.is_(None),
    )
    found: c.IdentityDocument | None = db.session.scalars(query.order_by(c.IdentityDocument.id.desc()).limit(1)).first()
    return found


def _psychiatric(case: Case) -> dict[str, Any]:
    steps = rows.entries(m.PsychiatricStep, case, m.PsychiatricStep.happened_on)
    findings = rows.entries(m.PsychiatricFinding, case, m.PsychiatricFinding.found_on)
    counting = [step for step in steps if step.voided_at is None]
    latest: dict[str, m.PsychiatricFinding] = {}
    for finding in findings:
        if finding.voided_at is None:
            latest.setdefault(finding.kind, finding)
    return {
        "own": rows.one(m.PsychiatricMatter, case),
        "steps": steps,
        "taken": {step.step: step for step in reversed(counting)},
        "legs": legs(((step.step, step.happened_on) for step in counting), settings.At(case.station_path)),
        "findings": findings,
        "latest": latest,
    }


def _vagrant(case: Case) -> dict[str, Any]:
    return {"own": rows.one(m.VagrantMatter, case), "places_found": rows.entries(m.VagrantPlace, case, m.VagrantPlace.found_on)}


PARTS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "family": _family,
    "violence": _violence,
    "funeral": _funeral,
    "disability": _disability,
    "psychiatric": _psychiatric,
    "vagrant": _vagrant,
}
