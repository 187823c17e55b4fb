"""The points at which a station is looked at: each is one expression over persons or cases, so that a count and the list
behind it cannot differ.

Everything is seen through the reader's row rules: a restricted file is in no count. What lies in the file of a minor (consent,
papers) is looked for only where that file is open to the reader: seen from outside it would all seem to be missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true
from sqlalchemy import case as when
from sqlalchemy.orm import aliased

from caseapp.access.roles import ROLES
from caseapp.core import clock, dates
from caseapp.core.actor import Actor
from caseapp.models.casework import (
    Assessment,
    Case,
    Client,
    Consent,
    IdentityDocument,
    Plan,
    Referral,
    ReferralRequest,
    Review,
    TargetTag,
)
from caseapp.models.casework.case import LIVE

GROUPS = ("late", "risky", "missing")
WORRYING = ("red", "orange")
AFTER_ASSESSING = ("planning", "serving", "evaluating", "closing")
RANK = {"red": 0, "orange": 1, "blue": 2, "green": 3}


@dataclass(frozen=True)
class Basis:
    """What the points are measured by: who looks, on which day, within which times, which domains ask for which result."""

    actor: Actor
    today: date
    plan_days: int  # from the acceptance of a case to its plan
    review_days: int  # working days in which a review is decided
    must_assess: Mapping[str, str]  # domain → main instrument, where no case goes on without its result


@dataclass(frozen=True)
class Point:
    """One number of a station: `group` is what is wrong, `of` the table its rows lie in."""

    code: str
    group: str
    of: Any
    test: Callable[[Basis], ColumnElement[bool]]
    order: tuple[Any, ...]


def base(model: Any) -> ColumnElement[bool]:
    """The rows that are looked at: persons on file, cases that are worked on."""
    return Client.state == "on_file" if model is Client else Case.status.in_(LIVE)


def asked_before(basis: Basis) -> datetime:
    """Reviews asked for before this moment should have been decided."""
    day = basis.today
    while dates.add_working_days(day, basis.review_days) >= basis.today:
        day -= timedelta(days=1)
    return clock.midnight(day + timedelta(days=1))


def _open_file(basis: Basis) -> ColumnElement[bool]:
    """That the reader may look into the person's file, and not only at the line."""
    if ROLES[basis.actor.role].rows == "head":
        return true()
    opened = Client.file_id.in_(sorted(basis.actor.open_files)) if basis.actor.open_files else false()
    return or_(Client.klass.in_(("P1", "P2")), opened)


def _reviews(basis: Basis) -> ColumnElement[bool]:
    waiting = select(Review.id).where(Review.case_id == Case.id, Review.state == "open", Review.asked_at < asked_before(basis))
    return waiting.exists()


def _referrals(basis: Basis) -> ColumnElement[bool]:
    """Sent from the case, and nobody has answered by the day that was asked for."""
    sent = select(ReferralRequest.id).join(Referral, Referral.id == ReferralRequest.referral_id)
    late = (Referral.status == "sent", Referral.answer_by < basis.today)
    return sent.where(ReferralRequest.case_id == Case.id, *late).exists()


def _again(basis: Basis) -> ColumnElement[bool]:
    """A result of the case whose day of re-assessment is past, with none of the same instrument since."""
    counts = (Assessment.state == "complete", Assessment.voided_at.is_(None))
    newer = aliased(Assessment)
    since = select(newer.id).where(
        newer.client_id == Assessment.client_id,
        newer.instrument == Assessment.instrument,
        newer.assessed_on > Assessment.assessed_on,
        newer.state == "complete",
        newer.voided_at.is_(None),
    )
    due = select(Assessment.id).where(Assessment.case_id == Case.id, *counts, Assessment.due_on < basis.today)
    return due.where(not_(since.exists())).exists()


def _unseen(basis: Basis) -> ColumnElement[bool]:
    """Due within this month (or before) and not met in it."""
    met = Client.last_met_on >= dates.month_start(basis.today)
    return and_(Client.next_visit_on <= dates.month_end(basis.today), or_(Client.last_met_on.is_(None), not_(met)))


def _consent(basis: Basis) -> ColumnElement[bool]:
    held = select(Consent.id).where(Consent.client_id == Client.id, Consent.withdrawn_on.is_(None))
    return and_(_open_file(basis), not_(held.exists()))


def _papers(basis: Basis) -> ColumnElement[bool]:
    """No document though none was said to be missing for a reason, or a target group that is only suspected."""
    shown = select(IdentityDocument.id).where(IdentityDocument.client_id == Client.id, IdentityDocument.voided_at.is_(None))
    suspected = select(TargetTag.id).where(
        TargetTag.client_id == Client.id,
        TargetTag.case_id.is_(None),
        TargetTag.status == "suspected",
        or_(TargetTag.to_on.is_(None), TargetTag.to_on >= basis.today),
    )
    return and_(_open_file(basis), or_(and_(Client.no_document_reason.is_(None), not_(shown.exists())), suspected.exists()))


def _assessment(basis: Basis) -> ColumnElement[bool]:
    """Beyond the assessment without a confirmed result of the instrument that the domain asks for."""
    wanted = [
        and_(
            Case.domain == domain,
            not_(
                select(Assessment.id)
                .where(
                    Assessment.client_id == Case.client_id,
                    Assessment.instrument == instrument,
                    Assessment.level.is_not(None),
                    Assessment.voided_at.is_(None),
                )
                .exists()
            ),
        )
        for domain, instrument in sorted(basis.must_assess.items())
    ]
    return and_(Case.client_id.is_not(None), Case.status.in_(AFTER_ASSESSING), or_(false(), *wanted))


def _plan(basis: Basis) -> ColumnElement[bool]:
    """Accepted longer ago than a plan may take, and none is approved or handed in."""
    made = select(Plan.id).where(Plan.case_id == Case.id, Plan.state.in_(("approved", "in_review")))
    return and_(Case.opened_on < basis.today - timedelta(days=basis.plan_days), not_(made.exists()))


SOONEST = (Client.next_visit_on, Client.id)
BY_NAME = (Client.name_key, Client.id)
LONGEST = (Case.stage_since, Case.id)
WORST = (when(*((Case.risk == code, number) for code, number in RANK.items()), else_=len(RANK)), *LONGEST)

POINTS = (
    Point("visits", "late", Client, lambda b: Client.next_visit_on < b.today, SOONEST),
    Point("steps", "late", Case, lambda b: Case.next_step_on < b.today, (Case.next_step_on, Case.id)),
    Point("reviews", "late", Case, _reviews, LONGEST),
    Point("referrals", "late", Case, _referrals, LONGEST),
    Point("again", "late", Case, _again, LONGEST),
    Point("cases", "risky", Case, lambda _b: Case.risk.in_(WORRYING), WORST),
    Point("both", "risky", Client, lambda b: and_(Client.risk.in_(WORRYING), Client.next_visit_on < b.today), SOONEST),
    Point("consent", "missing", Client, _consent, BY_NAME),
    Point("assessment", "missing", Case, _assessment, LONGEST),
    Point("plan", "missing", Case, _plan, LONGEST),
    Point("unseen", "missing", Client, _unseen, SOONEST),
    Point("papers", "missing", Client, _papers, BY_NAME),
)
BY_CODE = {point.code: point for point in POINTS}


def sort_values(point: Point, row: Any) -> list[Any]:
    """The values of a row in the order of its point's list."""
    rest = [getattr(row, column.key) for column in point.order if hasattr(column, "key") and column is not WORST[0]]
    return [RANK.get(row.risk, len(RANK)), *rest] if point.order is WORST else rest
