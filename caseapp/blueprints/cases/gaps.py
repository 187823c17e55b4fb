"""Where what a step still misses is put right."""

from flask import url_for

from caseapp.domains.base import Domain
from caseapp.models.casework import Case

PAGES = {"risk_named": ".risk", "plan_approved": ".plan", "evaluated": ".close", "closure_approved": ".close"}


def way(gate: str, case: Case, domain: Domain) -> str:
    """The page on which a gate's need is met; the case's own form for what lies there."""
    if gate == "consent":
        return url_for("clients.new_consent", client_id=case.client_id)
    if gate == "worked":
        if case.client_id is not None:
            return url_for("visits.new", client=case.client_id, case=case.id)
        view = f".{domain.ways['service']}" if "service" in domain.ways else "visits.new_service"
        return url_for(view, case=case.id)
    if gate == "ability_assessment":
        return url_for(".assess", case_id=case.id, instrument=domain.instruments[0])
    if gate in domain.ways:
        return url_for(f".{domain.ways[gate]}", case_id=case.id)
    if gate == "referrals_answered":
        return url_for(".referrals", case_id=case.id)
    return url_for(PAGES.get(gate, ".edit"), case_id=case.id)
