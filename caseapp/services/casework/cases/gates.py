"""What must be there before a step: each gate answers with a sentence that says what is missing, or nothing.

Which step needs which gates is a fact of the domain's workflow (`domains/`), which may bring gates of its own; crisis cases pass the early ones and make
up for it afterwards (domain.md 2.1).
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import func, select

from caseapp import domains
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, ServiceRecord, VisitPerson
from caseapp.queries.casework import assessments, consents
from caseapp.queries.casework import cases as queries
from caseapp.services.casework import reviews

EARLY = frozenset({"consent", "assessed", "risk_named", "ability_assessment", "plan_approved"})


def missing(case: Case, needs: Iterable[str]) -> list[tuple[str, Any]]:
    """(gate, sentence) of everything that is still missing for a step."""
    domain = domains.get(case.domain)
    passed = EARLY.union(domain.early) if case.urgency == "crisis" else frozenset()
    found = []
    for name in needs:
        if name in passed:
            continue
        sentence = (GATES.get(name) or domain.gates[name])(case)
        if sentence is not None:
            found.append((name, sentence))
    return found


def require(case: Case, needs: Iterable[str]) -> None:
    """Conflict naming what is missing."""
    found = missing(case, needs)
    if found:
        raise Conflict(found[0][1], code=f"missing_{found[0][0]}", missing=[name for name, _sentence in found])


def _consent(case: Case) -> Any:
    if case.client_id is None or consents.has_consent(case.client_id):
        return None
    return _l("Consent or another lawful ground must be recorded first.")


def _assessed(case: Case) -> Any:
    detail = queries.detail_of(case, domains.get(case.domain).detail)
    if detail is not None and getattr(detail, "needs", None):
        return None
    return _l("Needs must be written down first.")


def _risk_named(case: Case) -> Any:
    return None if case.risk_reason else _l("The risk must be named with a reason first.")


def _ability(case: Case) -> Any:
    main = domains.get(case.domain).instruments[0]
    if case.client_id is None or assessments.confirmed_level(case.client_id, main) is not None:
        return None
    return _l("An ability assessment with a confirmed level must be there first.")


def _plan_approved(case: Case) -> Any:
    return None if reviews.approved(case, "plan") else _l("The plan must be approved first.")


def _worked(case: Case) -> Any:
    visits = select(func.count(VisitPerson.id)).where(VisitPerson.case_id == case.id, VisitPerson.voided.is_(False))
    if db.session.scalar(visits):
        return None
    records = select(func.count(ServiceRecord.id)).where(ServiceRecord.case_id == case.id, ServiceRecord.voided_at.is_(None))
    return None if db.session.scalar(records) else _l("At least one visit or service must be recorded for the case first.")


def _evaluated(case: Case) -> Any:
    return None if case.closing and case.closing_reason else _l("The outcome of each goal must be written down first.")


def _closure_approved(case: Case) -> Any:
    if domains.get(case.domain).spares_approval(case):
        return None
    return None if reviews.approved(case, "closure") else _l("The township must approve the closing first.")


GATES: dict[str, Callable[[Case], Any]] = {
    "consent": _consent,
    "assessed": _assessed,
    "risk_named": _risk_named,
    "ability_assessment": _ability,
    "plan_approved": _plan_approved,
    "worked": _worked,
    "evaluated": _evaluated,
    "closure_approved": _closure_approved,
}
