"""What every service domain has for a place: its cases in each stage with their typed part, work and review, and ids of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from caseapp.models import casework as c
from tests import rows
from tests.cast import Cast
from tests.laid import cases, people
from tests.laid.added import added


@dataclass
class Own:
    """The rows of one domain in one place."""

    klass: str  # of its cases
    cases: dict[str, UUID] = field(default_factory=dict)  # by stage
    ids: dict[str, UUID] = field(default_factory=dict)
    apart: dict[str, UUID] = field(default_factory=dict)  # action → the case it is for, where that is another than the stage's
    closed: frozenset[str] = frozenset()  # actions whose rows are of class P3 in every place


def lay(
    session: Session, cast: Cast, person: c.Client, domain: str, detail: Callable[[], Any], instrument: str, stages: Iterable[str]
) -> Own:
    """A case of the domain in every stage."""
    worker = person.worker_id
    assert worker is not None
    own = Own(person.klass)
    for stage in stages:
        case = opened(session, person, domain, detail(), stage)
        own.cases[stage] = case.id
        if stage == "serving":
            own.ids |= cases.work(session, case, worker, instrument)
            own.ids["case_entry_id"] = people.named(session, case, cast)
        elif stage == "planning":
            own.ids |= cases.review(session, case, worker)
    return own


def opened(session: Session, person: c.Client, domain: str, detail: Any, stage: str = "serving", **more: Any) -> c.Case:
    """A case with its typed part."""
    facts = {"domain": domain, "status": stage, "risk_reason": "alone", "created_by_id": person.worker_id, **more}
    case = rows.case(session, person, person.worker_id, **facts)
    detail.case_id, detail.created_at = case.id, case.created_at
    added(session, detail, case)
    return case
