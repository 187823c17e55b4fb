"""What must be there before a step: each gate answers with a sentence that says what is missing, or nothing.

Which step needs which gates is a fact of the domain's workflow (`domains/`), which may bring gates of its own; crisis cases
pass the early ones and make up for it afterwards (domain.md 2.1).
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from caseapp import domains
from caseapp.core.errors import Conflict
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.casework import Case, ServiceRecord, VisitPerson
from caseapp.queries.casework import assessments, consents
from caseapp.queries.casework import cases as queries
from caseapp.queries.casework.cases.file import CaseFile
from caseapp.queries.casework.referrals import boxes
from caseapp.services.casework import reviews

EARLY = frozenset({"consent", "assessed", "risk_named", "ability_assessment", "plan_approved"})


class Papers:
    """What gates look at, each read when first asked for; a page that has read the file hands it over (`of_file`)."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @classmethod
    def of_file(cls, file: CaseFile) -> "Papers":
        """The same from a file that was read whole: nothing more is read."""
        papers, main = cls(file.case), domains.get(file.case.domain).instruments
        found = {
            "ground": file.consent is not None,
            "needs": bool(file.detail is not None and getattr(file.detail, "needs", None)),
            "level": any(result.level is not None for result in file.results(main[0])) if main else False,
            "plan_approved": file.approved("plan"),
            "worked": bool(file.visits or file.services),
        }
        if file.approved("closure"):  # else the domain's own rule may spare it, which is asked when it matters
            found["closure_approved"] = True
        papers.__dict__.update(found)
        return papers

    @cached_property
    def ground(self) -> bool:
        """A consent or another lawful ground holds; a household needs none of its own."""
        return self.case.client_id is not None and consents.has_consent(self.case.client_id)

    @cached_property
    def needs(self) -> bool:
        """Needs are written down."""
        detail = queries.detail_of(self.case, domains.get(self.case.domain).detail)
        return bool(detail is not None and getattr(detail, "needs", None))

    @cached_property
    def level(self) -> bool:
        """The domain's main instrument has a confirmed level."""
        main = domains.get(self.case.domain).instruments[0]
        return self.case.client_id is not None and assessments.confirmed_level(self.case.client_id, main) is not None

    @cached_property
    def plan_approved(self) -> bool:
        """The plan as it stands now is approved."""
        return reviews.approved(self.case, "plan")

    @cached_property
    def closure_approved(self) -> bool:
        """The closing as it stands now is approved, or needs no approval by the domain's own rule."""
        return domains.get(self.case.domain).spares_approval(self.case) or reviews.approved(self.case, "closure")

    @cached_property
    def unanswered(self) -> bool:
        """A referral of the case is still a draft or without an answer."""
        return bool(boxes.unanswered(self.case))

    @cached_property
    def worked(self) -> bool:
        """There was a visit or a service for the case."""
        visits = select(func.count(VisitPerson.id)).where(VisitPerson.case_id == self.case.id, VisitPerson.voided.is_(False))
        if db.session.scalar(visits):
            return True
        records = select(func.count(ServiceRecord.id)).where(
            ServiceRecord.case_id == self.case.id, ServiceRecord.voided_at.is_(None)
        )
        return bool(db.session.scalar(records))


def missing(case: Case, needs: Iterable[str], papers: Papers | None = None) -> list[tuple[str, Any]]:
    """(gate, sentence) of everything that is still missing for a step."""
    held, domain = papers or Papers(case), domains.get(case.domain)
    passed = EARLY.union(domain.early) if case.urgency == "crisis" else frozenset()
    found = []
    for name in needs:
        if name in passed:
            continue
        if name in GATES:
            is_there, words = GATES[name]
            sentence = None if is_there(held) else words
        else:
            sentence = domain.gates[name](case)
        if sentence is not None:
            found.append((name, sentence))
    return found


def require(case: Case, needs: Iterable[str]) -> None:
    """Conflict naming what is missing."""
    found = missing(case, needs)
    if found:
        raise Conflict(found[0][1], code=f"missing_{found[0][0]}", missing=[name for name, _sentence in found])


GATES: dict[str, tuple[Callable[[Papers], bool], Any]] = {
    "consent": (
        lambda p: p.case.client_id is None or p.ground,
        _l("Consent or another lawful ground must be recorded first."),
    ),
    "assessed": (lambda p: p.needs, _l("Needs must be written down first.")),
    "risk_named": (lambda p: bool(p.case.risk_reason), _l("The risk must be named with a reason first.")),
    "ability_assessment": (
        lambda p: p.case.client_id is None or p.level,
        _l("An ability assessment with a confirmed level must be there first."),
    ),
    "plan_approved": (lambda p: p.plan_approved, _l("The plan must be approved first.")),
    "worked": (lambda p: p.worked, _l("At least one visit or service must be recorded for the case first.")),
    "evaluated": (
        lambda p: bool(p.case.closing and p.case.closing_reason),
        _l("The outcome of each goal must be written down first."),
    ),
    "referrals_answered": (
        lambda p: not p.unanswered,
        _l("A referral of this case has no answer yet. Wait for it, or take the referral back."),
    ),
    "closure_approved": (lambda p: p.closure_approved, _l("The township must approve the closing first.")),
}
