"""What follows from the matter of a case: target groups, and what must be known before a plan is written."""

from collections.abc import Callable, Mapping
from typing import Any

from caseapp import reference
from caseapp.core.text import _l
from caseapp.models.casework import Case
from caseapp.models.details import affairs as m
from caseapp.queries.casework import assessments
from caseapp.queries.details.affairs import rows
from caseapp.queries.details.affairs.file import VIOLENCE, must_report

DANGER = "domestic_violence"


def joins(detail: Mapping[str, Any]) -> tuple[str, ...]:
    """The target group of the kind; the one of the disability card follows from the card."""
    entry = reference.codes("affairs_kind").get(detail.get("kind"))
    return (entry.code,) if entry is not None and entry.facts["joins"] else ()


def offers(case: Case) -> tuple[str, ...]:
    """The instruments of the matter, its main one first; danger is asked about in a restricted file of violence only."""
    detail = rows.one(m.AffairsDetail, case)
    return OFFERED[_part(detail)] if detail is not None else ()


def _part(detail: m.AffairsDetail) -> str:
    return "violence" if detail.kind == VIOLENCE else detail.matter


def matter_ready(case: Case) -> Any:
    """What a plan about this matter rests on, as a sentence while it is missing."""
    detail = rows.one(m.AffairsDetail, case)
    if detail is None:
        return None
    asked = ASKED.get(_part(detail))
    return asked(case) if asked is not None else None


def _violence(case: Case) -> Any:
    reports = rows.entries(m.PoliceReport, case, m.PoliceReport.reported_at)
    if must_report(case, rows.one(m.ViolenceMatter, case)) and all(row.voided_at is not None for row in reports):
        return _l("The violence must be reported to the police first: the person has no full capacity.")
    if case.client_id is not None and assessments.confirmed_level(case.client_id, DANGER) is None:
        return _l("The danger must be assessed and its level confirmed first.")
    return None


def _disability(case: Case) -> Any:
    looks = rows.entries(m.NeedsLook, case, m.NeedsLook.looked_on)
    return None if any(row.voided_at is None for row in looks) else _l("The kinds of need must be gone through first.")


def _psychiatric(case: Case) -> Any:
    steps = rows.entries(m.PsychiatricStep, case, m.PsychiatricStep.happened_on)
    if any(row.step == "assessed" and row.voided_at is None for row in steps):
        return None
    return _l("The comprehensive assessment must be recorded first.")


OFFERED: dict[str, tuple[str, ...]] = {
    "family": ("phq9", "gds15"),
    "violence": (DANGER, "phq9"),
    "funeral": ("phq9", "gds15"),
    "disability": ("barthel", "phq9", "gds15"),
    "psychiatric": ("phq9", "barthel"),
    "vagrant": ("barthel", "phq9"),
}
ASKED: dict[str, Callable[[Case], Any]] = {"violence": _violence, "disability": _disability, "psychiatric": _psychiatric}
