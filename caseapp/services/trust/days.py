"""An auditor says what came of a day that stood out; then it waits for nobody any more."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from caseapp.access import policy
from caseapp.access.permissions import Permission
from caseapp.core import clock
from caseapp.core.actor import Actor
from caseapp.core.errors import Conflict, NotFound
from caseapp.core.text import _l
from caseapp.extensions import db
from caseapp.models.organisation import User
from caseapp.models.trust import AuditReview
from caseapp.schemas.trust.days import ReviewDay
from caseapp.services.trust import audit


def review(command: ReviewDay, user_id: UUID, day: date, sign: str, actor: Actor) -> AuditReview:
    """Keeps the finding; the same auditor's later one takes its place, and the trail has both.

    Needs audit:review. NotFound for an account elsewhere, Conflict for the auditor's own.
    """
    policy.require(actor, Permission.AUDIT_REVIEW)
    user = db.session.get(User, user_id)
    if user is None or not actor.covers(user.home_path):
        raise NotFound()
    if user.id == actor.user_id:
        raise Conflict(_l("This is your own day, so another auditor looks at it."), code="own_day")
    mine = (AuditReview.user_id == user.id, AuditReview.day == day, AuditReview.sign == sign)
    row = db.session.scalar(select(AuditReview).where(*mine, AuditReview.by_id == actor.user_id))
    if row is None:
        row = AuditReview(user_id=user.id, day=day, sign=sign, by_id=actor.user_id)
        db.session.add(row)
    row.station_path, row.finding, row.note, row.at = user.home_path, command.finding, command.note, clock.now()
    audit.record(db.session, "trail.reviewed", reason=command.finding)
    db.session.flush()
    return row
